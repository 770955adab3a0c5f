#include "policy/rule_defaults.h"

namespace ballast::policy {
namespace {

// Enforced: what would never run, or what Spark itself refuses. `dynamic-allocation` is enforced
// because contradictions are facts too, but an exception may lift its opinions.
constexpr RuleDefault kRuleDefaults[] = {
    {"executor-fits-node", Mode::kEnforce, true},
    {"executor-shape", Mode::kWarn},
    {"driver-fits-node", Mode::kEnforce, true},
    {"driver-shape", Mode::kWarn},
    {"cluster-share", Mode::kWarn},
    {"stranded-capacity", Mode::kWarn},
    {"namespace-quota", Mode::kWarn},
    {"spark-refuses", Mode::kEnforce, true},
    {"memory-overhead", Mode::kWarn},
    {"off-heap", Mode::kWarn},
    {"memory-fractions", Mode::kWarn},
    {"kryo-buffer", Mode::kEnforce, true},
    {"serializer", Mode::kWarn},
    {"message-size", Mode::kWarn},
    {"timeouts", Mode::kWarn},
    {"dynamic-allocation", Mode::kEnforce},
    {"cores", Mode::kWarn},
    {"parallelism", Mode::kWarn},
    {"deprecated-settings", Mode::kWarn},
    {"conflicting-settings", Mode::kWarn},
    {"settings", Mode::kWarn},
};

}  // namespace

std::span<const RuleDefault> RuleDefaults() { return kRuleDefaults; }

const RuleDefault* FindRuleDefault(std::string_view id) {
  for (const RuleDefault& rule : kRuleDefaults) {
    if (rule.id == id) return &rule;
  }
  return nullptr;
}

}  // namespace ballast::policy
