// A driver that fits on no node is never started, and it cannot be split.
//
//   reads    the driver's pod with its sidecars, the eligible nodes after the reserve
//   rejects  when it fits no node, or no declared pool may run it; of a pod, a heap that is over
//   its
//            container's memory, so that the kernel would kill it
//   warns    when no live node may run it, or has the GPUs it asks for (an autoscaler may know
//            more); abstains where capacity is not known
//   example  nodes of 39Gi: a driver of 40g of heap is rejected
#include "policy/describe_pod.h"
#include "policy/print_value.h"
#include "policy/quantity.h"
#include "policy/rules/rules.h"
#include "policy/short_resource.h"
#include "policy/split.h"

namespace ballast::policy {
namespace {

Verdict Judge(const Workload& workload, const Context& context) {
  const PodShape& shape = *workload.sizes.driver;
  // Of a pod the overhead is what its container has besides the heap.
  if (workload.extent == Extent::kDriverPod && shape.overhead < ByteSize()) {
    return {Reject("heap over container", Severity::kCritical,
                   "the driver's heap of " + PrintExactSize(shape.heap) +
                       " is over its container's " + PrintMemoryQuantity(shape.memory()) +
                       ", so the driver would be killed: lower spark.driver.memory",
                   {"spark.driver.memory"})};
  }
  const EligibleNodes& nodes = context.driver_nodes;
  if (!nodes.known()) {
    // Said once, of the executors, where both have the same reason.
    const bool alone = workload.extent == Extent::kDriverPod;
    if (!alone && nodes.abstain == context.executor_nodes.abstain) return {};
    return {Warn("capacity not judged", Severity::kInfo,
                 "whether the " + std::string(DriverNoun(workload)) +
                     " fits a node is not judged: " + nodes.abstain,
                 {})};
  }
  if (nodes.groups.empty()) {
    if (!nodes.pools_declared) {
      return {Warn("no eligible node", Severity::kMedium,
                   "no node of the cluster may run the " + std::string(DriverNoun(workload)) +
                       " (node selector, affinity, taints)",
                   {})};
    }
    return {Reject("no eligible node", Severity::kCritical,
                   "no declared node pool may run the " + std::string(DriverNoun(workload)) +
                       " (node selector, affinity, taints)",
                   {})};
  }
  const std::string noun(DriverNoun(workload));
  if (FitsAnyNode(nodes, shape, context.driver_extras)) return {};
  const ExtendedResources& asked = context.driver_extras.extended;
  if (auto nowhere = JudgeResourceOnNoNode(nodes, asked, "the " + noun)) {
    return {*std::move(nowhere)};
  }
  if (const auto shortage = FindShortResource(nodes, asked)) {
    return {Reject("driver fits no node", Severity::kCritical,
                   "a " + noun + " pod " + DescribeShortage(*shortage), {})};
  }
  return {Reject("driver fits no node", Severity::kCritical,
                 DescribeMisfit("a " + noun, PodMemory(shape, context.driver_extras),
                                PodCpu(shape, context.driver_extras), nodes) +
                     (workload.driver_given ? ": lower what its pod template requests"
                                            : ": lower spark.driver.memory or spark.driver.cores"),
                 workload.driver_given
                     ? std::vector<std::string>()
                     : std::vector<std::string>{"spark.driver.memory", "spark.driver.cores"})};
}

}  // namespace

const Rule kDriverFitsNode = {
    "driver-fits-node",  "a driver that fits no eligible node is refused", &Judge, true, nullptr,
    Extent::kDriverPod,
    /*of_standing=*/true};

}  // namespace ballast::policy
