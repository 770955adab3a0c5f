#include "policy/rules/rules.h"
#include "tests/policy/rules/rule_case.h"

namespace ballast::policy {
namespace {

void Spark40(Workload& workload, Policy&) { workload.versions = {{4, 0}, {4, 0}}; }

const RuleCase kCases[] = {
    {"Unset", {}, nullptr, ""},
    {"NothingOld",
     {{"spark.excludeOnFailure.enabled", "true"}, {"spark.rpc.io.threads", "8"}},
     nullptr,
     ""},
    {"Replaced",
     {{"spark.blacklist.enabled", "true"}},
     nullptr,
     "warn: spark.blacklist.enabled is deprecated; use spark.excludeOnFailure.enabled"},
    {"Dead",
     {{"spark.rpc.numRetries", "3"}},
     nullptr,
     "warn: spark.rpc.numRetries does nothing any more; leave it out"},
    {"InOrderOfTheKeys",
     {{"spark.yarn.executor.memoryOverhead", "1g"}, {"spark.cache.class", "x"}},
     nullptr,
     "warn: spark.cache.class does nothing any more; leave it out\n"
     "warn: spark.yarn.executor.memoryOverhead is deprecated; use spark.executor.memoryOverhead"},
    {"TheReplacementIsNotThereYet",
     {{"spark.shuffle.unsafe.file.output.buffer", "32k"}},
     nullptr,
     ""},
    {"TheReplacementIsThere",
     {{"spark.shuffle.unsafe.file.output.buffer", "32k"}},
     Spark40,
     "warn: spark.shuffle.unsafe.file.output.buffer is deprecated; use "
     "spark.shuffle.localDisk.file.output.buffer"},
};

BALLAST_RULE_CASES(DeprecatedSettings, kDeprecatedSettings, kCases);

}  // namespace
}  // namespace ballast::policy
