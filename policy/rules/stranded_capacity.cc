// Executors whose memory per core is far from the nodes' leave cores (or memory) that nobody can
// use.
//
//   reads     the executor's pod, the eligible nodes that it would fill; limits.strandedShare,
//             limits.executor.memoryPerCore
//   rewrites  only with memoryPerCore.max: the heap is lowered to it for each task slot, the only
//             place where a task's memory falls
//   warns     when what stays unused on the nodes that it fills is more than strandedShare of them,
//             and below memoryPerCore.min
//   example   nodes of 39Gi and 10 cores, executors of 32Gi and 4: one fits, six cores stay idle
#include <algorithm>

#include "policy/describe_pod.h"
#include "policy/executor_scale.h"
#include "policy/placement_report.h"
#include "policy/print_value.h"
#include "policy/quantity.h"
#include "policy/rules/rules.h"
#include "policy/share.h"
#include "policy/spark_size.h"

namespace ballast::policy {
namespace {

constexpr HashedKey kHeap = "spark.executor.memory";

// The least heap that no other rule would raise again.
ByteSize LeastHeap(const PodShape& shape, const ShapeLimits& limits) {
  ByteSize least = kLeastHeap;
  if (limits.heap.min) least = std::max(least, *limits.heap.min);
  if (limits.memory.min) {
    // The overhead may fall with the heap, so all of the pod's memory is asked of the heap.
    const ByteSize beside = shape.off_heap + shape.pyspark;
    least = std::max(least, *limits.memory.min - beside);
  }
  return Mebibytes(least.mebibytes_ceil());
}

void JudgeMemoryPerCore(const Workload& workload, const Context& context, Verdict& verdict) {
  const ExecutorLimits& limits = context.policy.limits.executor;
  const PodShape& shape = *workload.sizes.executor;
  if (shape.slots <= 0) return;
  const Range<ByteSize>& range = limits.memory_per_core;
  const ByteSize per_slot = Bytes(shape.heap.bytes() / shape.slots);
  if (range.min && shape.heap < *range.min * shape.slots) {
    verdict.push_back(Warn("memory per core", Severity::kLow,
                           DescribeSize(per_slot) + " of heap for each task slot is under the " +
                               "policy's " + DescribeSize(*range.min),
                           {std::string(kHeap)}));
  }
  if (!range.max || shape.heap <= *range.max * shape.slots) return;
  const ByteSize wanted = Mebibytes((*range.max * shape.slots).mebibytes());
  const ByteSize heap = std::max(wanted, LeastHeap(shape, limits));
  const std::string asked = DescribeSize(per_slot) + " of heap for each task slot is over the " +
                            "policy's " + DescribeSize(*range.max);
  if (heap >= shape.heap) {
    verdict.push_back(Warn("memory per core", Severity::kLow,
                           asked + ", and the heap is the least that is allowed",
                           {std::string(kHeap)}));
    return;
  }
  Judgement judgement =
      Rewrite("memory per core", Severity::kMedium,
              asked + ": heap " + PrintSparkSize(shape.heap) + " becomes " + PrintSparkSize(heap) +
                  ", so each task has less memory than was asked for",
              {{std::string(kHeap), PrintSparkSize(heap)}});
  judgement.finding.before = PrintSparkSize(shape.heap);
  judgement.finding.after = PrintSparkSize(heap);
  verdict.push_back(std::move(judgement));
}

// The first group that the executors fill.
const EligibleNodes::Group* Filled(const EligibleNodes& nodes, ByteSize memory, MilliCpu cpu,
                                   const ExtendedResources& extended) {
  for (const EligibleNodes::Group& group : nodes.groups) {
    if (group.ready > 0 && FitsPerNode(group.room, memory, cpu, extended) > 0) return &group;
  }
  return nullptr;
}

// "; 19.5 GiB and 4 cores would fit 2 times"; empty where no other memory would help.
std::string Remedy(const Resources& room, MilliCpu cpu, int64_t fits) {
  if (cpu.millis() <= 0) return "";
  const int64_t by_cpu = room.cpu.millis() / cpu.millis();
  if (by_cpu < 1 || by_cpu == fits) return "";
  // Spark starts no smaller executor.
  if (Bytes(room.memory.bytes() / by_cpu) < kLeastHeap + kLeastOverhead) return "";
  return "; " + DescribePod(Bytes(room.memory.bytes() / by_cpu), cpu) + " would fit " +
         std::to_string(by_cpu) + " times, with less memory for each task";
}

std::string Ratio(ByteSize memory, MilliCpu cpu) {
  if (cpu.millis() <= 0) return "unlimited memory";
  const double bytes = static_cast<double>(memory.bytes()) / static_cast<double>(cpu.millis());
  return DescribeSize(Bytes(static_cast<int64_t>(std::min(bytes * 1000, 9e18))));
}

void JudgeStranded(const Workload& workload, const Context& context, Verdict& verdict) {
  const EligibleNodes& nodes = context.executor_nodes;
  const auto& tolerated = context.policy.limits.stranded_share;
  if (!nodes.known() || nodes.groups.empty() || !tolerated) return;
  const PodShape& shape = *workload.sizes.executor;
  const PodExtras& extras = context.executor_extras;
  const PlacementReport report =
      ReportPlacement(nodes, shape, extras, workload.sizes.executors->most());
  if (report.filled_nodes == 0) return;
  const bool cpu_stranded =
      report.stranded_cpu.millis() > ShareOf(report.filled_cpu.millis(), *tolerated);
  const bool memory_stranded =
      report.stranded_memory.bytes() > ShareOf(report.filled_memory.bytes(), *tolerated);
  if (!cpu_stranded && !memory_stranded) return;

  const ByteSize memory = PodMemory(shape, extras);
  const MilliCpu cpu = PodCpu(shape, extras);
  const auto* group = Filled(nodes, memory, cpu, extras.extended);
  const int64_t fits = FitsPerNode(group->room, memory, cpu, extras.extended);
  std::string left;
  if (cpu_stranded) {
    left =
        PrintCpuQuantity(group->room.cpu - cpu * fits) + " of its " + DescribeCpu(group->room.cpu);
  }
  if (memory_stranded) {
    if (!left.empty()) left += " and ";
    left += DescribeSize(group->room.memory - memory * fits) + " of its " +
            DescribeSize(group->room.memory);
  }
  const std::string in_all =
      cpu_stranded ? DescribeCpu(report.stranded_cpu) : DescribeSize(report.stranded_memory);
  verdict.push_back(Warn(
      "capacity stranded", Severity::kMedium,
      "executors of " + DescribePod(memory, cpu) + ": " + std::to_string(fits) +
          (fits == 1 ? " fits" : " fit") + " on a node and " + (fits == 1 ? "leaves " : "leave ") +
          left + " unused, " + in_all + " on " + std::to_string(report.filled_nodes) +
          (report.filled_nodes == 1 ? " node; " : " nodes; ") + Ratio(memory, cpu) +
          " a core are asked, the nodes have " + Ratio(group->room.memory, group->room.cpu) +
          (cpu_stranded ? Remedy(group->room, cpu, fits) : ""),
      {std::string(kHeap), "spark.executor.cores"}));
}

Verdict Judge(const Workload& workload, const Context& context) {
  Verdict verdict;
  JudgeMemoryPerCore(workload, context, verdict);
  JudgeStranded(workload, context, verdict);
  return verdict;
}

}  // namespace

const Rule kStrandedCapacity = {
    "stranded-capacity",
    "an executor whose memory per core is far from the nodes' strands cores or memory", &Judge,
    true};

}  // namespace ballast::policy
