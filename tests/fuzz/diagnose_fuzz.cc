// Any bytes as a log: whatever they are, of whatever compression they look, they are read to an
// end, what is kept of them has its bounds, and what is said of them can be printed.

#include <algorithm>
#include <cstring>
#include <string>

#include "k8s/json_text.h"
#include "tests/fuzz/fuzz.h"
#include "webhook/diagnose/diagnosis.h"
#include "webhook/diagnose/read_application.h"
#include "webhook/text/diagnosis_json.h"
#include "webhook/text/diagnosis_text.h"

namespace ballast::webhook {
namespace {

// Gives the bytes in small pieces, as a pipe may.
ReadBytes Pieces(std::string bytes) {
  auto rest = std::make_shared<std::pair<std::string, size_t>>(std::move(bytes), 0);
  return [rest](std::span<char> into) -> ReadOutcome {
    auto& [all, begin] = *rest;
    const size_t size = std::min({into.size(), all.size() - begin, size_t{97}});
    std::memcpy(into.data(), all.data() + begin, size);
    begin += size;
    return {.bytes = size};
  };
}

void CheckLog(std::string_view bytes) {
  const policy::ApplicationRun run = ReadApplication({.name = "fuzz"}, Pieces(std::string(bytes)));
  FUZZ_LAW(run.stages.size() <= policy::kStagesKept);
  FUZZ_LAW(run.executors.size() <= policy::kExecutorsKept);
  for (const policy::ExecutorRun& executor : run.executors) {
    FUZZ_LAW(executor.memory.size() <= policy::kMemorySamples);
  }
  const Diagnosis diagnosis = MakeDiagnosis(run);
  const std::string json = k8s::PrintJson(DiagnosisJson(diagnosis));
  FUZZ_LAW(!k8s::ParseJson(json).is_discarded());
  const std::string text = DiagnosisText(diagnosis, Paint(false));
  FUZZ_LAW(text.find('\x1b') == std::string::npos);
}

}  // namespace
}  // namespace ballast::webhook

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ballast::webhook::CheckLog({reinterpret_cast<const char*>(data), size});
  return 0;
}
