#include "policy/rules/rules.h"
#include "tests/policy/rules/rule_case.h"

namespace ballast::policy {
namespace {

void Message256(Workload&, Policy& policy) { policy.limits.rpc_message_max = 256; }
void Message100(Workload&, Policy& policy) { policy.limits.rpc_message_max = 100; }
void Direct64m(Workload&, Policy& policy) { policy.limits.direct_result_max = Mebibytes(64); }
void Share29OfHeap(Workload&, Policy& policy) { policy.limits.result_heap_share = 0.29; }
void QuarterOfHeap(Workload&, Policy& policy) { policy.limits.result_heap_share = 0.25; }

const RuleCase kCases[] = {
    {"Unset", {}, nullptr, ""},
    {"MessageAtSparksMost", {{"spark.rpc.message.maxSize", "2047"}}, nullptr, ""},
    {"MessageOverSparksMost",
     {{"spark.rpc.message.maxSize", "2048"}},
     nullptr,
     "rewrite: spark.rpc.message.maxSize=2048: Spark refuses more than 2047 MiB; use 2047 "
     "[spark.rpc.message.maxSize=2047]"},
    {"MessageAtThePolicy", {{"spark.rpc.message.maxSize", "256"}}, Message256, ""},
    {"MessageOverThePolicy",
     {{"spark.rpc.message.maxSize", "257"}},
     Message256,
     "rewrite: spark.rpc.message.maxSize=257: the policy allows 256 MiB; use 256 "
     "[spark.rpc.message.maxSize=256]"},
    {"MessageByDefaultOverThePolicy",
     {},
     Message100,
     "rewrite: spark.rpc.message.maxSize unset: the policy allows 100 MiB; use 100 "
     "[spark.rpc.message.maxSize=100]"},
    {"MessageWithASuffix",
     {{"spark.rpc.message.maxSize", "512m"}},
     nullptr,
     "rewrite: spark.rpc.message.maxSize=512m: Spark takes a bare number of MiB only; use 512 "
     "[spark.rpc.message.maxSize=512]"},
    {"MessageWithASuffixOverThePolicy",
     {{"spark.rpc.message.maxSize", "1g"}},
     Message256,
     "rewrite: spark.rpc.message.maxSize=1g: Spark takes a bare number of MiB only; use 256 "
     "[spark.rpc.message.maxSize=256]"},
    {"MessageUnreadable", {{"spark.rpc.message.maxSize", "large"}}, Message256, ""},
    {"DirectAtThePolicy", {{"spark.task.maxDirectResultSize", "64m"}}, Direct64m, ""},
    {"DirectOverThePolicy",
     {{"spark.task.maxDirectResultSize", "65m"}},
     Direct64m,
     "rewrite: spark.task.maxDirectResultSize=65m: the policy allows 64m; use 64m "
     "[spark.task.maxDirectResultSize=64m]"},
    {"DirectAtSparksMost", {{"spark.task.maxDirectResultSize", "2147483631"}}, nullptr, ""},
    {"DirectOverSparksMost",
     {{"spark.task.maxDirectResultSize", "2147483632"}},
     nullptr,
     "rewrite: spark.task.maxDirectResultSize=2147483632: executors refuse 2 GiB and more; use "
     "2047m [spark.task.maxDirectResultSize=2047m]"},
    {"ResultAtTheHeap",
     {{"spark.driver.maxResultSize", "2g"}, {"spark.driver.memory", "2g"}},
     nullptr,
     ""},
    {"ResultOverTheHeap",
     {{"spark.driver.maxResultSize", "4g"}, {"spark.driver.memory", "2g"}},
     nullptr,
     "warn: spark.driver.maxResultSize=4g: so one collect can take more than the driver's heap of "
     "2g"},
    {"ResultWithoutBound",
     {{"spark.driver.maxResultSize", "0"}},
     nullptr,
     "warn: spark.driver.maxResultSize=0: no bound, so that one collect can take more than the "
     "driver's heap of 1g"},
    {"ResultAtTheShare",
     {{"spark.driver.maxResultSize", "1g"}, {"spark.driver.memory", "4g"}},
     QuarterOfHeap,
     ""},
    {"ResultOverTheShare",
     {{"spark.driver.maxResultSize", "1025m"}, {"spark.driver.memory", "4g"}},
     QuarterOfHeap,
     "rewrite: spark.driver.maxResultSize=1025m: at most 25 % of the driver's heap of 4g; use 1g "
     "[spark.driver.maxResultSize=1g]"},
    {"ResultAtAShareThatNoDoubleIs",
     {{"spark.driver.maxResultSize", "7424m"}, {"spark.driver.memory", "25g"}},
     Share29OfHeap,
     ""},
    {"ResultOverAShareThatNoDoubleIs",
     {{"spark.driver.maxResultSize", "7425m"}, {"spark.driver.memory", "25g"}},
     Share29OfHeap,
     "rewrite: spark.driver.maxResultSize=7425m: at most 29 % of the driver's heap of 25g; use "
     "7424m [spark.driver.maxResultSize=7424m]"},
    {"ResultByDefaultOverTheShare",
     {{"spark.driver.memory", "2g"}},
     QuarterOfHeap,
     "rewrite: spark.driver.maxResultSize unset: at most 25 % of the driver's heap of 2g; use 512m "
     "[spark.driver.maxResultSize=512m]"},
};

BALLAST_RULE_CASES(MessageSize, kMessageSize, kCases);

}  // namespace
}  // namespace ballast::policy
