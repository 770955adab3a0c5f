#include "policy/rules/rules.h"
#include "tests/policy/rules/rule_case.h"

namespace ballast::policy {
namespace {

// The quota is known to a live cluster alone, so until there is one the rule has nothing to say.
const RuleCase kCases[] = {
    {"WithoutACluster", {{"spark.executor.memory", "28g"}}, nullptr, ""},
    {"WithoutAClusterHoweverLarge",
     {{"spark.executor.memory", "9999g"}, {"spark.executor.instances", "100000"}},
     nullptr,
     ""},
};
BALLAST_RULE_CASES(NamespaceQuota, kNamespaceQuota, kCases);

}  // namespace
}  // namespace ballast::policy
