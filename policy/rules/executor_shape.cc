// The executors that the policy wants: neither larger nor smaller.
//
//   reads     heap, pod memory and cores of an executor; limits.executor.{heap,memory,cores}
//   rewrites  above a maximum: split, with the same slots in total and no less memory a slot;
//             below a minimum: raised, and with more cores there are fewer executors, each with the
//             memory of the slots that it takes over; a cpu limit under a raised request is raised
//   rejects   when one task's share is above a maximum, and what is raised to a minimum is above a
//             maximum
//   example   heap.max 32g: 10 executors of 60g and 8 cores become 20 of 30870m and 4 cores
#include <algorithm>

#include "policy/describe_pod.h"
#include "policy/given_pod_limits.h"
#include "policy/print_value.h"
#include "policy/quantity.h"
#include "policy/rules/rules.h"
#include "policy/spark_size.h"
#include "policy/split.h"

namespace ballast::policy {
namespace {

constexpr HashedKey kRequest = "spark.kubernetes.executor.request.cores";
constexpr HashedKey kLimit = "spark.kubernetes.executor.limit.cores";

// Which limit the shape is above; empty when none.
std::string Above(const ShapeLimits& limits, const PodShape& shape, int64_t cores) {
  if (limits.heap.max && shape.heap > *limits.heap.max) {
    return "heap of " + PrintSparkSize(shape.heap) + " is over the policy's " +
           PrintExactSize(*limits.heap.max);
  }
  if (limits.memory.max && shape.memory() > *limits.memory.max) {
    return "pod of " + DescribeSize(shape.memory()) + " is over the policy's " +
           PrintMemoryQuantity(*limits.memory.max);
  }
  const MilliCpu cpu = std::max(Cores(cores), shape.cpu);
  if (limits.cores.max && cpu > *limits.cores.max) {
    return "size of " + DescribeCpu(cpu) + " is over the policy's " +
           PrintCpuQuantity(*limits.cores.max);
  }
  return "";
}

std::string Below(const ShapeLimits& limits, const PodShape& shape, int64_t cores) {
  if (limits.cores.min && Cores(cores) < *limits.cores.min) {
    return "size of " + DescribeCpu(Cores(cores)) + " is under the policy's " +
           PrintCpuQuantity(*limits.cores.min);
  }
  if (limits.cores.min && shape.cpu < *limits.cores.min) {
    return "request of " + DescribeCpu(shape.cpu) + " is under the policy's " +
           PrintCpuQuantity(*limits.cores.min);
  }
  if (limits.heap.min && shape.heap < *limits.heap.min) {
    return "heap of " + PrintSparkSize(shape.heap) + " is under the policy's " +
           PrintExactSize(*limits.heap.min);
  }
  if (limits.memory.min && shape.memory() < *limits.memory.min) {
    return "pod of " + DescribeSize(shape.memory()) + " is under the policy's " +
           PrintMemoryQuantity(*limits.memory.min);
  }
  return "";
}

Judgement Cut(const Workload& workload, const Context& context, const std::string& above) {
  SplitResult split = PlanSplit(workload, context);
  if (!split.chosen || split.chosen->changes.empty()) {
    return Reject("executor too large", Severity::kHigh,
                  "an executor's " + above + "; " + split.none_because,
                  {"spark.executor.memory", "spark.executor.cores"});
  }
  Judgement judgement =
      Rewrite("executor too large", Severity::kMedium,
              "an executor's " + above + "; " + DescribeSplit(workload, *split.chosen),
              std::move(split.chosen->changes));
  judgement.finding.before = DescribeExecutors(*workload.sizes.executors, *workload.sizes.executor);
  judgement.finding.after = DescribeExecutors(split.chosen->executors, split.chosen->shape);
  return judgement;
}

// Slots that Spark makes of so many cores.
int64_t SlotsOf(const Workload& workload, int64_t cores) {
  SparkConf conf = workload.conf;
  conf.Set("spark.executor.cores", std::to_string(cores));
  const auto shape = ExecutorShape(conf, workload.language, workload.versions.runtime);
  return shape.ok() ? shape->slots : 0;
}

// The workload with the smallest cores that the policy allows, and what each slot had.
std::optional<ScaledExecutor> WithCores(const Workload& workload, const Context& context,
                                        const ShapeLimits& limits) {
  const ExecutorScale scale(workload, context);
  if (!limits.cores.min || Cores(scale.cores()) >= *limits.cores.min) return scale.Unscaled();
  const int64_t cores = limits.cores.min->cores_ceil();
  return scale.To(SlotsOf(workload, cores), cores, ByteSize());
}

// An executor whose conf is being changed.
struct Draft {
  const Workload& workload;
  SparkConf conf;
  PodShape shape;

