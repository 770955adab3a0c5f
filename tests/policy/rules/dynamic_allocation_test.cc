#include "policy/rules/rules.h"
#include "tests/policy/rules/rule_case.h"

namespace ballast::policy {
namespace {

void AtMost500(Workload&, Policy& policy) { policy.limits.application.executors.max = 500; }
void Spark33(Workload& workload, Policy&) { workload.versions = {{3, 3}, {3, 3}}; }
void UnsetVersion(Workload& workload, Policy&) { workload.version_known = false; }

const RuleCase kCases[] = {
    {"Off",
     {{"spark.dynamicAllocation.minExecutors", "9"}, {"spark.dynamicAllocation.maxExecutors", "5"}},
     nullptr,
     ""},
    {"Bounded",
     {{"spark.dynamicAllocation.enabled", "true"}, {"spark.dynamicAllocation.maxExecutors", "10"}},
     nullptr,
     ""},
    {"Unbounded",
     {{"spark.dynamicAllocation.enabled", "true"}},
     nullptr,
     "warn: spark.dynamicAllocation.maxExecutors unset: no bound, so that one application can take "
     "the whole cluster"},
    {"UnboundedInWords",
     {{"spark.dynamicAllocation.enabled", "true"},
      {"spark.dynamicAllocation.maxExecutors", "2147483647"}},
     nullptr,
     "warn: spark.dynamicAllocation.maxExecutors=2147483647: no bound, so that one application can "
     "take the whole cluster"},
    {"UnboundedWithAPolicy",
     {{"spark.dynamicAllocation.enabled", "true"}},
     AtMost500,
     "rewrite: spark.dynamicAllocation.maxExecutors unset: no bound; the policy allows 500; use "
     "500 "
     "[spark.dynamicAllocation.maxExecutors=500]"},
    {"BoundedAboveThePolicyIsForClusterShare",
     {{"spark.dynamicAllocation.enabled", "true"}, {"spark.dynamicAllocation.maxExecutors", "501"}},
     AtMost500,
     ""},
    {"MinimumAtTheMaximum",
     {{"spark.dynamicAllocation.enabled", "true"},
      {"spark.dynamicAllocation.minExecutors", "5"},
      {"spark.dynamicAllocation.maxExecutors", "5"}},
     nullptr,
     ""},
    {"MinimumOverTheMaximum",
     {{"spark.dynamicAllocation.enabled", "true"},
      {"spark.dynamicAllocation.minExecutors", "6"},
      {"spark.dynamicAllocation.maxExecutors", "5"}},
     nullptr,
     "rewrite: spark.dynamicAllocation.minExecutors=6: above maxExecutors, 5; use 5 "
     "[spark.dynamicAllocation.minExecutors=5]"},
    {"MinimumOverThePolicy",
     {{"spark.dynamicAllocation.enabled", "true"}, {"spark.dynamicAllocation.minExecutors", "600"}},
     AtMost500,
     "rewrite: spark.dynamicAllocation.maxExecutors unset: no bound; the policy allows 500; use "
     "500 "
     "[spark.dynamicAllocation.maxExecutors=500]\n"
     "rewrite: spark.dynamicAllocation.minExecutors=600: above maxExecutors, 500; use 500 "
     "[spark.dynamicAllocation.minExecutors=500]"},
    {"StartsAboveTheMaximum",
     {{"spark.dynamicAllocation.enabled", "true"},
      {"spark.dynamicAllocation.initialExecutors", "20"},
      {"spark.dynamicAllocation.maxExecutors", "10"}},
     nullptr,
     "rewrite: spark.dynamicAllocation.initialExecutors=20: the application starts with more than "
     "the 10 executors of maxExecutors; use 10 [spark.dynamicAllocation.initialExecutors=10]"},
    {"StartsAboveTheMaximumTwice",
     {{"spark.dynamicAllocation.enabled", "true"},
      {"spark.dynamicAllocation.initialExecutors", "20"},
      {"spark.executor.instances", "11"},
      {"spark.dynamicAllocation.maxExecutors", "10"}},
     nullptr,
     "rewrite: spark.dynamicAllocation.initialExecutors=20: the application starts with more than "
     "the 10 executors of maxExecutors; use 10 [spark.dynamicAllocation.initialExecutors=10]\n"
     "rewrite: spark.executor.instances=11: the application starts with more than the 10 executors "
     "of maxExecutors; use 10 [spark.executor.instances=10]"},
    {"StartsBelowTheMinimum",
     {{"spark.dynamicAllocation.enabled", "true"},
      {"spark.dynamicAllocation.minExecutors", "4"},
      {"spark.dynamicAllocation.initialExecutors", "3"},
      {"spark.dynamicAllocation.maxExecutors", "10"}},
     nullptr,
     "warn: spark.dynamicAllocation.initialExecutors=3: below minExecutors, so that Spark starts "
     "with 4"},
    {"NoTrackingByDefaultIn33",
     {{"spark.dynamicAllocation.enabled", "true"}, {"spark.dynamicAllocation.maxExecutors", "10"}},
     Spark33,
     "rewrite: spark.dynamicAllocation.shuffleTracking.enabled unset: Spark refuses dynamic "
     "allocation where nothing keeps shuffle files; use true "
     "[spark.dynamicAllocation.shuffleTracking.enabled=true]"},
    {"DecommissioningIn33NeedsItsBlocks",
     {{"spark.dynamicAllocation.enabled", "true"},
      {"spark.dynamicAllocation.maxExecutors", "10"},
      {"spark.decommission.enabled", "true"},
      {"spark.storage.decommission.shuffleBlocks.enabled", "true"}},
     Spark33,
     ""},
    {"SomeVersionTracksByDefault",
     {{"spark.dynamicAllocation.enabled", "true"}, {"spark.dynamicAllocation.maxExecutors", "10"}},
     UnsetVersion,
     ""},
    {"TrackingOff",
     {{"spark.dynamicAllocation.enabled", "true"},
      {"spark.dynamicAllocation.maxExecutors", "10"},
      {"spark.dynamicAllocation.shuffleTracking.enabled", "false"}},
     UnsetVersion,
     "rewrite: spark.dynamicAllocation.shuffleTracking.enabled=false: Spark refuses dynamic "
     "allocation where nothing keeps shuffle files; use true "
     "[spark.dynamicAllocation.shuffleTracking.enabled=true]"},
    {"DecommissioningInstead",
     {{"spark.dynamicAllocation.enabled", "true"},
      {"spark.dynamicAllocation.maxExecutors", "10"},
      {"spark.dynamicAllocation.shuffleTracking.enabled", "false"},
      {"spark.decommission.enabled", "true"}},
     nullptr,
     ""},
    {"ShuffleService",
     {{"spark.dynamicAllocation.enabled", "true"},
      {"spark.dynamicAllocation.maxExecutors", "10"},
      {"spark.shuffle.service.enabled", "true"}},
     nullptr,
     "warn: spark.shuffle.service.enabled=true: Kubernetes has no external shuffle service, and "
     "executors stop when they cannot register with one; use shuffle tracking"},
    {"NegativeIsLeftToSparkRefuses",
     {{"spark.dynamicAllocation.enabled", "true"}, {"spark.dynamicAllocation.minExecutors", "-1"}},
     AtMost500,
     ""},
};

BALLAST_RULE_CASES(DynamicAllocation, kDynamicAllocation, kCases);

}  // namespace
}  // namespace ballast::policy
