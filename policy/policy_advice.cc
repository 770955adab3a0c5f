#include "policy/policy_advice.h"

#include <map>
#include <string_view>

#include "policy/layers.h"
#include "policy/policy_fields.h"
#include "policy/rule_defaults.h"

namespace ballast::policy {
namespace {

// The rule that enforces the field: the first of its readers. Empty where that is no rule.
std::string_view EnforcerOf(const PolicyField& field) {
  const std::string_view first = field.readers.substr(0, field.readers.find(' '));
  return FindRuleDefault(first) == nullptr ? "" : first;
}

}  // namespace

std::vector<std::string> Advice(const Policy& policy) {
  std::vector<std::string> advice;
  const Policy* alone[] = {&policy};
  const EffectivePolicy effective = Layer(alone);
  std::map<std::string_view, std::string> weak;  // rule -> the fields that it only warns about
  for (const PolicyField& field : PolicyFields()) {
    const std::string_view rule = EnforcerOf(field);
    if (rule.empty() || !IsSet(field, policy) || policy.rules.contains(rule)) continue;
    if (effective.policy.rules.find(rule)->second == Mode::kEnforce) continue;
    std::string& fields = weak[rule];
    fields += (fields.empty() ? "" : ", ") + std::string(field.path);
  }
  if (policy.mode.value_or(PolicyMode::kEnforce) == PolicyMode::kEnforce) {
    for (const auto& [rule, fields] : weak) {
      advice.push_back("rule " + std::string(rule) + " only warns about " + fields +
                       "; to enforce it, write rules: {" + std::string(rule) + ": Enforce}");
    }
  }
  const CapacitySource source = policy.capacity.source.value_or(CapacitySource::kCluster);
  if (policy.capacity.node_pools && source == CapacitySource::kCluster) {
    advice.push_back(
        "capacity.nodePools do not count while capacity.source is Cluster; write NodePools or "
        "Both");
  }
  if (!policy.capacity.node_pools && source != CapacitySource::kCluster) {
    advice.push_back("capacity.source counts node pools, but this policy declares none");
  }
  return advice;
}

}  // namespace ballast::policy
