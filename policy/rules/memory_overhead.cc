// Memory outside the heap (threads, direct buffers, Python workers) is what kills containers.
//
//   reads     the overhead that Spark computes or the user wrote, the heap, the language
//   rewrites  an overhead that Spark computes below limits.executor.overheadFactor (min; for Python
//             and R minNonJvm, unless PySpark memory is set): the factor is set, so that it still
//             holds when the heap changes. One that the user wrote, and the driver's, only with
//             applyTo: All
//   warns     about one that the user wrote, and, where the policy sets no floor, below Spark's own
//             factors of 0.1 and 0.4; about a cluster's worker that offers executors more than its
//             pod requests
//   example   Python, 4g of heap, factor 0.1: 409 MiB become 1638 MiB
#include "policy/describe_pod.h"
#include "policy/overhead_floor.h"
#include "policy/print_value.h"
#include "policy/replace_setting.h"
#include "policy/rules/rules.h"
#include "policy/spark_settings.h"

namespace ballast::policy {
namespace {

struct Pod {
  std::string_view name;
  HashedKey overhead_key;
  HashedKey factor_key;
};
constexpr Pod kExecutorPod = {"executor", "spark.executor.memoryOverhead",
                              "spark.executor.memoryOverheadFactor"};
constexpr Pod kDriverPod = {"driver", "spark.driver.memoryOverhead",
                            "spark.driver.memoryOverheadFactor"};

std::string WhyNot(const Pod& pod, const PodShape& shape, const OverheadFloor& floor) {
  return Join({"the ", pod.name, "'s overhead is ", std::to_string(shape.overhead.mebibytes()),
               " MiB, under ", PrintNumber(floor.factor), " of its heap, ",
               std::to_string(floor.Of(shape.heap).mebibytes()), " MiB"});
}

// Of an overhead that is too small: what Enforce does.
Judgement TooSmall(const SparkConf& conf, const Pod& pod, const PodShape& shape,
                   const OverheadFloor& floor, bool all) {
  const std::string_view reason = "memory overhead too small";
  const std::string why = WhyNot(pod, shape, floor);
  if (RawSetting(conf, pod.overhead_key)) {
    if (!all || !floor.from_policy) {
      return WarnAbout(conf, reason, Severity::kMedium, pod.overhead_key, why);
    }
    return Replace(conf, reason, Severity::kMedium, pod.overhead_key,
                   PrintSparkSize(floor.Of(shape.heap)), why);
  }
  if (!floor.from_policy) {
    return WarnAbout(conf, reason, Severity::kMedium, pod.factor_key, why);
  }
  return Replace(conf, reason, Severity::kMedium, pod.factor_key, PrintNumber(floor.factor), why);
}

// A worker starts executors in what it offers, whatever its pod was given.
Verdict JudgeWorker(const PodShape& shape) {
  if (shape.memory() == ByteSize() || shape.heap <= shape.memory()) return {};
  return {Warn("memory overhead too small", Severity::kHigh,
               "a worker offers executors " + DescribeSize(shape.heap) +
                   " (SPARK_WORKER_MEMORY), more than the " + DescribeSize(shape.memory()) +
                   " that its pod requests",
               {})};
}

Verdict Judge(const Workload& workload, const Context& context) {
  if (workload.standing()) return JudgeWorker(*workload.sizes.executor);
  const OverheadLimits& limits = context.policy.limits.executor.overhead_factor;
  const bool all = limits.apply_to == OverheadScope::kAll;
  Verdict verdict;
  if (workload.sizes.executor.ok()) {
    const PodShape& shape = *workload.sizes.executor;
    const OverheadFloor floor = ExecutorOverheadFloor(limits, workload.language, shape);
    if (shape.overhead < floor.Of(shape.heap)) {
      verdict.push_back(TooSmall(workload.conf, kExecutorPod, shape, floor, all));
    }
  }
  // Once the driver's pod is made its overhead stays what it is; one that a template sizes has
  // none.
  if (all && workload.extent == Extent::kWhole && workload.sizes.driver.ok() &&
      !workload.driver_given) {
    const PodShape& shape = *workload.sizes.driver;
    const OverheadFloor floor = ExecutorOverheadFloor(limits, workload.language, shape);
    if (shape.overhead < floor.Of(shape.heap)) {
      verdict.push_back(TooSmall(workload.conf, kDriverPod, shape, floor, all));
    }
  }
  return verdict;
}

}  // namespace

const Rule kMemoryOverhead = {"memory-overhead",
                              "the memory outside the heap is at least the policy's factor of it",
                              &Judge,
                              true,
                              nullptr,
                              Extent::kWhole,
                              /*of_standing=*/true};

}  // namespace ballast::policy
