#include "policy/rules/rules.h"
#include "tests/policy/rules/rule_case.h"

namespace ballast::policy {
namespace {

void Partitions50To2000(Workload&, Policy& policy) {
  policy.limits.parallelism.shuffle_partitions = {50, 2000};
}
void AtLeast400Partitions(Workload&, Policy& policy) {
  policy.limits.parallelism.shuffle_partitions.min = 400;
}
void PartitionsOf32To256m(Workload&, Policy& policy) {
  policy.limits.parallelism.max_partition_bytes = {Mebibytes(32), Mebibytes(256)};
}
void BroadcastTo64m(Workload&, Policy& policy) {
  policy.limits.parallelism.broadcast_threshold = Mebibytes(64);
}
void BroadcastTo5m(Workload&, Policy& policy) {
  policy.limits.parallelism.broadcast_threshold = Mebibytes(5);
}
void TenthOfHeap(Workload&, Policy& policy) {
  policy.limits.parallelism.broadcast_heap_share = 0.1;
}
void Share29OfHeap(Workload&, Policy& policy) {
  policy.limits.parallelism.broadcast_heap_share = 0.29;
}
void Spark41(Workload& workload, Policy&) { workload.versions = {{4, 1}, {4, 1}}; }

const RuleCase kCases[] = {
    {"Unset", {}, nullptr, ""},
    {"PartitionsAtTheMaximum", {{"spark.sql.shuffle.partitions", "2000"}}, Partitions50To2000, ""},
    {"PartitionsOverTheMaximum",
     {{"spark.sql.shuffle.partitions", "2001"}},
     Partitions50To2000,
     "rewrite: spark.sql.shuffle.partitions=2001: the policy wants at most 2000; use 2000 "
     "[spark.sql.shuffle.partitions=2000]"},
    {"DefaultPartitionsUnderTheMinimum",
     {},
     AtLeast400Partitions,
     "rewrite: spark.sql.shuffle.partitions unset: the policy wants at least 400; use 400 "
     "[spark.sql.shuffle.partitions=400]"},
    {"ManyPartitions", {{"spark.sql.shuffle.partitions", "100000"}}, nullptr, ""},
    {"TooManyPartitions",
     {{"spark.sql.shuffle.partitions", "100001"}},
     nullptr,
     "warn: spark.sql.shuffle.partitions=100001: so many partitions cost the driver memory and "
     "time"},
    {"PartitionBytesAtTheMinimum",
     {{"spark.sql.files.maxPartitionBytes", "32MB"}},
     PartitionsOf32To256m,
     ""},
    {"PartitionBytesUnderTheMinimum",
     {{"spark.sql.files.maxPartitionBytes", "33554431"}},
     PartitionsOf32To256m,
     "rewrite: spark.sql.files.maxPartitionBytes=33554431: the policy wants at least 32m; use 32m "
     "[spark.sql.files.maxPartitionBytes=32m]"},
    {"BroadcastNever", {{"spark.sql.autoBroadcastJoinThreshold", "-1"}}, BroadcastTo64m, ""},
    {"BroadcastAtSparksMost",
     {{"spark.sql.autoBroadcastJoinThreshold", "8g"}, {"spark.executor.memory", "32g"}},
     nullptr,
     ""},
    {"BroadcastOverSparksMost",
     {{"spark.sql.autoBroadcastJoinThreshold", "10g"}, {"spark.executor.memory", "64g"}},
     nullptr,
     "rewrite: spark.sql.autoBroadcastJoinThreshold=10g: Spark broadcasts no table of 8 GiB or "
     "more; use 8g [spark.sql.autoBroadcastJoinThreshold=8g]"},
    {"BroadcastOverTheWrittenMost",
     {{"spark.sql.autoBroadcastJoinThreshold", "3g"},
      {"spark.sql.maxBroadcastTableSize", "2g"},
      {"spark.executor.memory", "64g"}},
     Spark41,
     "rewrite: spark.sql.autoBroadcastJoinThreshold=3g: Spark broadcasts no table above "
     "spark.sql.maxBroadcastTableSize=2g; use 2g [spark.sql.autoBroadcastJoinThreshold=2g]"},
    {"BroadcastAtThePolicy", {{"spark.sql.autoBroadcastJoinThreshold", "64m"}}, BroadcastTo64m, ""},
    {"BroadcastOverThePolicy",
     {{"spark.sql.autoBroadcastJoinThreshold", "65m"}},
     BroadcastTo64m,
     "rewrite: spark.sql.autoBroadcastJoinThreshold=65m: the policy wants at most 64m; use 64m "
     "[spark.sql.autoBroadcastJoinThreshold=64m]"},
    {"BroadcastByDefaultOverThePolicy",
     {},
     BroadcastTo5m,
     "rewrite: spark.sql.autoBroadcastJoinThreshold unset: the policy wants at most 5m; use 5m "
     "[spark.sql.autoBroadcastJoinThreshold=5m]"},
    {"BroadcastOverTheShare",
     {{"spark.sql.autoBroadcastJoinThreshold", "1g"}, {"spark.executor.memory", "4g"}},
     TenthOfHeap,
     "rewrite: spark.sql.autoBroadcastJoinThreshold=1g: at most 10 % of the executor's heap of 4g; "
     "use 409m [spark.sql.autoBroadcastJoinThreshold=409m]"},
    {"BroadcastOverAShareThatNoDoubleIs",
     {{"spark.sql.autoBroadcastJoinThreshold", "8g"}, {"spark.executor.memory", "25g"}},
     Share29OfHeap,
     "rewrite: spark.sql.autoBroadcastJoinThreshold=8g: at most 29 % of the executor's heap of "
     "25g; use 7424m [spark.sql.autoBroadcastJoinThreshold=7424m]"},
    {"AdaptiveBroadcastOverTheShare",
     {{"spark.sql.adaptive.autoBroadcastJoinThreshold", "1g"}, {"spark.executor.memory", "4g"}},
     TenthOfHeap,
     "rewrite: spark.sql.adaptive.autoBroadcastJoinThreshold=1g: at most 10 % of the executor's "
     "heap of 4g; use 409m [spark.sql.adaptive.autoBroadcastJoinThreshold=409m]"},
    {"BroadcastAtAQuarterOfTheHeap",
     {{"spark.sql.autoBroadcastJoinThreshold", "1g"}, {"spark.executor.memory", "4g"}},
     nullptr,
     ""},
    {"BroadcastOverAQuarterOfTheHeap",
     {{"spark.sql.autoBroadcastJoinThreshold", "1025m"}, {"spark.executor.memory", "4g"}},
     nullptr,
     "warn: spark.sql.autoBroadcastJoinThreshold=1025m: more than a quarter of the executor's heap "
     "of 4g for one broadcast table"},
    {"Unreadable",
     {{"spark.sql.autoBroadcastJoinThreshold", "never"}, {"spark.sql.shuffle.partitions", "many"}},
     Partitions50To2000,
     ""},
};

BALLAST_RULE_CASES(Parallelism, kParallelism, kCases);

}  // namespace
}  // namespace ballast::policy
