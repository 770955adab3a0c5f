// An application held against a namespace's quotas and LimitRanges: what driver and executors use
// of each quota, whose scopes decide which of them count.
//
// Source: k8s.io/kubernetes pkg/quota/v1/evaluator/core, k8s.io/apiserver
// pkg/admission/plugin/resourcequota.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/pod_ask.h"

namespace ballast::policy {

// What an application takes of a namespace.
struct NamespaceUse {
  PodAsk driver;  // with the LimitRanges' defaults
  PodAsk executor;
  Amounts driver_use;  // of one pod
  Amounts executor_use;
  Amounts driver_claims;
  Amounts executor_claims;
  // What the API server refuses whatever the quotas say: a breach of a LimitRange each.
  std::vector<std::string> driver_breaches;
  std::vector<std::string> executor_breaches;
};

// `scaled` is what a split would make of the executors; nullptr: as they are. Needs
// workload.sizes.ok(); the result views its arguments.
NamespaceUse UseOf(const Workload& workload, const Policy& policy,
                   const std::vector<LimitRange>& ranges, const ScaledExecutor* scaled = nullptr);

// The executors without which the application gets nowhere: all of a fixed number; of a dynamic one
// its least number, and one at least.
int64_t LeastExecutors(const ExecutorCount& count);

// One resource of one quota: what one driver and each executor use of it.
struct QuotaShare {
  std::string_view resource;
  int64_t hard = 0;
  int64_t used = 0;
  bool used_known = false;
  int64_t driver = 0;
  int64_t executor = 0;

  int64_t With(int64_t executors) const;
  // The most executors for which this stays within `room`; -1 where the driver alone does not.
  int64_t MostWithin(int64_t room) const;
};
// Those resources of the quota that the application uses, in order of their names.
std::vector<QuotaShare> SharesOf(const ResourceQuota& quota, const NamespaceUse& use);

// Containers that lack what the quota makes every container have: a quota on cpu or memory, of
// requests or limits, refuses pods that do not say theirs. "limits.cpu for
// spark-kubernetes-executor" each; those of the driver first.
std::vector<std::string> MissingAmounts(const ResourceQuota& quota, const NamespaceUse& use);

// "requests.memory 2432Mi + 4 x 31539Mi = 128588Mi".
std::string PrintSum(const QuotaShare& share, int64_t executors);

}  // namespace ballast::policy
