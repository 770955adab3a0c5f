// The drivers that the policy wants. A driver cannot be split, so it is capped.
//
//   reads     heap, pod memory and cores of the driver; limits.driver.{heap,memory,cores}
//   rewrites  what is above a maximum is lowered to it, what is below a minimum raised. Once its
//             pod is made the heap alone is lowered: a larger one would not fit into it. Of a pod
//             by itself, whose heap is not known, the memory and the cores are lowered
//   rejects   when the overhead alone leaves no heap under the pod's maximum. The engine refuses a
//             heap under the one that the java options start the JVM with (pod_bounds.h)
//   example   heap.max 16g: a driver of 20g of heap gets 16g
#include <algorithm>

#include "policy/describe_pod.h"
#include "policy/executor_scale.h"
#include "policy/given_pod_limits.h"
#include "policy/print_value.h"
#include "policy/quantity.h"
#include "policy/rules/rules.h"
#include "policy/spark_settings.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kReason = "driver out of bounds";
constexpr HashedKey kHeap = "spark.driver.memory";
constexpr HashedKey kOverhead = "spark.driver.memoryOverhead";
constexpr HashedKey kCores = "spark.driver.cores";
constexpr HashedKey kRequest = "spark.kubernetes.driver.request.cores";
constexpr HashedKey kLimit = "spark.kubernetes.driver.limit.cores";

// A driver whose conf is being changed.
struct Draft {
  const Workload& workload;
  SparkConf conf;
  PodShape shape;

  bool SetHeap(ByteSize heap) {
    conf.Set(kHeap, PrintSparkSize(heap));
    const auto now = DriverShapeOf(workload, conf);
    if (now.ok()) shape = *now;
    return now.ok();
  }
};

// The largest heap, in whole MiB, whose pod stays within `most`: the overhead rises with the heap.
bool LowerMemory(Draft& draft, ByteSize most) {
  int64_t fits = kLeastHeap.mebibytes();
  int64_t over = draft.shape.heap.mebibytes();
  if (!draft.SetHeap(Mebibytes(fits)) || draft.shape.memory() > most) return false;
  while (over - fits > 1) {
    const int64_t middle = fits + (over - fits) / 2;
    if (!draft.SetHeap(Mebibytes(middle))) return false;
    (draft.shape.memory() > most ? over : fits) = middle;
  }
  return draft.SetHeap(Mebibytes(fits));
}

// Of a pod alone the overhead is all of its memory but the heap that its arguments name, if any do.
bool LowerPod(Draft& draft, ByteSize most) {
  if (draft.shape.memory() <= most) return true;
  const ByteSize rest = Mebibytes((most - draft.shape.heap).mebibytes());
  if (rest <= ByteSize()) return false;
  draft.conf.Set(kOverhead, PrintSparkSize(rest));
  draft.shape.overhead = rest;
  return true;
}

bool Raise(Draft& draft, const ShapeLimits& limits) {
  if (limits.heap.min && draft.shape.heap < *limits.heap.min) {
    draft.SetHeap(Mebibytes(limits.heap.min->mebibytes_ceil()));
  }
  if (limits.memory.min && draft.shape.memory() < *limits.memory.min) {
    const ByteSize more = *limits.memory.min - draft.shape.memory();
    draft.SetHeap(Mebibytes((draft.shape.heap + more).mebibytes_ceil()));
  }
  return true;
}

bool Lower(Draft& draft, const ShapeLimits& limits) {
  if (limits.heap.max && draft.shape.heap > *limits.heap.max) {
    draft.SetHeap(Mebibytes(limits.heap.max->mebibytes()));
  }
  if (limits.memory.max && draft.shape.memory() > *limits.memory.max) {
    return LowerMemory(draft, *limits.memory.max);
  }
  return true;
}

bool FitMemory(Draft& draft, const ShapeLimits& limits) {
  switch (draft.workload.extent) {
    case Extent::kDriverPod:
      return !limits.memory.max || LowerPod(draft, *limits.memory.max);
    case Extent::kStartedDriver:
      return Lower(draft, limits);
    default:
      return Raise(draft, limits) && Lower(draft, limits);
  }
}

