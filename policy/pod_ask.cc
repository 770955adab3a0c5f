#include "policy/pod_ask.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "policy/memory_limit.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kCpu = "cpu";
constexpr std::string_view kMemory = "memory";

void Set(Amounts& amounts, std::string_view resource, int64_t amount) {
  amounts.insert_or_assign(std::string(resource), amount);
}

void Add(Amounts& sum, const Amounts& amounts) {
  for (const auto& [resource, amount] : amounts) {
    int64_t& total = sum[resource];
    total = SaturatingAdd(total, amount);
  }
}

void RaiseTo(Amounts& most, const Amounts& amounts) {
  for (const auto& [resource, amount] : amounts) {
    int64_t& largest = most[resource];
    largest = std::max(largest, amount);
  }
}

// The sizes of one role, wherever they come from.
struct Role {
  std::string_view name;  // "driver"
  const PodShape& shape;
  const PodExtras& extras;
  const ExtendedResources& extended;
  std::optional<std::string_view> memory_limit;  // the kubeflow operator's, beside Spark's settings
  const std::optional<PodExtras>& assumed;
};

ContainerAsk SparkContainer(const Role& role) {
  ContainerAsk ask;
  ask.name = "spark-kubernetes-" + std::string(role.name);
  Set(ask.requests, kCpu, role.shape.cpu.millis());
  Set(ask.requests, kMemory, role.shape.memory().bytes());
  const auto written = role.memory_limit ? ParseMemoryLimit(*role.memory_limit) : std::nullopt;
  if (role.shape.requested) {
    if (role.shape.memory_limit) Set(ask.limits, kMemory, role.shape.memory_limit->bytes());
  } else {
    Set(ask.limits, kMemory, written.value_or(role.shape.memory()).bytes());
  }
  // Spark adds its limit to what the template says, so the template's stays where there is none.
  const auto& cpu_limit =
      role.shape.cpu_limit ? role.shape.cpu_limit : role.extras.template_cpu_limit;
  if (cpu_limit) Set(ask.limits, kCpu, cpu_limit->millis());
  for (const auto& [resource, count] : role.extended) {
    if (count <= 0) continue;
    Set(ask.requests, resource, count);
    Set(ask.limits, resource, count);
  }
  return ask;
}

ContainerAsk Beside(const SideContainer& container) {
  ContainerAsk ask;
  ask.name = container.name;
  ask.init = container.init;
  ask.restartable = container.restartable;
  if (container.cpu_limit) Set(ask.limits, kCpu, container.cpu_limit->millis());
  if (container.memory_limit) Set(ask.limits, kMemory, container.memory_limit->bytes());
  // The API server requests the limit where only that is written.
  if (container.cpu_request) Set(ask.requests, kCpu, container.cpu_request->millis());
  if (container.memory_request) Set(ask.requests, kMemory, container.memory_request->bytes());
  for (const auto& [resource, amount] : ask.limits) ask.requests.try_emplace(resource, amount);
  return ask;
}

// What the policy says others add counts as one container, with limits like its requests.
ContainerAsk Assumed(const PodExtras& assumed) {
  ContainerAsk ask;
  ask.name = "capacity.assume.sidecars";
  ask.assumed = true;
  Set(ask.requests, kCpu, assumed.sidecar_cpu.millis());
  Set(ask.requests, kMemory, assumed.sidecar_memory.bytes());
  ask.limits = ask.requests;
  return ask;
}

PodAsk Ask(const Role& role) {
  PodAsk pod;
  pod.containers.push_back(SparkContainer(role));
  for (const SideContainer& container : role.extras.containers) {
    pod.containers.push_back(Beside(container));
  }
  if (role.assumed) pod.containers.push_back(Assumed(*role.assumed));
  pod.priority_class = role.extras.priority_class;
  pod.has_deadline = role.extras.has_deadline;
  pod.cross_namespace_affinity = role.extras.cross_namespace_affinity;
  return pod;
}

Amounts WholePod(const PodAsk& pod, Amounts ContainerAsk::*part) {
  Amounts sum, restartable, init;
  for (const ContainerAsk& container : pod.containers) {
    const Amounts& amounts = container.*part;
    if (!container.init || container.restartable) Add(sum, amounts);
    if (!container.init) continue;
    // One after the other, each beside those that stay.
    Amounts running = restartable;
    Add(running, amounts);
    RaiseTo(init, running);
    if (container.restartable) restartable = std::move(running);
  }
  RaiseTo(sum, init);
  return sum;
}

}  // namespace

PodAsk AskOfDriver(const Workload& workload, const Policy& policy) {
  const PodExtras& extras = workload.driver_extras;
  return Ask({"driver", *workload.sizes.driver, extras, extras.extended,
              workload.conf.Get("driver.memoryLimit"), policy.capacity.assume_sidecars});
}

PodAsk AskOfExecutor(const Workload& workload, const Policy& policy) {
  const PodExtras& extras = workload.executor_extras;
  return Ask({"executor", *workload.sizes.executor, extras, extras.extended,
              workload.conf.Get("executor.memoryLimit"), policy.capacity.assume_sidecars});
}

PodAsk AskOfExecutor(const Workload& workload, const Policy& policy, const ScaledExecutor& scaled) {
  auto limit = workload.conf.Get("executor.memoryLimit");
  for (const SettingChange& change : scaled.changes) {
    if (change.key == "executor.memoryLimit" && change.value) limit = *change.value;
  }
  return Ask({"executor", scaled.shape, workload.executor_extras, scaled.extended, limit,
              policy.capacity.assume_sidecars});
}

Amounts PodRequests(const PodAsk& pod) { return WholePod(pod, &ContainerAsk::requests); }
Amounts PodLimits(const PodAsk& pod) { return WholePod(pod, &ContainerAsk::limits); }

Amounts QuotaUse(const PodAsk& pod) {
  Amounts use = {{"pods", 1}, {"count/pods", 1}};
  for (const auto& [resource, amount] : PodRequests(pod)) {
    use.emplace("requests." + resource, amount);
    // Of an extended resource only the request is counted, and only under that name.
    if (resource == kCpu || resource == kMemory) use.emplace(resource, amount);
  }
  for (const auto& [resource, amount] : PodLimits(pod)) {
    if (resource == kCpu || resource == kMemory) use.emplace("limits." + resource, amount);
  }
  return use;
}

}  // namespace ballast::policy
