// Executors spend their time collecting garbage.
//
//   sees     over 10 % of the tasks' time, and 2 s at least. The tasks' sum counts a pause once for
//            each task that it stopped, so it is held against what the executors themselves counted
//            while they were busy, and the smaller share is believed
//   grave    from 30 % on
//   proposes more heap per slot; above 48 GiB of heap less of it, and memory off the heap
#include <algorithm>

#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

constexpr double kMost = 0.10;
constexpr double kGrave = 0.30;
constexpr int64_t kLeast = 2000;           // ms
constexpr int64_t kLargeHeap = 48 * 1024;  // MiB: pauses grow with the heap
constexpr int64_t kTypicalTask = 50;       // ms; of shorter ones the sum says nothing

double Share(int64_t part, int64_t whole) {
  return whole <= 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

struct Pauses {
  int64_t millis = 0;
  double share = 0;
  std::vector<std::string> executors = {};  // of those over the limit by their own count
};

// By the executors' own clocks; nothing where they did not report.
Pauses OwnPauses(const ApplicationRun& run) {
  Pauses own;
  int64_t busy = 0;
  for (const ExecutorRun& executor : run.executors) {
    if (executor.own_gc_time <= 0 || executor.tasks == 0) continue;
    own.millis += executor.own_gc_time;
    busy += executor.busy_time;
    if (Share(executor.own_gc_time, executor.busy_time) > kMost &&
        own.executors.size() < kPlacesKept) {
      own.executors.push_back(executor.id);
    }
  }
  own.share = Share(own.millis, busy);
  return own;
}

void ProposeRemedy(const ApplicationRun& run, SymptomFinding& finding) {
  const int64_t heap = NumberNow(run, HeapKey(run), 1024);
  if (heap < kLargeHeap) {
    finding.settings.push_back(ProposeHeap(run, 1.5, "more heap for each task slot"));
    return;
  }
  finding.settings.push_back(Propose(run, HeapKey(run), "30g",
                                     "below 32 GiB references stay compressed and pauses short"));
  ProposeUnlessSet(finding.settings, run, "spark.memory.offHeap.enabled", "true",
                   "what the heap loses is kept where no collector looks");
  finding.settings.push_back(Propose(run, "spark.memory.offHeap.size", NeatSize(heap - 30 * 1024),
                                     "the rest of the old heap"));
}

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const TaskTimes& times = run.totals.times;
  const double naive = Share(times.gc, times.run + times.deserialization);
  const Pauses own = OwnPauses(run);
  int64_t millis = times.gc;
  double share = naive;
  if (own.millis > 0) {
    share = std::min(naive, own.share);
    millis = std::min(times.gc, own.millis);
  } else if (run.totals.tasks > 0 && times.run / run.totals.tasks < kTypicalTask) {
    return {};
  }
  if (share <= kMost || millis < kLeast) return {};
  SymptomFinding finding = {
      .severity = share >= kGrave ? Severity::kHigh : Severity::kMedium,
      .summary = DescribeShare(share) + " of the tasks' time went into garbage collection (" +
                 DescribeMillis(millis) + ")",
      .cause =
          "The heap is too small for what the tasks of one executor hold at once, or holds too "
          "many "
          "objects. Fewer objects help most: Kryo, serialized storage, built-in functions instead "
          "of "
          "collections; then more heap per slot.",
      .evidence = {.count = run.totals.tasks,
                   .executors = own.executors,
                   .numbers = {{"share", share},
                               {"taskGcMillis", static_cast<double>(times.gc)},
                               {"executorGcMillis", static_cast<double>(own.millis)},
                               {"taskRunMillis", static_cast<double>(times.run)}}}};
  ProposeRemedy(run, finding);
  return {finding};
}

}  // namespace

const Symptom kGcTime = {"gc-time", "over 10 % of task time in garbage collection", Look};

}  // namespace ballast::policy
