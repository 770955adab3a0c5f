#include "policy/short_resource.h"

#include <algorithm>

namespace ballast::policy {

std::optional<ShortResource> FindShortResource(const EligibleNodes& nodes,
                                               const ExtendedResources& asked) {
  if (!nodes.known()) return std::nullopt;
  for (const auto& [name, count] : asked) {
    int64_t most = 0;
    for (const EligibleNodes::Group& group : nodes.groups) {
      const auto found = group.room.extended.find(name);
      if (found != group.room.extended.end()) most = std::max(most, found->second);
    }
    if (count > most) return ShortResource{name, count, most};
  }
  return std::nullopt;
}

std::string DescribeShortage(const ShortResource& resource) {
  return "asks for " + std::to_string(resource.asked) + " " + resource.name + ", and no node has " +
         (resource.most == 0 ? std::string("any") : "more than " + std::to_string(resource.most));
}

std::optional<Judgement> JudgeResourceOnNoNode(const EligibleNodes& nodes,
                                               const ExtendedResources& asked,
                                               std::string_view who) {
  const auto resource = FindShortResource(nodes, asked);
  if (!resource || resource->most > 0) return std::nullopt;
  const std::string what = resource->name + ", of which " + std::string(who) +
                           (who.ends_with('s') ? " ask for " : " asks for ") +
                           std::to_string(resource->asked);
  if (nodes.pools_declared) {
    return Reject("no node has the resource", Severity::kCritical,
                  "no declared node pool has any " + what, {});
  }
  return Warn("no node has the resource", Severity::kMedium,
              "no node of the cluster has any " + what, {});
}

}  // namespace ballast::policy
