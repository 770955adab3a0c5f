// Reviews: what the fast reader takes, the slow one takes too and reads the same; whatever is
// answered is JSON.
#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "k8s/json_text.h"
#include "tests/fuzz/fuzz.h"
#include "webhook/admission/review.h"

using ballast::webhook::AdmissionAnswer;
using ballast::webhook::AdmissionRequest;
using ballast::webhook::BadReview;
using ballast::webhook::EncodeReview;
using ballast::webhook::RefuseBadReview;
using ballast::webhook::ReviewReader;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static ReviewReader reader;
  static ReviewReader other;
  std::string body(ballast::fuzz::AsText(data, size));

  if (const auto fast = reader.ReadFast(body)) {
    const auto slow = other.ReadSlow(body);
    FUZZ_LAW(slow.ok());
    FUZZ_LAW(fast->Copy() == slow->Copy());
  }

  const auto read = reader.Read(body);
  AdmissionAnswer answer;
  if (const auto* request = std::get_if<AdmissionRequest>(&read)) {
    answer.uid = request->uid;
    answer.warnings.emplace_back(request->name);
  } else {
    const auto& bad = std::get<BadReview>(read);
    FUZZ_LAW(!bad.error.what.empty());
    answer = RefuseBadReview(bad);
    FUZZ_LAW(!answer.allowed);
  }
  FUZZ_LAW(!ballast::k8s::ParseJson(EncodeReview(answer)).is_discarded());
  reader.Release();
  return 0;
}
