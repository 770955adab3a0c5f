#include "policy/rules/rules.h"
#include "tests/policy/rules/rule_case.h"

namespace ballast::policy {
namespace {

void Bounded(Workload&, Policy& policy) {
  policy.limits.memory_fraction = {0.6, 0.8};
  policy.limits.storage_fraction = {0.3, 0.5};
}
void Storage20(Workload&, Policy& policy) { policy.limits.storage_fraction.max = 0.2; }

const RuleCase kCases[] = {
    {"Unset", {}, nullptr, ""},
    {"DefaultsWithinBounds", {}, Bounded, ""},
    {"AtTheBounds",
     {{"spark.memory.fraction", "0.8"}, {"spark.memory.storageFraction", "0.3"}},
     Bounded,
     ""},
    {"OverTheBounds",
     {{"spark.memory.fraction", "0.81"}, {"spark.memory.storageFraction", "0.29"}},
     Bounded,
     "rewrite: spark.memory.fraction=0.81: the policy wants at most 0.8; use 0.8 "
     "[spark.memory.fraction=0.8]\n"
     "rewrite: spark.memory.storageFraction=0.29: the policy wants at least 0.3; use 0.3 "
     "[spark.memory.storageFraction=0.3]"},
    {"DefaultOverTheBound",
     {},
     Storage20,
     "rewrite: spark.memory.storageFraction unset: the policy wants at most 0.2; use 0.2 "
     "[spark.memory.storageFraction=0.2]"},
    {"NotANumberCountsAsTooLow",
     {{"spark.memory.fraction", "NaN"}},
     Bounded,
     "rewrite: spark.memory.fraction=NaN: the policy wants at least 0.6; use 0.6 "
     "[spark.memory.fraction=0.6]"},
    {"OpinionsAtTheirEdge",
     {{"spark.memory.fraction", "0.9"}, {"spark.memory.storageFraction", "0.1"}},
     nullptr,
     ""},
    {"OpinionsOverTheirEdge",
     {{"spark.memory.fraction", "0.95"}, {"spark.memory.storageFraction", "0.05"}},
     nullptr,
     "warn: spark.memory.fraction=0.95: hardly any heap is left for the job's own objects\n"
     "warn: spark.memory.storageFraction=0.05: hardly any cached block is safe from eviction"},
    {"LeftToSparkRefuses", {{"spark.memory.fraction", "1.5"}}, nullptr, ""},
    {"Dead",
     {{"spark.shuffle.memoryFraction", "0.4"}, {"spark.storage.memoryFraction", "0.5"}},
     nullptr,
     "warn: spark.shuffle.memoryFraction: Spark reads it no more and says nothing; "
     "spark.memory.fraction is what divides the heap\n"
     "warn: spark.storage.memoryFraction: Spark reads it no more and says nothing; "
     "spark.memory.storageFraction is what divides the heap"},
    {"Unreadable", {{"spark.memory.fraction", "most"}}, Bounded, ""},
};

BALLAST_RULE_CASES(MemoryFractions, kMemoryFractions, kCases);

}  // namespace
}  // namespace ballast::policy
