// What a namespace allows its pods: ResourceQuotas, LimitRanges and its labels, as plain values. A
// snapshot; never changed after it was made, so it is shared between threads without a lock.
//
// Filled from live objects (k8s/) or from a snapshot file; read by the rule namespace-quota.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/labels.h"
#include "policy/result.h"

namespace ballast::policy {

// Amounts by resource, named as Kubernetes names them where they stand: "limits.cpu", "memory",
// "pods", "requests.nvidia.com/gpu" in a quota; "cpu", "memory", "nvidia.com/gpu" in a LimitRange.
// cpu is in thousandths of a core; everything else is whole: bytes, pods, claims, devices.
using Amounts = std::map<std::string, int64_t, std::less<>>;

// Whether a resource is counted in thousandths: "cpu", "requests.cpu", "limits.cpu".
bool CountedInThousandths(std::string_view resource);
// Reads a Kubernetes quantity into the unit of this resource, rounded up as Kubernetes does. The
// error says what is wrong with the text; its `where` is empty.
Result<int64_t> ParseAmount(std::string_view resource, std::string_view text);
// "1500m" of cpu, "48Gi" of memory or storage, "12" of anything else. ParseAmount reads it back.
std::string PrintAmount(std::string_view resource, int64_t amount);

// One ResourceQuota.
struct ResourceQuota {
  std::string name;
  Amounts hard;  // status.hard, by which the API server judges; spec.hard where status has none yet
  Amounts used;  // status.used; a resource that is not there is not counted yet
  // spec.scopes and spec.scopeSelector together; all of them must hold for a pod to count. The key
  // is the scope: "PriorityClass", "BestEffort", "NotBestEffort", "Terminating", "NotTerminating",
  // "CrossNamespacePodAffinity", "VolumeAttributesClass". One of spec.scopes is kExists.
  std::vector<Requirement> scopes;

  bool operator==(const ResourceQuota&) const = default;
};

// One element of spec.limits of a LimitRange. The API server has completed a stored one: `max`
// stands for a missing default limit, the default limit for a missing default request.
struct LimitRangeItem {
  enum class Type { kContainer, kPod, kPersistentVolumeClaim };  // every other type is left out
  Type type = Type::kContainer;
  Amounts min;
  Amounts max;
  Amounts default_limits;    // `default`; of containers alone
  Amounts default_requests;  // `defaultRequest`; of containers alone
  // maxLimitRequestRatio, in thousandths whatever the resource: "2.5" is 2500.
  Amounts max_limit_request_ratio;

  bool operator==(const LimitRangeItem&) const = default;
};

struct LimitRange {
  std::string name;
  std::vector<LimitRangeItem> items;

  bool operator==(const LimitRange&) const = default;
};

// One namespace. Quotas and LimitRanges are in order of their names.
struct NamespaceState {
  Labels labels;
  std::vector<ResourceQuota> quotas;
  std::vector<LimitRange> limit_ranges;

  bool operator==(const NamespaceState&) const = default;
};

// Namespace name -> its state. A namespace that is not there is not known: nothing is judged by it.
// The states are shared, so that a snapshot with one namespace changed costs little.
using NamespaceStates = std::map<std::string, std::shared_ptr<const NamespaceState>, std::less<>>;

}  // namespace ballast::policy
