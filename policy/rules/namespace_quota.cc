// What the namespace's ResourceQuotas and LimitRanges allow the application. The API server would
// refuse its pods one by one, long after it was accepted, and without a word of what would fit.
//
//   reads     the driver's and an executor's containers with requests and limits, the number of
//             executors, their volume claims; the namespace's quotas, whose scopes decide what
//             counts, and its LimitRanges, whose defaults are added first
//   rejects   when driver and least executors together exceed what a quota allows at most; when a
//             container lacks a limit that a quota asks for; when a pod, a container or a volume
//             claim breaks a LimitRange
//   warns     when they exceed what is free just now, where the application's own use before an
//             update is not counted twice; when the most executors can never be reached
//   abstains  where the namespace is not known: without a live cluster or a snapshot; about what
//             else a quota may count (services, ConfigMaps, ephemeral storage)
//   example   requests.memory 100Gi: a driver of 2432Mi and 4 executors of 31539Mi are refused
//
// A refusal follows from `hard` alone, so that replicas agree as long as nobody edits the quota;
// what is used just now changes with every pod, and only warns.
#include <algorithm>
#include <limits>
#include <optional>

#include "policy/executor_settings.h"
#include "policy/quota_check.h"
#include "policy/rules/rules.h"

namespace ballast::policy {
namespace {

std::string Executors(int64_t n) {
  return std::to_string(n) + (n == 1 ? " executor" : " executors");
}

// "the driver and 4 executors", "the driver and at least 4 executors".
std::string Who(const ExecutorCount& count, int64_t executors) {
  if (executors == 0) return "the driver";
  return std::string("the driver and ") + (count.dynamic ? "at least " : "") + Executors(executors);
}

// "; at most 3 executors fit beside the driver".
std::string HowManyFit(int64_t most) {
  if (most < 0) return "; the driver alone is above it";
  if (most == 0) return "; no executor fits beside the driver";
  return "; at most " + Executors(most) + (most == 1 ? " fits" : " fit") + " beside the driver";
}

// How a quota is exceeded: which sums, and what would fit.
struct Excess {
  std::string sums;
  int64_t most = std::numeric_limits<int64_t>::max();
  bool any = false;

  void Add(std::string sum, int64_t fitting) {
    if (any) sums += ", ";
    sums += sum;
    most = std::min(most, fitting);
    any = true;
  }
};

Excess AboveHard(const std::vector<QuotaShare>& shares, int64_t executors) {
  Excess excess;
  for (const QuotaShare& share : shares) {
    if (share.With(executors) <= share.hard) continue;
    excess.Add(PrintSum(share, executors) + " of " + PrintAmount(share.resource, share.hard),
               share.MostWithin(share.hard));
  }
  return excess;
}

// What the application used before, of each resource of the quota: at most all that is used.
class OwnUse {
 public:
  OwnUse(const ResourceQuota& quota, const Context& context) {
    const Workload* stored = context.space.stored;
    if (stored == nullptr || !stored->sizes.ok()) return;
    use_ = UseOf(*stored, context.policy, context.space.state->limit_ranges);
    shares_ = SharesOf(quota, *use_);
    executors_ = stored->sizes.executors->most();
  }
  int64_t Of(std::string_view resource) const {
    for (const QuotaShare& share : shares_) {
      if (share.resource == resource) return share.With(executors_);
    }
    return 0;
  }

