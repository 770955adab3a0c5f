#include "policy/quota_check.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "policy/limit_ranges.h"
#include "policy/units.h"
#include "policy/volume_claims.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kPriorityClass = "PriorityClass";

// A pod of Spark's requests memory always, so it is never of the class BestEffort.
bool InScope(const Requirement& scope, const PodAsk& pod) {
  if (scope.key == "Terminating") return pod.has_deadline;
  if (scope.key == "NotTerminating") return !pod.has_deadline;
  if (scope.key == "BestEffort") return false;
  if (scope.key == "NotBestEffort") return true;
  if (scope.key == "CrossNamespacePodAffinity") return pod.cross_namespace_affinity;
  if (scope.key != kPriorityClass) return false;
  Labels named;
  if (!pod.priority_class.empty()) named.emplace(kPriorityClass, pod.priority_class);
  return Matches(scope, named);
}

bool Counts(const ResourceQuota& quota, const PodAsk& pod) {
  return std::all_of(quota.scopes.begin(), quota.scopes.end(),
                     [&](const Requirement& scope) { return InScope(scope, pod); });
}

int64_t AmountOf(const Amounts& amounts, std::string_view resource) {
  const auto found = amounts.find(resource);
  return found == amounts.end() ? 0 : found->second;
}

// Quotas on these oblige every container to say its own.
constexpr std::array<std::pair<std::string_view, bool>, 6> kObliging = {{
    {"cpu", false},
    {"limits.cpu", true},
    {"limits.memory", true},
    {"memory", false},
    {"requests.cpu", false},
    {"requests.memory", false},
}};

void AddMissing(const ResourceQuota& quota, const PodAsk& pod, std::vector<std::string>& missing) {
  if (!Counts(quota, pod)) return;
  for (const auto& [resource, limit] : kObliging) {
    if (!quota.hard.contains(resource)) continue;
    const std::string_view bare = resource.substr(resource.rfind('.') + 1);
    for (const ContainerAsk& container : pod.containers) {
      if (container.assumed || (limit ? container.limits : container.requests).contains(bare))
        continue;
      missing.push_back(std::string(resource) + " for " + container.name);
    }
  }
}

}  // namespace

NamespaceUse UseOf(const Workload& workload, const Policy& policy,
                   const std::vector<LimitRange>& ranges, const ScaledExecutor* scaled) {
  NamespaceUse use;
  use.driver = AskOfDriver(workload, policy);
  use.executor =
      scaled ? AskOfExecutor(workload, policy, *scaled) : AskOfExecutor(workload, policy);
  use.driver_breaches = ApplyLimitRanges("driver", ranges, use.driver);
  use.executor_breaches = ApplyLimitRanges("executor", ranges, use.executor);
  use.driver_use = QuotaUse(use.driver);
  use.executor_use = QuotaUse(use.executor);
  const auto claim = [&](std::string_view role, int64_t at_least,
                         std::vector<std::string>& breaches) {
    const VolumeClaims claims = ReadVolumeClaims(workload.conf, role, at_least);
    for (std::string& breach : CheckClaimSizes(role, ranges, claims)) {
      breaches.push_back(std::move(breach));
    }
    return QuotaUse(claims);
  };
  use.driver_claims = claim("driver", 0, use.driver_breaches);
  use.executor_claims = claim("executor", workload.claims_per_executor, use.executor_breaches);
  return use;
}

int64_t LeastExecutors(const ExecutorCount& count) {
  if (!count.dynamic) return std::max<int64_t>(0, count.instances);
  return std::max<int64_t>(count.min, count.max > 0 ? 1 : 0);
}

int64_t QuotaShare::With(int64_t executors) const {
  return SaturatingAdd(driver, SaturatingMultiply(executor, executors));
}

int64_t QuotaShare::MostWithin(int64_t room) const {
  if (driver > room) return -1;
  if (executor <= 0) return std::numeric_limits<int64_t>::max();
  return SaturatingSubtract(room, driver) / executor;
}

std::vector<QuotaShare> SharesOf(const ResourceQuota& quota, const NamespaceUse& use) {
  const bool driver = Counts(quota, use.driver);
  const bool executor = Counts(quota, use.executor);
  // No scope of a pod holds for a volume claim.
  const bool claims = quota.scopes.empty();
  std::vector<QuotaShare> shares;
  for (const auto& [resource, hard] : quota.hard) {
    QuotaShare share;
    share.resource = resource;
    share.hard = hard;
    if (driver) share.driver = AmountOf(use.driver_use, resource);
    if (executor) share.executor = AmountOf(use.executor_use, resource);
    if (claims) {
      share.driver = SaturatingAdd(share.driver, AmountOf(use.driver_claims, resource));
      share.executor = SaturatingAdd(share.executor, AmountOf(use.executor_claims, resource));
    }
    if (share.driver <= 0 && share.executor <= 0) continue;
    if (const auto used = quota.used.find(resource); used != quota.used.end()) {
      share.used = used->second;
      share.used_known = true;
    }
    shares.push_back(share);
  }
  return shares;
}

std::vector<std::string> MissingAmounts(const ResourceQuota& quota, const NamespaceUse& use) {
  std::vector<std::string> missing;
  AddMissing(quota, use.driver, missing);
  AddMissing(quota, use.executor, missing);
  return missing;
}

std::string PrintSum(const QuotaShare& share, int64_t executors) {
  std::string text(share.resource);
  text += ' ';
  const bool some = share.executor > 0 && executors > 0;
  if (share.driver > 0 || !some) text += PrintAmount(share.resource, share.driver);
  if (!some) return text;
  if (share.driver > 0) text += " + ";
  if (executors > 1 || share.driver <= 0) text += std::to_string(executors) + " x ";
  text += PrintAmount(share.resource, share.executor);
  return text + " = " + PrintAmount(share.resource, share.With(executors));
}

}  // namespace ballast::policy
