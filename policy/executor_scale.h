// The same executor with more or fewer task slots: what each slot has stays, or grows.
//
// The split makes its candidates with it, and executor-shape raises cores with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policy/capacity.h"
#include "policy/rule.h"
#include "policy/workload.h"

namespace ballast::policy {

// Heap of every executor that Spark keeps for itself.
inline constexpr ByteSize kReservedHeap = Mebibytes(300);
// The least heap that is given: 450 MiB is Spark's floor, a serial collector on one core needs
// more.
inline constexpr ByteSize kLeastHeap = Mebibytes(470);
// Spark's own least overhead; an explicit one is not scaled below it.
inline constexpr ByteSize kLeastOverhead = Mebibytes(384);

struct ScaledExecutor {
  int64_t slots = 0;
  int64_t cores = 0;  // whole: spark.executor.cores
  PodShape shape;
  ExtendedResources extended;
  ExecutorCount executors;
  std::vector<SettingChange> changes;  // from the workload's conf
};

// What is scaled from, read once from a workload whose sizes are known.
class ExecutorScale {
 public:
  ExecutorScale(const Workload& workload, const Context& context);

  int64_t slots() const { return slots_; }
  int64_t cores() const { return cores_; }
  // ceil(slots * spark.task.cpus).
  int64_t CoresFor(int64_t slots) const;

  // The executor with this many slots on this many cores. nullopt where Spark would not make that
  // many slots of it, or an indivisible resource has no whole share. `least_heap` raises the heap.
  std::optional<ScaledExecutor> To(int64_t slots, int64_t cores, ByteSize least_heap) const;
  // As it is.
  ScaledExecutor Unscaled() const;
  // Why an extended resource keeps the executor from being cut to this many slots; empty where none
  // does.
  std::string Indivisible(int64_t slots) const;

 private:
  struct Resource {
    std::string name;
    int64_t count = 0;
    std::string key;  // the setting that says it; empty: not ours to change
  };
  int64_t Share(int64_t amount, int64_t slots) const;
  void ScaleMemory(ScaledExecutor& scaled, ByteSize least_heap) const;
  void ScaleCpu(ScaledExecutor& scaled) const;
  bool ScaleResources(ScaledExecutor& scaled) const;
  void RaiseOverhead(ScaledExecutor& scaled, SparkConf& conf) const;
  void ScaleMemoryLimit(ScaledExecutor& scaled) const;

  const Workload& workload_;
  const Context& context_;
  int64_t slots_ = 1;
  int64_t cores_ = 1;
  int64_t task_nano_cpus_ = 0;
  std::vector<Resource> resources_;
};

}  // namespace ballast::policy
