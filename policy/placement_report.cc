#include "policy/placement_report.h"

#include <algorithm>

namespace ballast::policy {

PlacementReport ReportPlacement(const EligibleNodes& nodes, const PodShape& shape,
                                const PodExtras& extras, int64_t executors) {
  const ByteSize memory = PodMemory(shape, extras);
  const MilliCpu cpu = PodCpu(shape, extras);
  PlacementReport report;
  report.eligible_nodes = nodes.nodes();
  int64_t left = executors;
  for (const EligibleNodes::Group& group : nodes.groups) {
    const int64_t fits = FitsPerNode(group.room, memory, cpu, extras.extended);
    report.per_node = std::max(report.per_node, fits);
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
  if (!workload.sizes.executor.ok() || !workload.sizes.executors.ok()) {
    PlacementReport report;
    report.eligible_nodes = nodes.nodes();
    return report;
  }
  return ReportPlacement(nodes, *workload.sizes.executor, workload.executor_extras,
                         workload.sizes.executors->most());
}

}  // namespace ballast::policy
