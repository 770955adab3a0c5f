#include <gtest/gtest.h>

#include <optional>

#include "policy/rules/rules.h"
#include "tests/policy/rules/rule_case.h"

namespace ballast::policy {
namespace {

// What a row is about: a driver of 2432Mi and 1 core, 4 executors of 31539Mi and 4 cores each, in a
// namespace without quota, unless the row says otherwise.
struct Scene {
  Workload workload;
  Policy policy;
  NamespaceState space;
  std::optional<Workload> stored;
};

struct QuotaCase {
  const char* name;
  Pairs conf;
  void (*arrange)(Scene&);
  std::string want;  // one line a finding: "reject: MESSAGE"; "" for none
};
void PrintTo(const QuotaCase& test, std::ostream* stream) { *stream << test.name; }

void AddQuota(Scene& scene, const Amounts& hard, const Amounts& used = {},
              std::vector<Requirement> scopes = {}) {
  scene.space.quotas.push_back({"compute", hard, used, std::move(scopes)});
}

Requirement Scope(const char* name, Requirement::Operator op = Requirement::Operator::kExists,
                  std::vector<std::string> values = {}) {
  return {name, op, std::move(values)};
}

LimitRangeItem& AddRange(Scene& scene, LimitRangeItem::Type type) {
  LimitRangeItem item;
  item.type = type;
  scene.space.limit_ranges.push_back({"bounds", {item}});
  return scene.space.limit_ranges.back().items.back();
}
constexpr auto kContainer = LimitRangeItem::Type::kContainer;
constexpr auto kPod = LimitRangeItem::Type::kPod;
constexpr auto kClaim = LimitRangeItem::Type::kPersistentVolumeClaim;

constexpr int64_t Mi(int64_t n) { return n << 20; }
constexpr int64_t Gi(int64_t n) { return n << 30; }

SideContainer Side(const char* name, int64_t memory_mi, int64_t millis) {
  SideContainer side;
  side.name = name;
  side.memory_request = side.memory_limit = Mebibytes(memory_mi);
  side.cpu_request = side.cpu_limit = Millis(millis);
  return side;
}

std::string AnswerOf(Scene& scene, const Pairs& conf) {
  Pairs all = {{"spark.driver.memory", "2g"},
               {"spark.executor.memory", "28g"},
               {"spark.executor.cores", "4"},
               {"spark.executor.instances", "4"}};
  all.insert(all.end(), conf.begin(), conf.end());
  scene.workload.conf = SparkConf(all);
  Derive(scene.workload);
  if (scene.stored) Derive(*scene.stored);
  const ClusterCapacity cluster;
  const Context context = MakeContext(scene.workload, scene.policy, cluster, {},
                                      {&scene.space, scene.stored ? &*scene.stored : nullptr});
  std::string text;
  for (const Judgement& judgement : kNamespaceQuota.judge(scene.workload, context)) {
    EXPECT_TRUE(judgement.changes.empty());
    EXPECT_FALSE(judgement.finding.reason.empty());
    text += text.empty() ? "" : "\n";
    text += judgement.finding.action == Action::kReject ? "reject: " : "warn: ";
    text += judgement.finding.message;
  }
  return text;
}

class NamespaceQuota : public ::testing::TestWithParam<QuotaCase> {};

TEST_P(NamespaceQuota, SaysWhatTheUserSees) {
  Scene scene;
  scene.workload.versions = {{3, 5}, {3, 5}};
  if (GetParam().arrange) GetParam().arrange(scene);
  EXPECT_EQ(AnswerOf(scene, GetParam().conf), GetParam().want);
}

const QuotaCase kHard[] = {
    {"NoQuota", {}, nullptr, ""},
    {"MemoryAtTheLimit",
     {},
     [](Scene& s) {
       AddQuota(s, {{"requests.memory", Mi(2432 + 4 * 31539)}});
     },
     ""},
    {"MemoryOverIt",
     {},
     [](Scene& s) {
       AddQuota(s, {{"requests.memory", Mi(2432 + 4 * 31539) - 1}});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: requests.memory "
     "2432Mi + 4 x 31539Mi = 128588Mi of 134834290687; at most 3 executors fit beside the driver"},
    {"TheShortNameIsTheSame",
     {},
     [](Scene& s) {
       AddQuota(s, {{"memory", Gi(100)}});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: memory "
     "2432Mi + 4 x 31539Mi = 128588Mi of 100Gi; at most 3 executors fit beside the driver"},
    {"CpuAtTheLimit",
     {},
     [](Scene& s) {
       AddQuota(s, {{"requests.cpu", 17000}});
     },
     ""},
    {"CpuAMillicoreOver",
     {},
     [](Scene& s) {
       AddQuota(s, {{"cpu", 16999}});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: cpu 1 + 4 x 4 = "
     "17 of 16999m; at most 3 executors fit beside the driver"},
    {"SeveralSumsAndTheTighterOne",
     {},
     [](Scene& s) {
       AddQuota(s, {{"requests.memory", Gi(100)}, {"pods", 3}});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: pods 1 + 4 x 1 = "
     "5 of 3, requests.memory 2432Mi + 4 x 31539Mi = 128588Mi of 100Gi; at most 2 executors fit "
     "beside the driver"},
    {"PodsAtTheLimit",
     {},
     [](Scene& s) {
       AddQuota(s, {{"pods", 5}, {"count/pods", 5}});
     },
     ""},
    {"CountOfPodsOver",
     {},
     [](Scene& s) {
       AddQuota(s, {{"count/pods", 1}});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: count/pods 1 + 4 "
     "x 1 = 5 of 1; no executor fits beside the driver"},
    {"NotEvenTheDriver",
     {},
     [](Scene& s) {
       AddQuota(s, {{"requests.memory", Gi(2)}});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: requests.memory "
     "2432Mi + 4 x 31539Mi = 128588Mi of 2Gi; the driver alone is above it"},
    {"WhatTheQuotaDoesNotNameIsFree",
     {},
     [](Scene& s) {
       AddQuota(s, {{"services", 0}, {"requests.nvidia.com/gpu", 0}});
     },
     ""},
    {"DevicesAtTheLimit",
     {},
     [](Scene& s) {
       s.workload.executor_extras.extended = {{"nvidia.com/gpu", 2}};
       AddQuota(s, {{"requests.nvidia.com/gpu", 8}});
     },
     ""},
    {"DevicesOver",
     {},
     [](Scene& s) {
       s.workload.executor_extras.extended = {{"nvidia.com/gpu", 2}};
       AddQuota(s, {{"requests.nvidia.com/gpu", 7}});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: "
     "requests.nvidia.com/gpu 4 x 2 = 8 of 7; at most 3 executors fit beside the driver"},
    {"SidecarsCount",
     {},
     [](Scene& s) {
       s.workload.driver_extras.containers = {Side("proxy", 128, 100)};
       AddQuota(s, {{"requests.memory", Mi(2432 + 4 * 31539)}});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: requests.memory "
     "2560Mi + 4 x 31539Mi = 128716Mi of 128588Mi; at most 3 executors fit beside the driver"},
    {"AnInitContainerCountsWhereItIsLarger",
     {},
     [](Scene& s) {
       SideContainer init = Side("fetch", 4096, 100);
       init.init = true;
       s.workload.driver_extras.containers = {init};
       AddQuota(s, {{"requests.memory", Mi(4096 + 4 * 31539) - 1}, {"requests.cpu", 17000}});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: requests.memory "
     "4Gi + 4 x 31539Mi = 130252Mi of 136579121151; at most 3 executors fit beside the driver"},
    {"AssumedSidecarsCount",
     {},
     [](Scene& s) {
       s.policy.capacity.assume_sidecars = PodExtras{Mebibytes(100), Millis(100), {}, {}, {}};
       AddQuota(s, {{"requests.memory", Mi(2432 + 4 * 31539)}});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: requests.memory "
     "2532Mi + 4 x 31639Mi = 129088Mi of 128588Mi; at most 3 executors fit beside the driver"},
    {"TheOperatorsMemoryLimitIsOne",
     {{"executor.memoryLimit", "40g"}},
     [](Scene& s) {
       AddQuota(s, {{"limits.memory", Gi(160)}});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: limits.memory "
     "2432Mi + 4 x 40Gi = 166272Mi of 160Gi; at most 3 executors fit beside the driver"},
};
INSTANTIATE_TEST_SUITE_P(Hard, NamespaceQuota, ::testing::ValuesIn(kHard),
                         [](const auto& row) { return row.param.name; });

const Pairs kDynamic = {{"spark.dynamicAllocation.enabled", "true"},
                        {"spark.executor.instances", "0"},
                        {"spark.dynamicAllocation.minExecutors", "2"},
                        {"spark.dynamicAllocation.maxExecutors", "20"}};
const Pairs kDynamicFromNothing = {{"spark.dynamicAllocation.enabled", "true"},
                                   {"spark.executor.instances", "0"}};

const QuotaCase kCounts[] = {
    {"DynamicNeedsItsLeastNumber", kDynamic,
     [](Scene& s) {
       AddQuota(s, {{"pods", 2}});
     },
     "reject: the quota compute allows less than the driver and at least 2 executors need: pods 1 "
     "+ "
     "2 x 1 = 3 of 2; at most 1 executor fits beside the driver"},
    {"DynamicWhoseMostIsNeverReached", kDynamic,
     [](Scene& s) {
       AddQuota(s, {{"pods", 20}});
     },
     "warn: the quota compute never allows 20 executors: pods 1 + 20 x 1 = 21 of 20; at most 19 "
     "executors fit beside the driver"},
    {"DynamicWithRoomForAll", kDynamic,
     [](Scene& s) {
       AddQuota(s, {{"pods", 21}});
     },
     ""},
    {"DynamicFromNothingNeedsOne", kDynamicFromNothing,
     [](Scene& s) {
       AddQuota(s, {{"pods", 1}});
     },
     "reject: the quota compute allows less than the driver and at least 1 executor need: pods 1 + "
     "1 = 2 of 1; no executor fits beside the driver"},
    {"UnboundedTakesWhatThereIs", kDynamicFromNothing,
     [](Scene& s) {
       AddQuota(s, {{"pods", 2}});
     },
     ""},
    {"ADriverAlone",
     {{"spark.executor.instances", "0"}},
     [](Scene& s) {
       AddQuota(s, {{"requests.memory", Gi(2)}});
     },
     "reject: the quota compute allows less than the driver needs: requests.memory 2432Mi of 2Gi; "
     "the driver alone is above it"},
};
INSTANTIATE_TEST_SUITE_P(Counts, NamespaceQuota, ::testing::ValuesIn(kCounts),
                         [](const auto& row) { return row.param.name; });

const QuotaCase kFree[] = {
    {"AllOfItFree",
     {},
     [](Scene& s) {
       AddQuota(s, {{"pods", 9}}, {{"pods", 4}});
     },
     ""},
    {"OneTooFew",
     {},
     [](Scene& s) {
       AddQuota(s, {{"pods", 9}}, {{"pods", 5}});
     },
     "warn: the quota compute has less free just now than the driver and 4 executors need: pods 1 "
     "+ "
     "4 x 1 = 5, free 4 of 9; the rest waits until others end"},
    {"UsedBeyondHard",
     {},
     [](Scene& s) {
       AddQuota(s, {{"pods", 9}}, {{"pods", 12}});
     },
     "warn: the quota compute has less free just now than the driver and 4 executors need: pods 1 "
     "+ "
     "4 x 1 = 5, free 0 of 9; the rest waits until others end"},
    {"NotCountedYet",
     {},
     [](Scene& s) {
       AddQuota(s, {{"pods", 9}}, {});
     },
     ""},
    {"ItsOwnUseIsNotCountedTwice",
     {},
     [](Scene& s) {
       s.stored = s.workload;
       s.stored->conf = SparkConf({{"spark.executor.instances", "3"}});
       AddQuota(s, {{"pods", 9}}, {{"pods", 8}});
     },
     ""},
    {"ItsOwnUseIsAllThatItMayHave",
     {},
     [](Scene& s) {
       s.stored = s.workload;
       s.stored->conf = SparkConf({{"spark.executor.instances", "3"}});
       AddQuota(s, {{"pods", 9}}, {{"pods", 9}});
     },
     "warn: the quota compute has less free just now than the driver and 4 executors need: pods 1 "
     "+ "
     "4 x 1 = 5, free 4 of 9; the rest waits until others end"},
};
INSTANTIATE_TEST_SUITE_P(Free, NamespaceQuota, ::testing::ValuesIn(kFree),
                         [](const auto& row) { return row.param.name; });

using Op = Requirement::Operator;
const char kPodsOverOne[] =
    "reject: the quota compute allows less than the driver and 4 executors need: pods 1 + 4 x 1 = "
    "5 "
    "of 1; no executor fits beside the driver";

const QuotaCase kScopes[] = {
    {"BestEffortNeverCounts",
     {},
     [](Scene& s) {
       AddQuota(s, {{"pods", 1}}, {}, {Scope("BestEffort")});
     },
     ""},
    {"NotBestEffortCounts",
     {},
     [](Scene& s) {
       AddQuota(s, {{"pods", 1}}, {}, {Scope("NotBestEffort")});
     },
     kPodsOverOne},
    {"NotTerminatingCounts",
     {},
     [](Scene& s) {
       AddQuota(s, {{"pods", 1}}, {}, {Scope("NotTerminating")});
     },
     kPodsOverOne},
    {"TerminatingDoesNot",
     {},
     [](Scene& s) {
       AddQuota(s, {{"pods", 1}}, {}, {Scope("Terminating")});
     },
     ""},
    {"TerminatingCountsPodsWithADeadline",
     {},
     [](Scene& s) {
       s.workload.executor_extras.has_deadline = true;
       AddQuota(s, {{"pods", 1}}, {}, {Scope("Terminating")});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: pods 4 x 1 = 4 "
     "of "
     "1; at most 1 executor fits beside the driver"},
    {"AnotherPriorityClass",
     {},
     [](Scene& s) {
       s.workload.driver_extras.priority_class = "low";
       AddQuota(s, {{"pods", 1}}, {}, {Scope("PriorityClass", Op::kIn, {"high"})});
     },
     ""},
    {"ThePriorityClassOfTheExecutors",
     {},
     [](Scene& s) {
       s.workload.executor_extras.priority_class = "high";
       AddQuota(s, {{"pods", 3}}, {}, {Scope("PriorityClass", Op::kIn, {"high", "higher"})});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: pods 4 x 1 = 4 "
     "of "
     "3; at most 3 executors fit beside the driver"},
    {"AnyPriorityClass",
     {},
     [](Scene& s) {
       s.workload.driver_extras.priority_class = "low";
       AddQuota(s, {{"pods", 0}}, {}, {Scope("PriorityClass")});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: pods 1 of 0; the "
     "driver alone is above it"},
    {"NoneOfThesePriorityClasses",
     {},
     [](Scene& s) {
       AddQuota(s, {{"pods", 1}}, {}, {Scope("PriorityClass", Op::kNotIn, {"high"})});
     },
     kPodsOverOne},
    {"AllScopesMustHold",
     {},
     [](Scene& s) {
       AddQuota(s, {{"pods", 1}}, {}, {Scope("NotBestEffort"), Scope("Terminating")});
     },
     ""},
    {"CrossNamespaceAffinity",
     {},
     [](Scene& s) {
       s.workload.driver_extras.cross_namespace_affinity = true;
       AddQuota(s, {{"pods", 0}}, {}, {Scope("CrossNamespacePodAffinity")});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: pods 1 of 0; the "
     "driver alone is above it"},
    {"AScopeOfOtherThingsNeverHoldsForPods",
     {},
     [](Scene& s) {
       AddQuota(s, {{"pods", 0}}, {}, {Scope("VolumeAttributesClass")});
     },
     ""},
};
INSTANTIATE_TEST_SUITE_P(Scopes, NamespaceQuota, ::testing::ValuesIn(kScopes),
                         [](const auto& row) { return row.param.name; });

const QuotaCase kMissing[] = {
    {"NoCpuLimit",
     {},
     [](Scene& s) {
       AddQuota(s, {{"limits.cpu", 100000}});
     },
     "reject: the quota compute refuses pods that do not say limits.cpu for "
     "spark-kubernetes-driver, "
     "limits.cpu for spark-kubernetes-executor: set spark.kubernetes.driver.limit.cores and "
     "spark.kubernetes.executor.limit.cores, or give the namespace a LimitRange with a default"},
    {"CpuLimitsSet",
     {{"spark.kubernetes.driver.limit.cores", "1"}, {"spark.kubernetes.executor.limit.cores", "4"}},
     [](Scene& s) {
       AddQuota(s, {{"limits.cpu", 17000}});
     },
     ""},
    {"CpuLimitsSetAndAboveIt",
     {{"spark.kubernetes.driver.limit.cores", "1"}, {"spark.kubernetes.executor.limit.cores", "5"}},
     [](Scene& s) {
       AddQuota(s, {{"limits.cpu", 20000}});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: limits.cpu 1 + 4 "
     "x 5 = 21 of 20; at most 3 executors fit beside the driver"},
    {"TheTemplatesLimitCounts",
     {{"spark.kubernetes.executor.limit.cores", "4"}},
     [](Scene& s) {
       s.workload.driver_extras.template_cpu_limit = Cores(2);
       AddQuota(s, {{"limits.cpu", 17999}});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: limits.cpu 2 + 4 "
     "x 4 = 18 of 17999m; at most 3 executors fit beside the driver"},
    {"ADefaultOfALimitRangeIsALimit",
     {},
     [](Scene& s) {
       AddQuota(s, {{"limits.cpu", 50000}});
       AddRange(s, kContainer).default_limits = {{"cpu", 10000}};
     },
     ""},
    {"ASidecarWithoutRequests",
     {},
     [](Scene& s) {
       s.workload.executor_extras.containers = {SideContainer{"proxy"}};
       AddQuota(s, {{"requests.cpu", 100000}, {"memory", Gi(1000)}});
     },
     "reject: the quota compute refuses pods that do not say memory for proxy, requests.cpu for "
     "proxy: say them in the pod template, or give the namespace a LimitRange with a default"},
};
INSTANTIATE_TEST_SUITE_P(Missing, NamespaceQuota, ::testing::ValuesIn(kMissing),
                         [](const auto& row) { return row.param.name; });

const Pairs kClaims = {
    {"spark.kubernetes.executor.volumes.persistentVolumeClaim.data.options.claimName", "OnDemand"},
    {"spark.kubernetes.executor.volumes.persistentVolumeClaim.data.options.storageClass", "gold"},
    {"spark.kubernetes.executor.volumes.persistentVolumeClaim.data.options.sizeLimit", "500Gi"}};

const QuotaCase kClaimRows[] = {
    {"ClaimsAtTheLimit", kClaims,
     [](Scene& s) {
       AddQuota(s, {{"persistentvolumeclaims", 4},
                    {"requests.storage", Gi(2000)},
                    {"gold.storageclass.storage.k8s.io/requests.storage", Gi(2000)}});
     },
     ""},
    {"OneClaimTooMany", kClaims,
     [](Scene& s) {
       AddQuota(s, {{"persistentvolumeclaims", 3}});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: "
     "persistentvolumeclaims 4 x 1 = 4 of 3; at most 3 executors fit beside the driver"},
    {"StorageOver", kClaims,
     [](Scene& s) {
       AddQuota(s, {{"requests.storage", Gi(1999)}});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: requests.storage "
     "4 x 500Gi = 2000Gi of 1999Gi; at most 3 executors fit beside the driver"},
    {"OfAnotherClass", kClaims,
     [](Scene& s) {
       AddQuota(s, {{"lead.storageclass.storage.k8s.io/persistentvolumeclaims", 0}});
     },
     ""},
    {"ClaimsFromElsewhereCount",
     {},
     [](Scene& s) {
       s.workload.claims_per_executor = 2;
       AddQuota(s, {{"count/persistentvolumeclaims", 7}});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: "
     "count/persistentvolumeclaims 4 x 2 = 8 of 7; at most 3 executors fit beside the driver"},
    {"NoScopeHoldsForClaims", kClaims,
     [](Scene& s) {
       AddQuota(s, {{"persistentvolumeclaims", 0}}, {}, {Scope("NotTerminating")});
     },
     ""},
    {"ClaimSizeAtTheLimit", kClaims,
     [](Scene& s) {
       auto& item = AddRange(s, kClaim);
       item.max = {{"storage", Gi(500)}};
       item.min = {{"storage", Gi(500)}};
     },
     ""},
    {"ClaimTooLarge", kClaims,
     [](Scene& s) {
       AddRange(s, kClaim).max = {{"storage", Gi(499)}};
     },
     "reject: the executor's volume claim data is of 500Gi, and the LimitRange bounds allows a "
     "claim no more than 499Gi"},
    {"ClaimTooSmall", kClaims,
     [](Scene& s) {
       AddRange(s, kClaim).min = {{"storage", Gi(501)}};
     },
     "reject: the executor's volume claim data is of 500Gi, and the LimitRange bounds allows a "
     "claim no less than 501Gi"},
};
INSTANTIATE_TEST_SUITE_P(Claims, NamespaceQuota, ::testing::ValuesIn(kClaimRows),
                         [](const auto& row) { return row.param.name; });

const QuotaCase kRanges[] = {
    {"MaximumAtTheLimit",
     {},
     [](Scene& s) {
       AddRange(s, kContainer).max = {{"memory", Mi(31539)}};
     },
     ""},
    {"ContainerTooLarge",
     {},
     [](Scene& s) {
       AddRange(s, kContainer).max = {{"memory", Mi(31538)}};
     },
     "reject: the executor's container spark-kubernetes-executor has a limit of 31539Mi of memory, "
     "and the LimitRange bounds allows a container no more than 31538Mi"},
    {"MinimumAtTheLimit",
     {},
     [](Scene& s) {
       AddRange(s, kContainer).min = {{"memory", Mi(2432)}};
     },
     ""},
    {"ContainerTooSmall",
     {},
     [](Scene& s) {
       AddRange(s, kContainer).min = {{"memory", Mi(2433)}};
     },
     "reject: the driver's container spark-kubernetes-driver requests 2432Mi of memory, and the "
     "LimitRange bounds allows a container no less than 2433Mi"},
    {"NoCpuLimitForAMaximum",
     {{"spark.kubernetes.driver.limit.cores", "1"}},
     [](Scene& s) {
       AddRange(s, kContainer).max = {{"cpu", 8000}};
     },
     "reject: the executor's container spark-kubernetes-executor has no limit of cpu, and the "
     "LimitRange bounds allows a container no more than 8: set "
     "spark.kubernetes.executor.limit.cores"},
    {"ADefaultUnderTheRequest",
     {{"spark.kubernetes.driver.limit.cores", "1"}},
     [](Scene& s) {
       AddRange(s, kContainer).default_limits = {{"cpu", 500}};
     },
     "reject: the executor's container spark-kubernetes-executor requests 4 of cpu, and the "
     "LimitRange bounds gives it a default limit of 500m: set "
     "spark.kubernetes.executor.limit.cores"},
    {"ADefaultAtTheRequest",
     {},
     [](Scene& s) {
       AddRange(s, kContainer).default_limits = {{"cpu", 4000}};
     },
     ""},
    {"RatioAtTheLimit",
     {{"spark.kubernetes.driver.limit.cores", "2"},
      {"spark.kubernetes.executor.limit.cores", "10"}},
     [](Scene& s) {
       AddRange(s, kContainer).max_limit_request_ratio = {{"cpu", 2500}};
     },
     ""},
    {"RatioOver",
     {{"spark.kubernetes.driver.limit.cores", "2"},
      {"spark.kubernetes.executor.limit.cores", "10"}},
     [](Scene& s) {
       AddRange(s, kContainer).max_limit_request_ratio = {{"cpu", 2499}};
     },
     "reject: the executor's container spark-kubernetes-executor has a limit of 10 of cpu with a "
     "request of 4, and the LimitRange bounds allows a container a limit of at most 2.499 times "
     "its "
     "request"},
    {"PodAtTheLimit",
     {},
     [](Scene& s) {
       s.workload.executor_extras.containers = {Side("proxy", 100, 100)};
       AddRange(s, kPod).max = {{"memory", Mi(31639)}};
     },
     ""},
    {"PodTooLarge",
     {},
     [](Scene& s) {
       s.workload.executor_extras.containers = {Side("proxy", 100, 100)};
       AddRange(s, kPod).max = {{"memory", Mi(31638)}};
     },
     "reject: the executor's pod has a limit of 31639Mi of memory, and the LimitRange bounds "
     "allows "
     "a pod no more than 31638Mi"},
    {"WhatOthersAddIsNotJudgedByItself",
     {},
     [](Scene& s) {
       s.policy.capacity.assume_sidecars = PodExtras{Mebibytes(10), {}, {}, {}, {}};
       AddRange(s, kContainer).min = {{"memory", Mi(64)}, {"cpu", 100}};
     },
     ""},
    {"ADefaultRequestCountsTowardsTheQuota",
     {},
     [](Scene& s) {
       s.workload.driver_extras.containers = {SideContainer{"proxy"}};
       AddRange(s, kContainer).default_requests = {{"cpu", 250}, {"memory", Mi(64)}};
       AddQuota(s, {{"requests.cpu", 17249}});
     },
     "reject: the quota compute allows less than the driver and 4 executors need: requests.cpu "
     "1250m + 4 x 4 = 17250m of 17249m; at most 3 executors fit beside the driver"},
};
INSTANTIATE_TEST_SUITE_P(Ranges, NamespaceQuota, ::testing::ValuesIn(kRanges),
                         [](const auto& row) { return row.param.name; });

// Nothing is known of the namespace: nothing is said, however large the job.
TEST(NamespaceQuotaRule, AbstainsWhereTheNamespaceIsNotKnown) {
  const Policy policy;
  Workload workload = MakeWorkload({{"spark.executor.memory", "9999g"}});
  EXPECT_EQ(AnswerOf(kNamespaceQuota, workload, policy), "");
}

// The built-in policy only warns, so a job that a quota refuses is still admitted unchanged.
TEST(NamespaceQuotaRule, OnlyWarnsUnderTheBuiltInPolicy) {
  Workload workload = MakeWorkload({{"spark.executor.instances", "4"}});
  Derive(workload);
  NamespaceState space;
  space.quotas.push_back({"compute", {{"pods", 1}}, {}, {}});
  const Decision decision =
      Evaluate(workload, BuiltInPolicy(), ClusterCapacity(), {}, {&space, nullptr});
  EXPECT_EQ(decision.verdict, VerdictKind::kAdmitted);
  EXPECT_EQ(decision.after, workload);
  ASSERT_EQ(std::count_if(decision.findings.begin(), decision.findings.end(),
                          [](const Finding& f) { return f.rule == "namespace-quota"; }),
            1);
}

}  // namespace
}  // namespace ballast::policy
