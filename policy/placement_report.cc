#include "policy/placement_report.h"

#include <algorithm>

namespace ballast::policy {
namespace {

// How many executors less there is room for, since the driver's pod is there before it asks for
// them. One that fits beside them takes nothing that they could use.
int64_t TakenByDriver(const EligibleNodes& nodes, const Workload& workload,
                      const PodExtras& driver_extras, const PodExtras& executor_extras) {
  if (!workload.sizes.driver.ok() || workload.driver_placement != workload.executor_placement) {
    return 0;
  }
  return DriverCosts(nodes.groups, *workload.sizes.driver, driver_extras, *workload.sizes.executor,
                     executor_extras)
      .value_or(0);
}

}  // namespace

std::optional<int64_t> DriverCosts(const std::vector<EligibleNodes::Group>& groups,
                                   const PodShape& driver, const PodExtras& driver_extras,
                                   const PodShape& executor, const PodExtras& executor_extras) {
  const ByteSize driver_memory = PodMemory(driver, driver_extras);
  const MilliCpu driver_cpu = PodCpu(driver, driver_extras);
  const ByteSize memory = PodMemory(executor, executor_extras);
  const MilliCpu cpu = PodCpu(executor, executor_extras);
  std::optional<int64_t> least;
  for (const EligibleNodes::Group& group : groups) {
    const Resources& room = group.room;
    if (group.ready <= 0 ||
        FitsPerNode(room, driver_memory, driver_cpu, driver_extras.extended) < 1) {
      continue;
    }
    Resources beside = room;
    beside.memory -= driver_memory;
    beside.cpu -= driver_cpu;
    beside.pods -= 1;
    for (const auto& [name, asked] : driver_extras.extended) beside.extended[name] -= asked;
    const int64_t costs = FitsPerNode(room, memory, cpu, executor_extras.extended) -
                          FitsPerNode(beside, memory, cpu, executor_extras.extended);
    if (!least || costs < *least) least = costs;
  }
  return least;
}

PlacementReport ReportPlacement(const EligibleNodes& nodes, const PodShape& shape,
                                const PodExtras& extras, int64_t executors) {
  const ByteSize memory = PodMemory(shape, extras);
  const MilliCpu cpu = PodCpu(shape, extras);
  PlacementReport report;
  report.eligible_nodes = nodes.nodes();
  int64_t left = executors;
  for (const EligibleNodes::Group& group : nodes.groups) {
    const int64_t fits = FitsPerNode(group.room, memory, cpu, extras.extended);
    if (fits > report.per_node) {
      report.per_node = fits;
      report.pods = group.room.pods;
    }
    if (fits <= 0 || group.ready <= 0) continue;
    report.placeable = SaturatingAdd(report.placeable, SaturatingMultiply(fits, group.ready));
    const int64_t filled = std::min(group.ready, left / fits);
    if (filled <= 0) {
      left = 0;
      continue;
    }
    report.filled_nodes = SaturatingAdd(report.filled_nodes, filled);
    report.filled_cpu += group.room.cpu * filled;
    report.filled_memory += group.room.memory * filled;
    report.stranded_cpu += (group.room.cpu - cpu * fits) * filled;
    report.stranded_memory += (group.room.memory - memory * fits) * filled;
    left -= filled * fits;
  }
  return report;
}

PlacementReport ReportPlacement(const EligibleNodes& nodes, const Workload& workload) {
  return ReportPlacement(nodes, workload, workload.driver_extras, workload.executor_extras);
}

PlacementReport ReportPlacement(const EligibleNodes& nodes, const Workload& workload,
                                const PodExtras& driver_extras, const PodExtras& executor_extras) {
  if (!workload.sizes.executor.ok() || !workload.sizes.executors.ok()) {
    PlacementReport report;
    report.eligible_nodes = nodes.nodes();
    return report;
  }
  PlacementReport report = ReportPlacement(nodes, *workload.sizes.executor, executor_extras,
                                           workload.sizes.executors->most());
  report.taken_by_driver = TakenByDriver(nodes, workload, driver_extras, executor_extras);
  report.placeable -= report.taken_by_driver;
  return report;
}

}  // namespace ballast::policy
