#include "policy/rules/rules.h"
#include "tests/policy/rules/rule_case.h"

namespace ballast::policy {
namespace {

void Python(Workload& workload, Policy&) { workload.language = Language::kPython; }
void Floor15(Workload&, Policy& policy) { policy.limits.executor.overhead_factor.min = 0.15; }
void Floor15ForAll(Workload& workload, Policy& policy) {
  Floor15(workload, policy);
  policy.limits.executor.overhead_factor.apply_to = OverheadScope::kAll;
}
void PythonFloor10(Workload& workload, Policy& policy) {
  workload.language = Language::kPython;
  policy.limits.executor.overhead_factor.min = 0.1;
}
void RFloor30(Workload& workload, Policy& policy) {
  workload.language = Language::kR;
  policy.limits.executor.overhead_factor.min_non_jvm = 0.3;
}

const RuleCase kCases[] = {
    {"SparksOwn", {{"spark.executor.memory", "28g"}}, nullptr, ""},
    {"SparksOwnForPython", {{"spark.executor.memory", "28g"}}, Python, ""},
    {"TheLeastThatSparkGivesIsEnough", {{"spark.executor.memory", "2g"}}, Floor15, ""},
    {"BelowTheFloor",
     {{"spark.executor.memory", "8g"}},
     Floor15,
     "rewrite: spark.executor.memoryOverheadFactor unset: the executor's overhead is 819 MiB, "
     "under 0.15 of its heap, 1228 MiB; use 0.15 [spark.executor.memoryOverheadFactor=0.15]"},
    {"FactorAtTheFloor",
     {{"spark.executor.memory", "8g"}, {"spark.executor.memoryOverheadFactor", "0.15"}},
     Floor15,
     ""},
    {"FactorOfBothPods",
     {{"spark.executor.memory", "8g"}, {"spark.kubernetes.memoryOverheadFactor", "0.05"}},
     Floor15,
     "rewrite: spark.executor.memoryOverheadFactor unset: the executor's overhead is 409 MiB, "
     "under 0.15 of its heap, 1228 MiB; use 0.15 [spark.executor.memoryOverheadFactor=0.15]"},
    {"LowFactorWithoutAPolicy",
     {{"spark.executor.memory", "8g"}, {"spark.executor.memoryOverheadFactor", "0.05"}},
     nullptr,
     "warn: spark.executor.memoryOverheadFactor=0.05: the executor's overhead is 409 MiB, under "
     "0.1 "
     "of its heap, 819 MiB"},
    {"WrittenIsOnlyWarnedAbout",
     {{"spark.executor.memory", "8g"}, {"spark.executor.memoryOverhead", "512m"}},
     Floor15,
     "warn: spark.executor.memoryOverhead=512m: the executor's overhead is 512 MiB, under 0.15 of "
     "its heap, 1228 MiB"},
    {"WrittenIsRaisedWithAll",
     {{"spark.executor.memory", "8g"}, {"spark.executor.memoryOverhead", "512m"}},
     Floor15ForAll,
     "rewrite: spark.executor.memoryOverhead=512m: the executor's overhead is 512 MiB, under 0.15 "
     "of its heap, 1228 MiB; use 1228m [spark.executor.memoryOverhead=1228m]"},
    {"WrittenInTheOldSpelling",
     {{"spark.executor.memory", "8g"}, {"spark.yarn.executor.memoryOverhead", "512"}},
     Floor15ForAll,
     "rewrite: spark.yarn.executor.memoryOverhead=512: the executor's overhead is 512 MiB, under "
     "0.15 of its heap, 1228 MiB; use 1228m [spark.executor.memoryOverhead=1228m, "
     "-spark.yarn.executor.memoryOverhead]"},
    {"TheDriverTooWithAll",
     {{"spark.driver.memory", "8g"}},
     Floor15ForAll,
     "rewrite: spark.driver.memoryOverheadFactor unset: the driver's overhead is 819 MiB, under "
     "0.15 of its heap, 1228 MiB; use 0.15 [spark.driver.memoryOverheadFactor=0.15]"},
    {"PythonKeepsItsHigherFactor",
     {{"spark.executor.memory", "4g"}, {"spark.kubernetes.memoryOverheadFactor", "0.1"}},
     PythonFloor10,
     "rewrite: spark.executor.memoryOverheadFactor unset: the executor's overhead is 409 MiB, "
     "under 0.4 of its heap, 1638 MiB; use 0.4 [spark.executor.memoryOverheadFactor=0.4]"},
    {"PythonWithItsMemoryCounted",
     {{"spark.executor.memory", "4g"},
      {"spark.kubernetes.memoryOverheadFactor", "0.1"},
      {"spark.executor.pyspark.memory", "2g"}},
     PythonFloor10,
     ""},
    {"RByItsOwnFloor",
     {{"spark.executor.memory", "4g"}, {"spark.kubernetes.memoryOverheadFactor", "0.2"}},
     RFloor30,
     "rewrite: spark.executor.memoryOverheadFactor unset: the executor's overhead is 819 MiB, "
     "under 0.3 of its heap, 1228 MiB; use 0.3 [spark.executor.memoryOverheadFactor=0.3]"},
    {"UnreadableHeap", {{"spark.executor.memory", "8x"}}, Floor15ForAll, ""},
};

BALLAST_RULE_CASES(MemoryOverhead, kMemoryOverhead, kCases);

}  // namespace
}  // namespace ballast::policy
