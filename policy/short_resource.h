// Extended resources (GPUs) of which no node has as many as a pod asks for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "policy/capacity.h"
#include "policy/rule.h"

namespace ballast::policy {

struct ShortResource {
  std::string name;
  int64_t asked = 0;
  int64_t most = 0;  // on one node; 0 where no node has any
};

// The first one; nullopt where some node has enough of each, or capacity is not known.
std::optional<ShortResource> FindShortResource(const EligibleNodes& nodes,
                                               const ExtendedResources& asked);

// "asks for 4 nvidia.com/gpu, and no node has more than 2".
std::string DescribeShortage(const ShortResource& resource);

// What is to be said where no node has any: a refusal where pools are declared, else a warning,
// since an autoscaler may know of nodes that have it. nullopt where some node has some. `who` is
// "the executors".
std::optional<Judgement> JudgeResourceOnNoNode(const EligibleNodes& nodes,
                                               const ExtendedResources& asked,
                                               std::string_view who);

}  // namespace ballast::policy
