// Executors went away that nobody sent away.
//
//   sees     executors lost, but for those that dynamic allocation or the end of the application
//            took. Of little weight where another symptom says why (137, 52, no heartbeat)
//   proposes decommissioning, and tracking of shuffles: Kubernetes has no external shuffle service
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

bool Explained(const ApplicationRun& run) {
  for (const Sight cause : {Sight::kContainerKilled, Sight::kExecutorExit52, Sight::kExecutorHeap,
                            Sight::kHeartbeatLost}) {
    if (run.sightings.has(cause)) return true;
  }
  return false;
}

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const Sighting& seen = run.sightings.of(Sight::kExecutorLost);
  if (!seen.seen()) return {};
  const bool explained = Explained(run);
  const auto lost = static_cast<int64_t>(seen.executors.size());
  SymptomFinding finding = {
      .severity = explained ? Severity::kLow : Severity::kHigh,
      .summary =
          (lost > 0 ? Counted(lost, "executor") : Counted(seen.count(), "time an executor")) +
          (lost > 0 ? " lost" : " was lost") + (seen.name.empty() ? "" : ": " + seen.name),
      .cause =
          explained
              ? "It follows from another finding of this run, which is to be cured first: their "
                "tasks, shuffle files and cached blocks were computed again."
              : "Preemption, a node that went away, or a process that ended by itself: the log "
                "of that executor says more. Its tasks, shuffle files and cached blocks were "
                "computed again.",
      .evidence = EvidenceOf(seen)};
  ProposeUnlessSet(finding.settings, run, "spark.decommission.enabled", "true",
                   "an executor that is told to go hands its blocks on first");
  ProposeUnlessSet(finding.settings, run, "spark.storage.decommission.enabled", "true",
                   "cached blocks and shuffle files move with it");
  return {finding};
}

}  // namespace

const Symptom kExecutorLost = {"executor-lost", "executors that went away by themselves", Look};

}  // namespace ballast::policy
