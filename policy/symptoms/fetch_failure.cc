// Shuffled blocks could not be fetched, mostly because their executor was gone.
//
//   sees     FetchFailed, "Missing an output location for shuffle", "Failed to get block(s) from"
//   proposes to cure the loss; where no executor was lost, more patience for the network
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

bool ExecutorsWentAway(const ApplicationRun& run) {
  for (const Sight cause : {Sight::kExecutorLost, Sight::kContainerKilled, Sight::kExecutorExit52,
                            Sight::kHeartbeatLost}) {
    if (run.sightings.has(cause)) return true;
  }
  return false;
}

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const Sighting& seen = run.sightings.of(Sight::kFetchFailure);
  if (!seen.seen()) return {};
  const bool gone = ExecutorsWentAway(run);
  SymptomFinding finding = {
      .severity = gone ? Severity::kMedium : Severity::kHigh,
      .summary = Counted(seen.count(), "fetch failure") + InStages(seen.stages),
      .cause = gone
                   ? "The executor that held the blocks was lost, so its stages ran again: see why "
                     "it was. "
                     "On Kubernetes no shuffle service keeps the files of an executor that is gone."
                   : "The executor that held the blocks did not answer: overload, a long pause, or "
                     "a network "
                     "that drops connections.",
      .evidence = EvidenceOf(seen)};
  if (gone) {
    ProposeUnlessSet(finding.settings, run, "spark.decommission.enabled", "true",
                     "an executor that is told to go hands its shuffle files on first");
    ProposeUnlessSet(finding.settings, run, "spark.dynamicAllocation.shuffleTracking.enabled",
                     "true", "executors whose shuffle files are needed are not sent away");
  } else {
    ProposeUnlessSet(finding.settings, run, "spark.shuffle.io.maxRetries", "10",
                     "outlasts a pause of the other side (default 3)");
    ProposeUnlessSet(finding.settings, run, "spark.shuffle.io.retryWait", "15s",
                     "waits between the tries (default 5s)");
  }
  return {finding};
}

}  // namespace

const Symptom kFetchFailure = {"fetch-failure", "shuffled blocks that could not be fetched", Look};

}  // namespace ballast::policy
