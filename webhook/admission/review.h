// Reads AdmissionReview bodies and writes the answers (admission.k8s.io/v1).
//
// simdjson reads; where it refuses, nlohmann/json has the last word, because simdjson refuses
// integers beyond 64 bits that the API server may send. A test holds both equal.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "policy/result.h"
#include "webhook/admission/admit.h"

namespace simdjson::dom {
class parser;
}

namespace ballast::webhook {

// Why a body is no review. With a uid it can still be answered as a review (a refusal with code
// 400); without one only HTTP's own 400 is left.
struct BadReview {
  policy::Error error;
  std::string uid;
};

// One a thread: keeps its memory from review to review.
class ReviewReader {
 public:
  // Deeper documents, and ones with more values than this, are refused: they would cost stack and
  // memory out of proportion to their size.
  static constexpr size_t kMaxDepth = 256;
  static constexpr size_t kMaxValues = 500'000;

  ReviewReader();
  ~ReviewReader();

  // The views in the request live until the next Read or Release. `body` keeps its text; its
  // capacity grows by simdjson's padding where it has none to spare.
  std::variant<AdmissionRequest, BadReview> Read(std::string& body);

  // Gives memory back that a large body took; call it after answering one. Cheap otherwise.
  void Release();

  // The two readers apart, for the test that holds them equal. The view lives as the request's do.
  std::optional<k8s::JsonView> ReadFast(std::string& body);
  policy::Result<k8s::JsonView> ReadSlow(std::string_view body);

 private:
  std::unique_ptr<simdjson::dom::parser> parser_;
  nlohmann::json document_;  // of the slow reader
  std::string api_version_;  // "group/version", which the body has only in parts
};

// Reads JSON of a bounded depth and number of values; the error names the byte.
policy::Result<nlohmann::json> ReadBoundedJson(std::string_view text);

// The AdmissionReview that answers; the patch is only sent with an allowed answer.
std::string EncodeReview(const AdmissionAnswer& answer);

// The answer to a review that could not be read but has a uid.
AdmissionAnswer RefuseBadReview(const BadReview& bad);

}  // namespace ballast::webhook
