#include "policy/policy.h"

#include "policy/rule_defaults.h"

namespace ballast::policy {
namespace {

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
  policy.rewrite_at = RewriteAt::kAuto;
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

const Policy& BuiltInPolicy() {
  static const Policy policy = MakeBuiltInPolicy();
  return policy;
}

}  // namespace ballast::policy
