#include "policy/policy.h"

#include <algorithm>

#include "policy/rule_defaults.h"

namespace ballast::policy {
namespace {

bool SamePool(const NodeClass& a, const NodeClass& b) {
  return a.name == b.name && a.allocatable == b.allocatable && a.labels == b.labels &&
         a.taints == b.taints && a.count == b.count && a.ready == b.ready &&
         a.declared == b.declared;
}

bool SamePools(const std::optional<std::vector<NodeClass>>& a,
               const std::optional<std::vector<NodeClass>>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return std::equal(a->begin(), a->end(), b->begin(), b->end(), SamePool);
}

Policy MakeBuiltInPolicy() {
  Policy policy;
  policy.name = kBuiltInName;
  policy.mode = PolicyMode::kEnforce;
  for (const RuleDefault& rule : RuleDefaults()) {
    policy.rules.emplace(std::string(rule.id), rule.mode);
  }
  policy.capacity.source = CapacitySource::kCluster;
  policy.limits.executor.overhead_factor.apply_to = OverheadScope::kComputed;
  policy.limits.executor.off_heap.move_rest = false;
  policy.limits.stranded_share = 0.25;  // not a limit: from where on it is worth a sentence
  policy.split = {Gibibytes(1), 1, 8};
  policy.rewrite_at = RewriteAt::kResource;
  return policy;
}

}  // namespace

std::string_view Name(PolicyMode mode) {
  switch (mode) {
    case PolicyMode::kEnforce:
      return "Enforce";
    case PolicyMode::kWarn:
      return "Warn";
    case PolicyMode::kAudit:
      return "Audit";
  }
  return "";
}

std::string_view Name(Mode mode) {
  switch (mode) {
    case Mode::kOff:
      return "Off";
    case Mode::kWarn:
      return "Warn";
    case Mode::kEnforce:
      return "Enforce";
  }
  return "";
}

bool CapacityOptions::operator==(const CapacityOptions& other) const {
  return source == other.source && reserve == other.reserve &&
         SamePools(node_pools, other.node_pools) &&
         assume_node_selector == other.assume_node_selector &&
         assume_tolerations == other.assume_tolerations &&
         assume_sidecars == other.assume_sidecars && exclude == other.exclude;
}

const Policy& BuiltInPolicy() {
  static const Policy policy = MakeBuiltInPolicy();
  return policy;
}

}  // namespace ballast::policy
