// A log that cannot be read to its end, or not in all places.
//
//   sees     compressed data that is broken, lines that are no events
#include <algorithm>

#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  SymptomFinding finding = {.severity = Severity::kLow,
                            .cause =
                                "The file was damaged when it was written or copied. It was read "
                                "as far as it goes, so counts "
                                "and sums are too low."};
  for (const InputState& input : run.inputs) {
    if (input.damaged.empty()) continue;
    finding.evidence.count += std::max<int64_t>(input.damaged_places, 1);
    if (finding.summary.empty()) finding.summary = input.source + ": " + input.damaged;
  }
  if (finding.evidence.count == 0) return {};
  return {finding};
}

}  // namespace

const Symptom kDamagedLog = {"damaged-log", "a log that cannot be read everywhere", Look};

}  // namespace ballast::policy