 private:
  std::optional<NamespaceUse> use_;
  std::vector<QuotaShare> shares_;
  int64_t executors_ = 0;
};

Excess AboveFree(const ResourceQuota& quota, const std::vector<QuotaShare>& shares,
                 int64_t executors, const Context& context) {
  Excess excess;
  const OwnUse own(quota, context);
  for (const QuotaShare& share : shares) {
    if (!share.used_known) continue;
    const int64_t others = std::max<int64_t>(0, share.used - own.Of(share.resource));
    const int64_t free = std::max<int64_t>(0, SaturatingSubtract(share.hard, others));
    if (share.With(executors) <= free) continue;
    excess.Add(PrintSum(share, executors) + ", free " + PrintAmount(share.resource, free) + " of " +
                   PrintAmount(share.resource, share.hard),
               share.MostWithin(free));
  }
  return excess;
}

std::vector<std::string> Settings() {
  return {"spark.driver.memory", "spark.executor.memory", std::string(kInstancesKey)};
}

void JudgeSums(const Workload& workload, const Context& context, const ResourceQuota& quota,
               const NamespaceUse& use, Verdict& verdict) {
  const ExecutorCount& count = *workload.sizes.executors;
  const int64_t least = LeastExecutors(count);
  const std::vector<QuotaShare> shares = SharesOf(quota, use);
  const std::string who = Who(count, least);
  const std::string need = least == 0 ? " needs: " : " need: ";
  if (const Excess above = AboveHard(shares, least); above.any) {
    verdict.push_back(Reject("above the namespace's quota", Severity::kCritical,
                             "the quota " + quota.name + " allows less than " + who + need +
                                 above.sums + HowManyFit(above.most),
                             Settings()));
    return;
  }
  if (const Excess above = AboveFree(quota, shares, least, context); above.any) {
    verdict.push_back(Warn("above the free quota", Severity::kMedium,
                           "the quota " + quota.name + " has less free just now than " + who +
                               need + above.sums + "; the rest waits until others end",
                           Settings()));
  }
  if (!count.dynamic || count.max >= kMostExecutors || count.max <= least) return;
  if (const Excess above = AboveHard(shares, count.max); above.any) {
    verdict.push_back(Warn("most executors above the quota", Severity::kLow,
                           "the quota " + quota.name + " never allows " + Executors(count.max) +
                               ": " + above.sums + HowManyFit(above.most),
                           {std::string(kMaxExecutorsKey)}));
  }
}

// A quota on limits.cpu refuses each pod that has none, which is what Spark's pods have by default.
void JudgeMissing(const ResourceQuota& quota, const NamespaceUse& use, Verdict& verdict) {
  const std::vector<std::string> missing = MissingAmounts(quota, use);
  if (missing.empty()) return;
  std::string list;
  bool cpu_limit = false;
  for (const std::string& one : missing) {
    list += (list.empty() ? "" : ", ") + one;
    cpu_limit = cpu_limit || one.starts_with("limits.cpu for spark-kubernetes-");
  }
  std::string message = "the quota " + quota.name + " refuses pods that do not say " + list + ": " +
                        (cpu_limit ? "set spark.kubernetes.driver.limit.cores and "
                                     "spark.kubernetes.executor.limit.cores"
                                   : "say them in the pod template") +
                        ", or give the namespace a LimitRange with a default";
  verdict.push_back(
      Reject("quota asks for a limit", Severity::kCritical, std::move(message),
             {"spark.kubernetes.driver.limit.cores", "spark.kubernetes.executor.limit.cores"}));
}

void JudgeRanges(const NamespaceUse& use, Verdict& verdict) {
  for (const auto& [breaches, key] : {std::pair{&use.driver_breaches, "spark.driver.memory"},
                                      std::pair{&use.executor_breaches, "spark.executor.memory"}}) {
    for (const std::string& breach : *breaches) {
      verdict.push_back(Reject("against a LimitRange", Severity::kCritical, breach, {key}));
    }
  }
}

Verdict Judge(const Workload& workload, const Context& context) {
  const NamespaceState* state = context.space.state;
  if (state == nullptr || (state->quotas.empty() && state->limit_ranges.empty())) return {};
  const NamespaceUse use = UseOf(workload, context.policy, state->limit_ranges);
  Verdict verdict;
  JudgeRanges(use, verdict);
  for (const ResourceQuota& quota : state->quotas) {
    JudgeMissing(quota, use, verdict);
    JudgeSums(workload, context, quota, use, verdict);
  }
  return verdict;
}

}  // namespace

const Rule kNamespaceQuota = {"namespace-quota",
                              "driver and least executors stay within the namespace's quotas and "
                              "LimitRanges",
                              &Judge,
                              true,
                              nullptr,
                              Extent::kWhole,
                              /*of_standing=*/true};

}  // namespace ballast::policy
