// What one pod of an application asks Kubernetes for, as quotas and LimitRanges see it: every
// container with its requests and limits. Made only where a namespace has any of them.
//
// Source: k8s.io/kubernetes pkg/quota/v1/evaluator/core and plugin/pkg/admission/limitranger.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/executor_scale.h"
#include "policy/namespace_state.h"
#include "policy/policy.h"
#include "policy/workload.h"

namespace ballast::policy {

struct ContainerAsk {
  std::string name;
  bool init = false;
  bool restartable = false;  // an init container that stays: it counts beside the others
  bool assumed = false;      // stands for what others add: it counts, but is not judged by itself
  Amounts requests;          // "cpu", "memory", "nvidia.com/gpu"
  Amounts limits;
};

struct PodAsk {
  std::vector<ContainerAsk> containers;  // Spark's first
  std::string_view priority_class;       // empty: none named
  bool has_deadline = false;
  bool cross_namespace_affinity = false;

  const ContainerAsk& spark() const { return containers.front(); }
};

// `policy` says what others add (capacity.assume.sidecars). All need workload.sizes.ok(); the
// result views the workload.
PodAsk AskOfDriver(const Workload& workload, const Policy& policy);
PodAsk AskOfExecutor(const Workload& workload, const Policy& policy);
// Of an executor that a split would make of it.
PodAsk AskOfExecutor(const Workload& workload, const Policy& policy, const ScaledExecutor& scaled);

// Requests (limits) of the whole pod: its containers together, or an init container where that is
// larger.
Amounts PodRequests(const PodAsk& pod);
Amounts PodLimits(const PodAsk& pod);

// What the pod uses of a quota, under the names that quotas have: "requests.cpu", "limits.memory",
// "pods", "count/pods", "requests.nvidia.com/gpu".
Amounts QuotaUse(const PodAsk& pod);

}  // namespace ballast::policy
