// How an application lies on the nodes: how many executors fit, and what stays unused beside them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "policy/capacity.h"
#include "policy/workload.h"

namespace ballast::policy {

struct PlacementReport {
  int64_t eligible_nodes = 0;
  int64_t per_node = 0;         // executors, on the node that holds most
  int64_t pods = 0;             // that this node may hold
  int64_t placeable = 0;        // executors at once, on ready nodes, however many are asked for
  int64_t taken_by_driver = 0;  // so many more there would be without the driver's pod
  // Nodes that the application fills with executors (or one of them with its driver), and what they
  // have left, which no further executor of this shape can use.
  int64_t filled_nodes = 0;
  MilliCpu filled_cpu;
  ByteSize filled_memory;
  MilliCpu stranded_cpu;
  ByteSize stranded_memory;

  // No smaller executor would fit more often on the node that holds most.
  bool pods_bound() const { return per_node > 0 && per_node >= pods; }

  bool operator==(const PlacementReport&) const = default;
};

// How many executors less fit on the ready nodes once the driver's pod is on that where it takes
// the fewest places. nullopt where it fits on none.
std::optional<int64_t> DriverCosts(const std::vector<EligibleNodes::Group>& groups,
                                   const PodShape& driver, const PodExtras& driver_extras,
                                   const PodShape& executor, const PodExtras& executor_extras);

// `executors` at most, roomiest nodes first. Saturates.
PlacementReport ReportPlacement(const EligibleNodes& nodes, const PodShape& shape,
                                const PodExtras& extras, int64_t executors);
// Of the workload's executors; all zero but the nodes where its sizes are not known. The driver is
// placed before them, unless it is to run elsewhere: then it may have nodes of its own.
PlacementReport ReportPlacement(const EligibleNodes& nodes, const Workload& workload);
// With what its pods have besides, as the policy counts it.
PlacementReport ReportPlacement(const EligibleNodes& nodes, const Workload& workload,
                                const PodExtras& driver_extras, const PodExtras& executor_extras);

}  // namespace ballast::policy
