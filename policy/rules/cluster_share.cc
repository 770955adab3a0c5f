// One application takes at most its share of the cluster, whatever it asks for.
//
//   reads     driver, executors and their number; the eligible nodes; limits.application
//   rewrites  lowers instances, or the dynamic maximum and what is above it, until driver and
//             executors together stay within the share of memory, cores and pods and the largest
//             number of executors; never below limits.application.executors.min
//   rejects   when the driver and one executor are more than the share
//   warns     when more executors are asked for than can be placed at once beside the driver
//   example   100 nodes of 39Gi, memoryShare 80%: 200 executors of 32Gi become 97
#include <algorithm>

#include "policy/application_share.h"
#include "policy/describe_pod.h"
#include "policy/executor_settings.h"
#include "policy/placement_report.h"
#include "policy/rules/rules.h"

namespace ballast::policy {
namespace {

// Where the number of executors stands.
std::string CountKey(const Workload& workload) {
  return std::string(workload.standing() ? kInitWorkersKey : std::string_view(kInstancesKey));
}

// "only 99 can be placed at once (1 on a node)"; empty where all can.
std::string NeverPlaced(const Workload& workload, const Context& context) {
  const EligibleNodes& nodes = context.executor_nodes;
  if (!nodes.known() || nodes.groups.empty()) return "";
  const int64_t asked = workload.sizes.executors->most();
  const PlacementReport report =
      ReportPlacement(nodes, workload, context.driver_extras, context.executor_extras);
  if (report.per_node == 0 || report.placeable >= asked) return "";
  return "only " + std::to_string(report.placeable) + " can be placed at once (" +
         std::to_string(report.per_node) + " on a node)";
}

Judgement LowerTo(const Workload& workload, const Context& context,
                  const AllowedExecutors& allowed) {
  const int64_t asked = workload.sizes.executors->most();
  const int64_t slots = workload.sizes.executor->slots;
  auto cap = [&](int64_t n) { return std::min(n, allowed.executors); };
  const ExecutorCount after = MapCount(*workload.sizes.executors, cap);
  const bool unbounded = asked >= kMostExecutors;
  std::string message = DescribeExecutors(*workload.sizes.executors, *workload.sizes.executor,
                                          ExecutorNoun(workload)) +
                        " become " + std::to_string(allowed.executors) + ", " + allowed.because;
  if (!unbounded) {
    message += ", " + std::to_string(SaturatingMultiply(asked - allowed.executors, slots)) +
               " of " + std::to_string(SaturatingMultiply(asked, slots)) + " task slots less";
    const std::string never = NeverPlaced(workload, context);
    if (!never.empty()) message += "; as asked " + never;
  }
  Judgement judgement = Rewrite("more than its share", Severity::kMedium, std::move(message),
                                MapExecutors(workload.conf, *workload.sizes.executors, cap));
  judgement.finding.before = unbounded ? "unbounded" : std::to_string(asked);
  judgement.finding.after = std::to_string(after.most());
  return judgement;
}

Verdict Judge(const Workload& workload, const Context& context) {
  const ExecutorCount& count = *workload.sizes.executors;
  const int64_t asked = count.most();
  const AllowedExecutors allowed =
      MostAllowed(context.policy.limits.application, context.executor_nodes, *workload.sizes.driver,
                  context.driver_extras, *workload.sizes.executor, context.executor_extras);
  if (allowed.executors < 1 && asked >= 1) {
    return {
        Reject("more than its share", Severity::kHigh,
               "the " + std::string(DriverNoun(workload)) + " and one " +
                   std::string(ExecutorNoun(workload)) + " of " +
                   DescribePod(workload.sizes.executor->memory(), workload.sizes.executor->cpu) +
                   " are more than " + allowed.because,
               {CountKey(workload)})};
  }
  if (asked > allowed.executors) return {LowerTo(workload, context, allowed)};
  if (count.dynamic) return {};  // it asks for as many as it can use, and gets what there is
  const std::string never = NeverPlaced(workload, context);
  if (never.empty()) return {};
  return {Warn("executors never placed", Severity::kMedium,
               DescribeExecutors(count, *workload.sizes.executor, ExecutorNoun(workload)) + ": " +
                   never + ", the others wait",
               {CountKey(workload)})};
}

}  // namespace

const Rule kClusterShare = {"cluster-share",
                            "an application takes at most its share of memory, cores and pods",
                            &Judge,
                            true,
                            nullptr,
                            Extent::kWhole,
                            /*of_standing=*/true};

}  // namespace ballast::policy
