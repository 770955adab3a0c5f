// The split: an executor that is too large becomes several smaller ones with the same slots in
// total and no less memory a slot. A small exact search (design section 6); tests compare it with
// brute force.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policy/capacity.h"
#include "policy/rule.h"
#include "policy/workload.h"

namespace ballast::policy {

// One way to cut the executor.
struct SplitCandidate {
  int64_t slots = 0;  // s'
  int64_t cores = 0;  // c', whole
  PodShape shape;
  ExecutorCount executors;
  std::vector<SettingChange> changes;  // from the workload's conf
  int64_t placeable_slots = 0;         // on the whole cluster at once
};

struct SplitResult {
  std::optional<SplitCandidate> chosen;
  std::string none_because;  // one task's memory, the largest eligible node, what would make it fit
};

// The best candidate that fits an eligible node and every limit of the policy.
SplitResult PlanSplit(const Workload& workload, const Context& context);

}  // namespace ballast::policy
