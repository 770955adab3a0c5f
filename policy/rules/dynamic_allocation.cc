// Dynamic allocation whose numbers contradict each other never starts, or never ends growing.
//
//   reads     spark.dynamicAllocation.{enabled,minExecutors,initialExecutors,maxExecutors},
//             spark.executor.instances, what keeps shuffle files when an executor goes
//   rewrites  a minimum, and what the application starts with, above the maximum to the maximum;
//             an unbounded maximum to limits.application.executors.max; shuffle tracking on, where
//             nothing else keeps shuffle files (its default is off in 3.3 and on since 3.4)
//   warns     about an unbounded maximum where the policy has none, about a start below the
//             minimum, and about the external shuffle service, which Kubernetes has not
//   example   minExecutors=10 and maxExecutors=5: minExecutors becomes 5
#include <algorithm>
#include <limits>

#include "policy/replace_setting.h"
#include "policy/rules/rules.h"
#include "policy/spark_settings.h"

namespace ballast::policy {
namespace {

constexpr HashedKey kEnabled = "spark.dynamicAllocation.enabled";
constexpr HashedKey kMin = "spark.dynamicAllocation.minExecutors";
constexpr HashedKey kInitial = "spark.dynamicAllocation.initialExecutors";
constexpr HashedKey kMax = "spark.dynamicAllocation.maxExecutors";
constexpr HashedKey kInstances = "spark.executor.instances";
constexpr HashedKey kTracking = "spark.dynamicAllocation.shuffleTracking.enabled";
constexpr HashedKey kService = "spark.shuffle.service.enabled";
constexpr HashedKey kDecommission = "spark.decommission.enabled";
constexpr HashedKey kBlocks = "spark.storage.decommission.shuffleBlocks.enabled";
constexpr HashedKey kPlugin = "spark.shuffle.sort.io.plugin.class";
constexpr int64_t kUnbounded = std::numeric_limits<int32_t>::max();

bool IsTrue(const SparkConf& conf, HashedKey key, SparkVersion version) {
  return ReadBoolean(conf, key, version).value_or(false);
}

// Whether something keeps shuffle files when an executor is taken away, besides the external
// shuffle service.
bool KeepsShuffles(const SparkConf& conf, SparkVersion version) {
  if (IsTrue(conf, kTracking, version)) return true;
  if (IsTrue(conf, kDecommission, version) && IsTrue(conf, kBlocks, version)) return true;
  return version >= SparkVersion{3, 5} && conf.Has(kPlugin);
}

void JudgeShuffle(const Workload& workload, const Context& context, Verdict& verdict) {
  const SparkConf& conf = workload.conf;
  if (IsTrue(conf, kService, workload.versions.runtime)) {
    verdict.push_back(WarnAbout(conf, "external shuffle service on Kubernetes", Severity::kHigh,
                                kService,
                                "Kubernetes has no external shuffle service, and executors stop "
                                "when they cannot register with one; use shuffle tracking"));
    return;
  }
  bool any = KeepsShuffles(conf, workload.versions.runtime);
  for (const SparkVersions& versions : context.possible_versions) {
    any = any || KeepsShuffles(conf, versions.runtime);
  }
  if (any) return;
  verdict.push_back(Replace(conf, "no shuffle tracking", Severity::kHigh, kTracking, "true",
                            "Spark refuses dynamic allocation where nothing keeps shuffle files"));
}

struct Numbers {
  int64_t min = 0;
  int64_t initial = 0;  // as written
  int64_t max = kUnbounded;
  int64_t instances = 0;
};

// Spark refuses to start with more than the maximum (SchedulerBackendUtils), and takes the minimum
// for less than that.
void JudgeStart(const SparkConf& conf, const Numbers& numbers, Verdict& verdict) {
  for (const auto& [key, value] :
       {std::pair(kInitial, numbers.initial), std::pair(kInstances, numbers.instances)}) {
    if (value <= numbers.max) continue;
    const std::string most = std::to_string(numbers.max);
    verdict.push_back(Replace(
        conf, "initial executors above the maximum", Severity::kMedium, key, most,
        Join({"the application starts with more than the ", most, " executors of maxExecutors"})));
  }
  if (numbers.initial < numbers.min && RawSetting(conf, kInitial)) {
    verdict.push_back(WarnAbout(
        conf, "initial executors below the minimum", Severity::kInfo, kInitial,
        Join({"below minExecutors, so that Spark starts with ", std::to_string(numbers.min)})));
  }
}

void JudgeNumbers(const SparkConf& conf, std::optional<int64_t> most, Numbers numbers,
                  Verdict& verdict) {
  if (numbers.max >= kUnbounded) {
    if (most) {
      const std::string bound = std::to_string(*most);
      verdict.push_back(Replace(conf, "unbounded dynamic allocation", Severity::kMedium, kMax,
                                bound, Join({"no bound; the policy allows ", bound})));
      numbers.max = *most;
    } else {
      verdict.push_back(WarnAbout(conf, "unbounded dynamic allocation", Severity::kMedium, kMax,
                                  "no bound, so that one application can take the whole cluster"));
    }
  }
  if (numbers.min > numbers.max) {
    const std::string bound = std::to_string(numbers.max);
    verdict.push_back(Replace(conf, "minimum above the maximum", Severity::kHigh, kMin, bound,
                              Join({"above maxExecutors, ", bound})));
    numbers.min = numbers.max;
  }
  JudgeStart(conf, numbers, verdict);
}

Verdict Judge(const Workload& workload, const Context& context) {
  const SparkConf& conf = workload.conf;
  const SparkVersion version = workload.versions.runtime;
  if (!IsTrue(conf, kEnabled, version)) return {};
  Verdict verdict;
  const auto min = ReadInteger(conf, kMin, version);
  const auto max = ReadInteger(conf, kMax, version);
  const auto initial = ReadInteger(conf, kInitial, version);
  const auto instances = ReadOptionalInteger(conf, kInstances, version);
  // Nothing negative and no maximum of 0: Spark refuses those, and no one value is plainly meant.
  if (min.ok() && max.ok() && initial.ok() && instances.ok() && *min >= 0 && *max > 0) {
    JudgeNumbers(conf, context.policy.limits.application.executors.max,
                 {*min, RawSetting(conf, kInitial) ? *initial : 0, *max, instances->value_or(0)},
                 verdict);
  }
  JudgeShuffle(workload, context, verdict);
  return verdict;
}

}  // namespace

const Rule kDynamicAllocation = {
    "dynamic-allocation", "dynamic allocation has bounds that agree and keeps its shuffle files",
    &Judge};

}  // namespace ballast::policy
