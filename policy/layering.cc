// Lays policies over each other, field by field (layers.h).
#include <algorithm>

#include "policy/layers.h"
#include "policy/policy_fields.h"

namespace ballast::policy {
namespace {

// The strongest mode that a policy lets any rule have.
Mode Bound(const Policy& policy) {
  return policy.mode == PolicyMode::kWarn ? Mode::kWarn : Mode::kEnforce;
}

// Which policies match and how strong they are is decided before; these fields are not laid over
// each other.
bool DecidesBefore(const PolicyField& field) {
  return field.path == "mode" || field.path == "priority" || field.path == "namespaceSelector" ||
         field.path == "objectSelector";
}

void LayRules(const Policy& policy, EffectivePolicy& effective) {
  for (const auto& [id, mode] : policy.rules) {
    effective.policy.rules.insert_or_assign(id, std::min(mode, Bound(policy)));
    effective.origins.insert_or_assign("rules." + id, policy.name);
  }
}

void LaySettings(const Policy& policy, EffectivePolicy& effective) {
  for (const auto& [key, row] : policy.settings) {
    effective.policy.settings.insert_or_assign(key, row);
    effective.origins.insert_or_assign("settings." + key, policy.name);
  }
}

void Lay(const Policy& policy, EffectivePolicy& effective) {
  for (const PolicyField& field : PolicyFields()) {
    if (DecidesBefore(field) || !IsSet(field, policy)) continue;
    if (field.type == FieldType::kRuleModes) {
      LayRules(policy, effective);
    } else if (field.type == FieldType::kSettings) {
      LaySettings(policy, effective);
    } else {
      CopyField(field, policy, effective.policy);
      effective.origins.insert_or_assign(std::string(field.path), policy.name);
    }
  }
}

}  // namespace

EffectivePolicy Layer(std::span<const Policy* const> policies) {
  EffectivePolicy effective;
  Lay(BuiltInPolicy(), effective);
  if (policies.empty()) {
    effective.policy.name = effective.names = effective.versions = kBuiltInName;
    effective.policy.mode = PolicyMode::kEnforce;
    effective.origins.emplace("mode", kBuiltInName);
    return effective;
  }

  const Policy& strongest = *policies.front();
  for (auto& [id, mode] : effective.policy.rules) mode = std::min(mode, Bound(strongest));
  for (size_t i = policies.size(); i > 0; --i) Lay(*policies[i - 1], effective);

  effective.policy.mode = strongest.mode.value_or(PolicyMode::kEnforce);
  effective.origins.emplace("mode", strongest.name);
  effective.policy.priority = strongest.priority;
  effective.policy.generation = strongest.generation;
  for (const Policy* policy : policies) {
    const std::string_view comma = effective.names.empty() ? "" : ",";
    effective.names.append(comma).append(policy->name);
    effective.versions.append(comma).append(policy->name).append("@");
    effective.versions.append(std::to_string(policy->generation));
  }
  effective.policy.name = effective.names;
  return effective;
}

}  // namespace ballast::policy
