#include "policy/run_sizes.h"

#include <algorithm>
#include <optional>

#include "policy/spark_memory.h"
#include "policy/symptoms/finding.h"

namespace ballast::policy {
namespace {

constexpr int64_t kDefaultHeap = 1024;  // MiB, of driver and executor

// Whether everything that the run used was seen.
bool IsWhole(const ApplicationRun& run) {
  return run.finished &&
         std::all_of(run.inputs.begin(), run.inputs.end(), [](const InputState& in) {
           return in.damaged.empty() && in.unfinished.empty();
         });
}

// The most of what `part` takes of an executor's peaks; of the driver's where `driver` says so.
template <typename Part>
ByteSize Most(const ApplicationRun& run, bool driver, const Part& part) {
  ByteSize most;
  for (const ExecutorRun& executor : run.executors) {
    if ((executor.id == "driver") == driver) most = std::max(most, part(executor.peak));
  }
  return most;
}

ByteSize HeapOf(const MemorySample& peak) { return peak.heap; }
ByteSize OffHeapOf(const MemorySample& peak) { return peak.off_execution + peak.off_storage; }
// What the processes hold besides the heap. The heap that is used is never more than the heap that
// is held, so this is not too little; garbage makes it too much.
ByteSize OutsideOf(const MemorySample& peak) {
  const ByteSize resident = peak.jvm_resident + peak.python_resident + peak.other_resident;
  return resident > peak.heap ? resident - peak.heap : ByteSize();
}

std::optional<SizeUse> DriverHeap(const ApplicationRun& run) {
  const bool tasks_in_it = run.local() && run.sightings.has(Sight::kExecutorHeap);
  return SizeUse{.run = run.id,
                 .asked = Mebibytes(NumberNow(run, "spark.driver.memory", kDefaultHeap)),
                 .used = Most(run, true, HeapOf),
                 .ran_out = run.sightings.has(Sight::kDriverHeap) || tasks_in_it};
}

std::optional<SizeUse> ExecutorHeap(const ApplicationRun& run) {
  if (run.local()) return std::nullopt;
  return SizeUse{.run = run.id,
                 .asked = Mebibytes(NumberNow(run, "spark.executor.memory", kDefaultHeap)),
                 .used = Most(run, false, HeapOf),
                 .ran_out = run.sightings.has(Sight::kExecutorHeap) ||
                            run.sightings.has(Sight::kExecutorExit52)};
}

std::optional<SizeUse> OffHeap(const ApplicationRun& run) {
  if (run.local() || SettingNow(run, "spark.memory.offHeap.enabled") != "true") return std::nullopt;
  return SizeUse{.run = run.id,
                 .asked = Bytes(NumberNow(run, "spark.memory.offHeap.size", 0)),
                 .used = Most(run, false, OffHeapOf)};
}

// Off-heap memory and PySpark memory of its own stand beside the overhead in the pod.
std::optional<SizeUse> Overhead(const ApplicationRun& run) {
  if (run.local()) return std::nullopt;
  const auto shape =
      ExecutorShape(run.conf, run.python ? Language::kPython : Language::kJvm, run.version);
  if (!shape) return std::nullopt;
  const ByteSize outside = Most(run, false, OutsideOf);
  const ByteSize beside = shape->off_heap + shape->pyspark;
  return SizeUse{.run = run.id,
                 .asked = shape->overhead,
                 .used = outside > beside ? outside - beside : ByteSize(),
                 .ran_out = run.sightings.has(Sight::kContainerKilled) ||
                            run.sightings.has(Sight::kDirectMemory)};
}

struct Size {
  std::string_view key;
  ByteSize least;
  std::optional<SizeUse> (*use)(const ApplicationRun& run);
};
// In the order in which they are told.
constexpr Size kSizes[kRunSizes] = {
    {"spark.executor.memory", Gibibytes(1), ExecutorHeap},
    {"spark.executor.memoryOverhead", Mebibytes(512), Overhead},
    {"spark.memory.offHeap.size", Mebibytes(256), OffHeap},
    {"spark.driver.memory", Gibibytes(1), DriverHeap},
};

}  // namespace

RunUses UsesOf(const ApplicationRun& run) {
  RunUses uses;
  uses.ended = run.ended;
  const bool whole = IsWhole(run);
  for (size_t i = 0; i < kRunSizes; ++i) {
    uses.uses[i] = kSizes[i].use(run);
    if (uses.uses[i]) uses.uses[i]->whole = whole;
  }
  return uses;
}

std::vector<SizedSetting> SizesFromRuns(std::vector<RunUses> runs) {
  std::stable_sort(runs.begin(), runs.end(),
                   [](const RunUses& a, const RunUses& b) { return a.ended < b.ended; });
  std::vector<SizedSetting> sized;
  for (size_t i = 0; i < kRunSizes; ++i) {
    std::vector<SizeUse> uses;
    for (const RunUses& run : runs) {
      if (run.uses[i]) uses.push_back(*run.uses[i]);
    }
    if (const auto right = SizeFromHistory(uses, kSizes[i].least)) {
      sized.push_back({kSizes[i].key, *right});
    }
  }
  return sized;
}

}  // namespace ballast::policy
