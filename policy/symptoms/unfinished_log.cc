// A log that ends before the application did: what it says is true, and not all.
//
//   sees     an event log without the application's end, a file ".inprogress", a log that was cut
//   off
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  SymptomFinding finding = {
      .severity = Severity::kInfo,
      .cause =
          "The application is still running, was killed, or the log was cut off. What follows from "
          "the "
          "log's end is not known; the driver's console log may say why it ended."};
  for (const InputState& input : run.inputs) {
    if (input.unfinished.empty()) continue;
    ++finding.evidence.count;
    if (!finding.summary.empty()) continue;
    finding.summary = input.source + ": " + input.unfinished;
  }
  if (finding.evidence.count == 0) return {};
  return {finding};
}

}  // namespace

const Symptom kUnfinishedLog = {"unfinished-log", "a log that ends before the application did",
                                Look};

}  // namespace ballast::policy