MilliCpu Clamp(MilliCpu cpu, const Range<MilliCpu>& range) {
  if (range.min) cpu = std::max(cpu, *range.min);
  if (range.max) cpu = std::min(cpu, *range.max);
  return cpu;
}

// Cores are whole; a request is written only where it was, or where the policy's bound is not a
// whole number.
void FitCpu(Draft& draft, const Range<MilliCpu>& range) {
  const MilliCpu wanted = Clamp(draft.shape.cpu, range);
  if (wanted == draft.shape.cpu) return;
  if (draft.conf.Has(kRequest) || wanted.millis() % 1000 != 0) {
    draft.conf.Set(kRequest, PrintCpuQuantity(wanted));
  } else {
    draft.conf.Set(kCores, std::to_string(wanted.millis() / 1000));
  }
  draft.shape.cpu = wanted;
  if (draft.shape.cpu_limit && *draft.shape.cpu_limit < wanted) {
    draft.shape.cpu_limit = wanted;
    draft.conf.Set(kLimit, PrintCpuQuantity(wanted));
  }
}

// The template says how large the pod is; of a server the heap in it is a setting.
Verdict JudgeGiven(Draft draft, const ShapeLimits& limits) {
  const Workload& workload = draft.workload;
  Verdict verdict = JudgeGivenPod(draft.shape, limits, DriverNoun(workload), kReason);
  if (workload.driver_given->heap) return verdict;
  const ByteSize heap = draft.shape.heap;
  ByteSize wanted = heap;
  if (limits.heap.min) wanted = std::max(wanted, Mebibytes(limits.heap.min->mebibytes_ceil()));
  if (limits.heap.max) wanted = std::min(wanted, Mebibytes(limits.heap.max->mebibytes()));
  if (wanted == heap || !draft.SetHeap(wanted)) return verdict;
  verdict.push_back(Rewrite(kReason, Severity::kMedium,
                            "the server's heap of " + PrintSparkSize(heap) +
                                " is outside the policy's limits; use " + PrintSparkSize(wanted),
                            SparkConf::Difference(workload.conf, draft.conf)));
  verdict.back().finding.before = PrintSparkSize(heap);
  verdict.back().finding.after = PrintSparkSize(wanted);
  return verdict;
}

Verdict Judge(const Workload& workload, const Context& context) {
  const ShapeLimits& limits = context.policy.limits.driver;
  const PodShape& shape = *workload.sizes.driver;
  Draft draft = {workload, workload.conf, shape};
  if (workload.driver_given) return JudgeGiven(draft, limits);
  Range<MilliCpu> cores = limits.cores;
  // Of a pod by itself more is never asked than was.
  if (workload.extent == Extent::kDriverPod) cores.min.reset();
  if (workload.extent != Extent::kStartedDriver) FitCpu(draft, cores);
  const bool fits = FitMemory(draft, limits);
  if (!fits) {
    return {Reject(kReason, Severity::kHigh,
                   "a driver pod of " + DescribeSize(shape.memory()) + " is over the policy's " +
                       PrintMemoryQuantity(*limits.memory.max) + ", and its overhead of " +
                       DescribeSize(shape.overhead) + " leaves no heap under it",
                   {std::string(kHeap), "spark.driver.memoryOverhead"})};
  }
  if (draft.shape == shape) return {};
  const std::string asked = DescribePod(shape.memory(), shape.cpu);
  const std::string given = DescribePod(draft.shape.memory(), draft.shape.cpu);
  const bool heap_known = workload.extent != Extent::kDriverPod;
  const auto with_heap = [&](ByteSize heap) {
    return heap_known ? " (heap " + PrintSparkSize(heap) + ")" : std::string();
  };
  Judgement judgement =
      Rewrite(kReason, Severity::kMedium,
              "a driver pod of " + asked + with_heap(shape.heap) +
                  " is outside the policy's limits; use " + given + with_heap(draft.shape.heap),
              SparkConf::Difference(workload.conf, draft.conf));
  judgement.finding.before = asked;
  judgement.finding.after = given;
  return {std::move(judgement)};
}

}  // namespace

const Rule kDriverShape = {"driver-shape",
                           "a driver outside the policy's sizes is capped, or raised",
                           &Judge,
                           true,
                           nullptr,
                           Extent::kDriverPod,
                           /*of_standing=*/true};

}  // namespace ballast::policy
