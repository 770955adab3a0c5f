// An iteration that never cuts its lineage makes every job longer than the one before.
//
//   sees     the longest chain of stages of a job in the event log: 30 are told, 50 are warned
//            about; a StackOverflowError in serialization, in the scheduler or in the optimizer
//   proposes checkpoints, and that they are cleaned up
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

constexpr int64_t kTold = 30;  // stages
constexpr int64_t kWarned = 50;

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const Sighting& overflow = run.sightings.of(Sight::kStackOverflowInLineage);
  if (run.deepest_lineage < kTold && !overflow.seen()) return {};
  SymptomFinding finding = {
      .severity = run.deepest_lineage >= kWarned ? Severity::kMedium : Severity::kLow,
      .summary = "job " + std::to_string(run.deepest_job) + " hangs on a chain of " +
                 std::to_string(run.deepest_lineage) + " stages",
      .cause =
          "An iteration builds on its own result without a checkpoint: planning takes longer "
          "each time, a lost block is computed from the very beginning, and at last the stack "
          "overflows. Call checkpoint() or localCheckpoint() every few iterations; cache() "
          "alone does not cut the lineage.",
      .evidence = {.count = run.deepest_lineage,
                   .numbers = {{"stagesDeep", static_cast<double>(run.deepest_lineage)}}}};
  if (overflow.seen()) {
    finding.severity = Severity::kHigh;
    if (run.deepest_lineage < kTold) {
      finding.evidence = EvidenceOf(overflow);
      finding.summary = "the lineage was too deep for the stack (StackOverflowError)";
    } else {
      finding.evidence.first = overflow.first;
      finding.summary += " and overflowed the stack";
    }
  }
  ProposeUnlessSet(
      finding.settings, run, "spark.cleaner.referenceTracking.cleanCheckpoints", "true",
      "the checkpoints that cut the lineage are then deleted when they are not needed any more");
  return {finding};
}

}  // namespace

const Symptom kDeepLineage = {"deep-lineage", "a chain of 30 stages or more", Look};

}  // namespace ballast::policy
