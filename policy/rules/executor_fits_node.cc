// An executor that fits on no node waits for ever, so it is cut into pieces that fit, or refused.
//
//   reads     the executor's pod with its sidecars, the eligible nodes after the reserve
//   rewrites  one that fits no node: split, with the same slots in total and no less memory a slot
//   rejects   when one task's share fits nowhere, or no declared pool may run it
//   warns     when no live node may run it, or has the GPUs it asks for (an autoscaler may know
//             more); abstains where capacity is not known
//   example   nodes of 39Gi and 10 cores: 20 executors of 60g and 8 cores become 40 of half that
#include "policy/describe_pod.h"
#include "policy/rules/rules.h"
#include "policy/short_resource.h"
#include "policy/split.h"

namespace ballast::policy {
namespace {

const std::vector<std::string>& Settings() {
  static const std::vector<std::string> settings = {"spark.executor.memory",
                                                    "spark.executor.cores"};
  return settings;
}

Verdict Judge(const Workload& workload, const Context& context) {
  if (workload.sizes.executors->most() == 0) return {};
  const EligibleNodes& nodes = context.executor_nodes;
  const std::string the_executors = workload.standing() ? "the workers" : "the executors";
  if (!nodes.known()) {
    return {Warn("capacity not judged", Severity::kInfo,
                 "whether " + the_executors + " fit a node is not judged: " + nodes.abstain, {})};
  }
  if (nodes.groups.empty()) {
    if (!nodes.pools_declared) {
      return {Warn(
          "no eligible node", Severity::kMedium,
          "no node of the cluster may run " + the_executors + " (node selector, affinity, taints)",
          {})};
    }
    return {Reject(
        "no eligible node", Severity::kCritical,
        "no declared node pool may run " + the_executors + " (node selector, affinity, taints)",
        {})};
  }
  const PodShape& shape = *workload.sizes.executor;
  if (FitsAnyNode(nodes, shape, context.executor_extras)) return {};
  const ExtendedResources& asked = context.executor_extras.extended;
  if (auto nowhere = JudgeResourceOnNoNode(nodes, asked, the_executors)) {
    return {*std::move(nowhere)};
  }

  const auto shortage = FindShortResource(nodes, asked);
  const std::string pod = workload.standing() ? "a worker" : "an executor";
  const std::string too_large = shortage
                                    ? pod + " pod " + DescribeShortage(*shortage)
                                    : DescribeMisfit(pod, PodMemory(shape, context.executor_extras),
                                                     PodCpu(shape, context.executor_extras), nodes);
  if (workload.standing()) {
    return {Reject("executor fits no node", Severity::kCritical,
                   too_large + ": lower what its pod template requests, and have more of them",
                   {})};
  }
  // Its driver runs already: there is nothing to split.
  if (workload.extent == Extent::kExecutorPod) {
    return {Reject("executor fits no node", Severity::kHigh, too_large, Settings())};
  }
  SplitResult split = PlanSplit(workload, context);
  if (!split.chosen || split.chosen->changes.empty()) {
    return {Reject("executor fits no node", Severity::kCritical,
                   too_large + "; " + split.none_because, Settings())};
  }
  Judgement judgement = Rewrite("executor fits no node", Severity::kHigh,
                                too_large + "; " + DescribeSplit(workload, *split.chosen),
                                std::move(split.chosen->changes));
  judgement.finding.before = DescribeExecutors(*workload.sizes.executors, shape);
  judgement.finding.after = DescribeExecutors(split.chosen->executors, split.chosen->shape);
  return {std::move(judgement)};
}

}  // namespace

const Rule kExecutorFitsNode = {"executor-fits-node",
                                "an executor that fits no eligible node is split, or refused",
                                &Judge,
                                true,
                                nullptr,
                                Extent::kExecutorPod,
                                /*of_standing=*/true};

}  // namespace ballast::policy