  void SetHeap(ByteSize heap) {
    conf.Set("spark.executor.memory", PrintSparkSize(heap));
    const auto now = ExecutorShape(conf, workload.language, workload.versions.runtime);
    if (now.ok()) shape = *now;
  }
};

// From 4.1 on Spark refuses a limit below the request, the API server always.
void RaiseRequest(Draft& draft, MilliCpu least) {
  draft.conf.Set(kRequest, PrintCpuQuantity(least));
  draft.shape.cpu = least;
  if (draft.shape.cpu_limit && *draft.shape.cpu_limit < least) {
    draft.conf.Set(kLimit, PrintCpuQuantity(least));
    draft.shape.cpu_limit = least;
  }
}

// The smallest heap, in whole MiB, whose pod is at least `least`: the overhead rises with the heap.
void RaiseMemory(Draft& draft, ByteSize least) {
  int64_t under = draft.shape.heap.mebibytes();
  int64_t enough = (draft.shape.heap + (least - draft.shape.memory())).mebibytes_ceil();
  while (enough - under > 1) {
    const int64_t middle = under + (enough - under) / 2;
    draft.SetHeap(Mebibytes(middle));
    (draft.shape.memory() < least ? under : enough) = middle;
  }
  draft.SetHeap(Mebibytes(enough));
}

Judgement Raise(const Workload& workload, const Context& context, const std::string& below) {
  const ShapeLimits& limits = context.policy.limits.executor;
  const auto raised = WithCores(workload, context, limits);
  if (!raised) {
    return Warn("executor too small", Severity::kMedium,
                "an executor's " + below +
                    "; it cannot be raised, because an indivisible "
                    "resource would not follow",
                {"spark.executor.cores"});
  }
  Draft draft = {workload, workload.conf, raised->shape};
  for (const SettingChange& change : raised->changes) draft.conf.Apply(change);
  if (limits.cores.min && draft.shape.cpu < *limits.cores.min) {
    RaiseRequest(draft, *limits.cores.min);
  }
  if (limits.heap.min && draft.shape.heap < *limits.heap.min) {
    draft.SetHeap(Mebibytes(limits.heap.min->mebibytes_ceil()));
  }
  if (limits.memory.min && draft.shape.memory() < *limits.memory.min) {
    RaiseMemory(draft, *limits.memory.min);
  }
  const std::string above = Above(limits, draft.shape, raised->cores);
  if (!above.empty()) {
    return Reject("executor too small", Severity::kHigh,
                  "an executor's " + below + "; raised, its " + above,
                  {"spark.executor.memory", "spark.executor.cores"});
  }
  Judgement judgement = Rewrite(
      "executor too small", Severity::kMedium,
      "an executor's " + below + "; use " + DescribeExecutors(raised->executors, draft.shape),
      SparkConf::Difference(workload.conf, draft.conf));
  judgement.finding.before = DescribeExecutors(*workload.sizes.executors, *workload.sizes.executor);
  judgement.finding.after = DescribeExecutors(raised->executors, draft.shape);
  return judgement;
}

Verdict Judge(const Workload& workload, const Context& context) {
  const ShapeLimits& limits = context.policy.limits.executor;
  if (limits == ShapeLimits{} || workload.sizes.executors->most() == 0) return {};
  const PodShape& shape = *workload.sizes.executor;
  if (workload.standing()) return JudgeGivenPod(shape, limits, "worker", "executor too large");
  const int64_t cores = ExecutorScale(workload, context).cores();
  const std::string above = Above(limits, shape, cores);
  // Its driver runs already: there is nothing to split, and one that is small takes nothing away.
  if (workload.extent == Extent::kExecutorPod) {
    if (above.empty()) return {};
    return {Reject("executor too large", Severity::kHigh, "an executor's " + above,
                   {"spark.executor.memory", "spark.executor.cores"})};
  }
  if (!above.empty()) return {Cut(workload, context, above)};
  if (const std::string below = Below(limits, shape, cores); !below.empty()) {
    return {Raise(workload, context, below)};
  }
  return {};
}

}  // namespace

const Rule kExecutorShape = {
    "executor-shape",
    "an executor above the policy's largest size is split, one below the smallest raised",
    &Judge,
    true,
    nullptr,
    Extent::kExecutorPod,
    /*of_standing=*/true};

}  // namespace ballast::policy
