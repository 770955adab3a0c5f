// An executor's heap was full.
//
//   sees     OutOfMemoryError of tasks, exit code 52, "Unable to acquire .. bytes of memory"
//   proposes fewer slots in the same heap, more heap, more partitions: check for skew first
#include <algorithm>

#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kCores = "spark.executor.cores";

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const Sighting seen = Together(Together(run.sightings.of(Sight::kExecutorHeap),
                                          run.sightings.of(Sight::kExecutorMemoryDenied)),
                                 run.sightings.of(Sight::kExecutorExit52));
  if (!seen.seen()) return {};
  SymptomFinding finding = {
      .severity = Severity::kCritical,
      .summary =
          Counted(seen.count(), "time") + " an executor's heap was full" + InStages(seen.stages),
      .cause =
          "What the tasks of one executor held at once did not fit into its heap: partitions are "
          "too "
          "large, too many tasks share it, or one key has most of the data (look for skew first). "
          "When an executor dies of it, innocent tasks beside it are lost as well.",
      .evidence = EvidenceOf(seen)};
  const int64_t cores = NumberNow(run, kCores, 1);
  if (!run.local() && cores > 1) {
    finding.settings.push_back(
        Propose(run, kCores, std::to_string((cores + 1) / 2), "fewer tasks share the heap"));
  }
  finding.settings.push_back(ProposeHeap(run, 1.5, "more heap for each task slot"));
  return {finding};
}

}  // namespace

const Symptom kExecutorOom = {"executor-oom", "an executor whose heap was full (exit code 52)",
                              Look};

}  // namespace ballast::policy
