// The list of all rules, in the order in which they run. It is written out, because a rule that
// registered itself would be dropped by the linker without a word.
//
// The result of one pass must be a fixed point of all rules together (a test holds it), so: first
// what repairs one setting; then the shape and the split, whose candidates keep what was repaired;
// then what is capped as a share of a heap that is now final; then counts; then what only rejects.
#include "policy/rules/rules.h"

namespace ballast::policy {
namespace {

constexpr const Rule* kRules[] = {
    // Repairs of settings.
    &kDeprecatedSettings,
    &kConflictingSettings,
    &kSerializer,
    &kTimeouts,
    &kMemoryFractions,
    &kCores,
    &kDynamicAllocation,
    &kOffHeap,
    &kMemoryOverhead,
    // Shape and split.
    &kExecutorShape,
    &kExecutorFitsNode,
    &kStrandedCapacity,
    &kDriverShape,
    &kDriverFitsNode,
    // Shares of a heap that is final now.
    &kKryoBuffer,
    &kMessageSize,
    &kParallelism,
    // The operator's list again, since the split multiplies executors (its repair ran first).
    &kSettings,
    // Counts.
    &kClusterShare,
    // Rejections.
    &kNamespaceQuota,
    &kSparkRefuses,
};

}  // namespace

std::span<const Rule* const> AllRules() { return kRules; }

const Rule* FindRule(std::string_view id) {
  for (const Rule* rule : kRules) {
    if (rule->id == id) return rule;
  }
  return nullptr;
}

}  // namespace ballast::policy
