// The split: an executor that is too large becomes several smaller ones with the same slots in
// total and no less memory a slot. A small exact search (design section 6); tests compare it with
// brute force.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "policy/executor_scale.h"
#include "policy/rule.h"
#include "policy/workload.h"

namespace ballast::policy {

// One way to cut the executor. The one that is as it was has no changes.
struct SplitCandidate : ScaledExecutor {
  int64_t placeable_slots = 0;  // on the whole cluster at once, at most those asked for
};

struct SplitResult {
  std::optional<SplitCandidate> chosen;
  // Why nothing is chosen, or why the executor stays as it is where rules that warn would have it
  // split: one task's memory, the largest eligible node, what would make it fit.
  std::string none_because;
};

// The best candidate that fits an eligible node and every limit of the policy. Limits of rules that
// only warn are kept too wherever a candidate can; those of rules that are off do not count.
// Needs workload.sizes.ok().
SplitResult PlanSplit(const Workload& workload, const Context& context);

// Whether the executor as it is fits at least one eligible node. True where capacity is unknown.
bool FitsAnyNode(const EligibleNodes& nodes, const PodShape& shape, const PodExtras& extras);

// "40 executors of 30874m and 4 cores, 16 more ...": what a finding says of the chosen candidate.
std::string DescribeSplit(const Workload& workload, const SplitCandidate& chosen);

}  // namespace ballast::policy
