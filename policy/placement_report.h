// How an application lies on the nodes: how many executors fit, and what stays unused beside them.
#pragma once

#include <cstdint>

#include "policy/capacity.h"
#include "policy/workload.h"

namespace ballast::policy {

struct PlacementReport {
  int64_t eligible_nodes = 0;
  int64_t per_node = 0;   // executors, on the node that holds most
  int64_t placeable = 0;  // executors at once, on ready nodes, however many are asked for
  // Nodes that the application fills with executors, and what they have left, which no further
  // executor of this shape can use.
  int64_t filled_nodes = 0;
  MilliCpu filled_cpu;
  ByteSize filled_memory;
  MilliCpu stranded_cpu;
  ByteSize stranded_memory;

  bool operator==(const PlacementReport&) const = default;
};

// `executors` at most, roomiest nodes first. Saturates.
PlacementReport ReportPlacement(const EligibleNodes& nodes, const PodShape& shape,
                                const PodExtras& extras, int64_t executors);
// Of the workload's executors; all zero but the nodes where its sizes are not known.
PlacementReport ReportPlacement(const EligibleNodes& nodes, const Workload& workload);

}  // namespace ballast::policy
