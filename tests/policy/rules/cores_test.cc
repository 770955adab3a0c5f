#include "policy/rules/rules.h"
#include "tests/policy/rules/rule_case.h"

namespace ballast::policy {
namespace {

void AtMost4(Workload&, Policy& policy) { policy.limits.executor.cores.max = Cores(4); }
void Spark43(Workload& workload, Policy&) { workload.versions = {{4, 3}, {4, 3}}; }

// As a pod template limits them.
void TemplateLimits2(Workload& workload, Policy&) {
  workload.driver_extras.template_cpu_limit = Cores(2);
  workload.executor_extras.template_cpu_limit = Cores(2);
}
void TemplateLimits2OfAStartedPod(Workload& workload, Policy& policy) {
  TemplateLimits2(workload, policy);
  workload.extent = Extent::kDriverPod;
}

const RuleCase kCases[] = {
    {"Unset", {}, nullptr, ""},
    {"TaskTakesAll", {{"spark.task.cpus", "4"}, {"spark.executor.cores", "4"}}, nullptr, ""},
    {"TaskTakesMore",
     {{"spark.task.cpus", "5"}, {"spark.executor.cores", "4"}},
     nullptr,
     "rewrite: spark.executor.cores=4: one task wants more (spark.task.cpus=5); use 5 "
     "[spark.executor.cores=5]"},
    {"TaskTakesMoreThanTheDefault",
     {{"spark.task.cpus", "2"}},
     nullptr,
     "rewrite: spark.executor.cores unset: one task wants more (spark.task.cpus=2); use 2 "
     "[spark.executor.cores=2]"},
    {"BrokenNumberOfCpus",
     {{"spark.task.cpus", "1.5"}},
     Spark43,
     "rewrite: spark.executor.cores unset: one task wants more (spark.task.cpus=1.5); use 2 "
     "[spark.executor.cores=2]"},
    {"TaskAtThePolicy",
     {{"spark.task.cpus", "4"}},
     AtMost4,
     "rewrite: spark.executor.cores unset: one task wants more (spark.task.cpus=4); use 4 "
     "[spark.executor.cores=4]"},
    {"TaskOverThePolicy",
     {{"spark.task.cpus", "5"}},
     AtMost4,
     "reject: spark.executor.cores unset: one task wants more (spark.task.cpus=5), and the policy "
     "allows 4"},
    {"LimitAtTheRequest",
     {{"spark.kubernetes.executor.request.cores", "500m"},
      {"spark.kubernetes.executor.limit.cores", "0.5"}},
     nullptr,
     ""},
    {"LimitBelowTheRequest",
     {{"spark.kubernetes.executor.request.cores", "1500m"},
      {"spark.kubernetes.executor.limit.cores", "1"}},
     nullptr,
     "rewrite: spark.kubernetes.executor.limit.cores=1: the executor requests 1500m cores, and "
     "Kubernetes refuses a limit below that; use 1500m "
     "[spark.kubernetes.executor.limit.cores=1500m]"},
    {"LimitBelowTheCores",
     {{"spark.executor.cores", "4"}, {"spark.kubernetes.executor.limit.cores", "2"}},
     nullptr,
     "rewrite: spark.kubernetes.executor.limit.cores=2: the executor requests 4 cores, and "
     "Kubernetes refuses a limit below that; use 4 [spark.kubernetes.executor.limit.cores=4]"},
    {"LimitBelowTheCoresAsRaised",
     {{"spark.task.cpus", "3"}, {"spark.kubernetes.executor.limit.cores", "2"}},
     nullptr,
     "rewrite: spark.executor.cores unset: one task wants more (spark.task.cpus=3); use 3 "
     "[spark.executor.cores=3]\n"
     "rewrite: spark.kubernetes.executor.limit.cores=2: the executor requests 3 cores, and "
     "Kubernetes refuses a limit below that; use 3 [spark.kubernetes.executor.limit.cores=3]"},
    {"TheDriverToo",
     {{"spark.driver.cores", "2"}, {"spark.kubernetes.driver.limit.cores", "1999m"}},
     nullptr,
     "rewrite: spark.kubernetes.driver.limit.cores=1999m: the driver requests 2 cores, and "
     "Kubernetes refuses a limit below that; use 2 [spark.kubernetes.driver.limit.cores=2]"},
    {"TemplatesLimitAtTheRequest",
     {{"spark.driver.cores", "2"}, {"spark.executor.cores", "2"}},
     TemplateLimits2,
     ""},
    {"TemplatesLimitBelowTheRequest",
     {{"spark.driver.cores", "3"},
      {"spark.executor.cores", "3"},
      {"spark.kubernetes.executor.request.cores", "2001m"}},
     TemplateLimits2,
     "reject: spark.kubernetes.executor.request.cores=2001m: the executor requests 2001m cores, "
     "its "
     "pod template limits them to 2, and Kubernetes refuses a limit below that: raise it there\n"
     "reject: spark.kubernetes.driver.request.cores unset: the driver requests 3 cores, its pod "
     "template limits them to 2, and Kubernetes refuses a limit below that: raise it there"},
    {"SparksOwnLimitBeatsTheTemplates",
     {{"spark.executor.cores", "3"}, {"spark.kubernetes.executor.limit.cores", "3"}},
     TemplateLimits2,
     ""},
    {"APodThatIsMadeSaysAllOfItself",
     {{"spark.driver.cores", "3"}},
     TemplateLimits2OfAStartedPod,
     ""},
    {"RequestOfNothing", {{"spark.kubernetes.executor.request.cores", "0"}}, nullptr, ""},
    {"RequestOfLessThanNothing",
     {{"spark.kubernetes.executor.request.cores", "-1"}},
     nullptr,
     "reject: spark.kubernetes.executor.request.cores=-1: the API server makes no pod with this "
     "cpu: it is less than nothing; write for example 500m or 2"},
    {"LimitOfLessThanNothing",
     {{"spark.kubernetes.driver.limit.cores", "-1m"}},
     nullptr,
     "reject: spark.kubernetes.driver.limit.cores=-1m: the API server makes no pod with this cpu: "
     "it is less than nothing; write for example 500m or 2"},
    {"UnreadableLimit",
     {{"spark.kubernetes.executor.limit.cores", "few"}},
     nullptr,
     "reject: spark.kubernetes.executor.limit.cores=few: the API server makes no pod with this "
     "cpu: \"few\" is not a quantity: write a number with a suffix of n, u, m, k, M, G, T, P, E, "
     "Ki, Mi, Gi, Ti, Pi, Ei or an exponent, for example 39Gi, 500m or 1e3"},
    {"UnreadableCpus", {{"spark.task.cpus", "few"}}, nullptr, ""},
};

BALLAST_RULE_CASES(CoresRule, kCores, kCases);

}  // namespace
}  // namespace ballast::policy
