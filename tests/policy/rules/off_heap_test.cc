#include "policy/rules/rules.h"
#include "tests/policy/rules/rule_case.h"

namespace ballast::policy {
namespace {

void Between1And16g(Workload&, Policy& policy) {
  policy.limits.executor.off_heap.size = {Gibibytes(1), Gibibytes(16)};
}
void Ceiling32g(Workload&, Policy& policy) {
  policy.limits.executor.off_heap.heap_ceiling = Gibibytes(32);
}
void MoveAbove32g(Workload& workload, Policy& policy) {
  Ceiling32g(workload, policy);
  policy.limits.executor.off_heap.move_rest = true;
}
void MoveAbove32gUpTo16g(Workload& workload, Policy& policy) {
  MoveAbove32g(workload, policy);
  policy.limits.executor.off_heap.size.max = Gibibytes(16);
}

const RuleCase kCases[] = {
    {"Unset", {}, nullptr, ""},
    {"UnsetWithinBounds", {}, Between1And16g, ""},
    {"WithoutASize",
     {{"spark.memory.offHeap.enabled", "true"}},
     nullptr,
     "reject: spark.memory.offHeap.size unset: off-heap memory is enabled without a size of 1m or "
     "more, which Spark refuses; set the size, or disable it"},
    {"LargestThatSparkRefuses",
     {{"spark.memory.offHeap.enabled", "true"}, {"spark.memory.offHeap.size", "1048575"}},
     nullptr,
     "reject: spark.memory.offHeap.size=1048575: off-heap memory is enabled without a size of 1m "
     "or more, which Spark refuses; set the size, or disable it"},
    {"SmallestThatSparkTakes",
     {{"spark.memory.offHeap.enabled", "true"}, {"spark.memory.offHeap.size", "1048576"}},
     nullptr,
     ""},
    {"WithoutASizeThePolicyKnowsOne",
     {{"spark.unsafe.offHeap", "true"}},
     Between1And16g,
     "rewrite: spark.memory.offHeap.size unset: the policy wants at least 1g; use 1g "
     "[spark.memory.offHeap.size=1g]"},
    {"AtTheMaximum",
     {{"spark.memory.offHeap.enabled", "true"}, {"spark.memory.offHeap.size", "16g"}},
     Between1And16g,
     ""},
    {"OverTheMaximum",
     {{"spark.memory.offHeap.enabled", "true"}, {"spark.memory.offHeap.size", "17g"}},
     Between1And16g,
     "rewrite: spark.memory.offHeap.size=17g: the policy wants at most 16g; use 16g "
     "[spark.memory.offHeap.size=16g]"},
    {"NotEnabled",
     {{"spark.memory.offHeap.size", "8g"}},
     nullptr,
     "warn: spark.memory.offHeap.size=8g: not used while spark.memory.offHeap.enabled is not true"},
    {"HeapAtTheOpinion", {{"spark.executor.memory", "50g"}}, nullptr, ""},
    {"HeapOverTheOpinion",
     {{"spark.executor.memory", "51g"}},
     nullptr,
     "warn: spark.executor.memory=51g: a heap above 50g pauses long in garbage collection; smaller "
     "executors, or the rest off-heap"},
    {"HeapOverTheCeiling",
     {{"spark.executor.memory", "33g"}},
     Ceiling32g,
     "warn: spark.executor.memory=33g: a heap above 32g pauses long in garbage collection; smaller "
     "executors, or the rest off-heap"},
    {"AtTheCeiling", {{"spark.executor.memory", "32g"}}, MoveAbove32g, ""},
    {"MovesTheRest",
     {{"spark.executor.memory", "100g"}},
     MoveAbove32g,
     "rewrite: spark.executor.memory=100g: a heap above 32g pauses long in garbage collection; use "
     "32g and 68g off-heap [spark.executor.memory=32g, spark.memory.offHeap.enabled=true, "
     "spark.memory.offHeap.size=68g]"},
    {"MovesTheRestToWhatIsThere",
     {{"spark.executor.memory", "40g"},
      {"spark.memory.offHeap.enabled", "true"},
      {"spark.memory.offHeap.size", "4g"}},
     MoveAbove32g,
     "rewrite: spark.executor.memory=40g: a heap above 32g pauses long in garbage collection; use "
     "32g and 12g off-heap [spark.executor.memory=32g, spark.memory.offHeap.enabled=true, "
     "spark.memory.offHeap.size=12g]"},
    {"MovesUpToTheMaximum",
     {{"spark.executor.memory", "48g"}},
     MoveAbove32gUpTo16g,
     "rewrite: spark.executor.memory=48g: a heap above 32g pauses long in garbage collection; use "
     "32g and 16g off-heap [spark.executor.memory=32g, spark.memory.offHeap.enabled=true, "
     "spark.memory.offHeap.size=16g]"},
    {"NoRoomForTheRest",
     {{"spark.executor.memory", "49g"}},
     MoveAbove32gUpTo16g,
     "warn: spark.executor.memory=49g: a heap above 32g pauses long in garbage collection; smaller "
     "executors, or the rest off-heap"},
    {"Unreadable", {{"spark.memory.offHeap.enabled", "yes"}}, Between1And16g, ""},
};

BALLAST_RULE_CASES(OffHeap, kOffHeap, kCases);

}  // namespace
}  // namespace ballast::policy
