// `policy diff`: which applications would be judged otherwise if one set of policies took the place
// of another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "policy/capacity.h"
#include "policy/evaluate.h"
#include "policy/layers.h"
#include "policy/namespace_state.h"
#include "policy/workload.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {

// One application that would be judged otherwise: another verdict, or another result.
struct JudgedOtherwise {
  policy::ResourceRef resource;
  policy::VerdictKind before = policy::VerdictKind::kAdmitted;
  policy::VerdictKind after = policy::VerdictKind::kAdmitted;
  // Findings that only one of the two has, "executor-shape: ..." each.
  std::vector<std::string> gone;
  std::vector<std::string> added;
  // Settings that the two leave in a different state: "spark.executor.memory: 60g -> 30g".
  std::vector<std::string> settings;

  bool operator==(const JudgedOtherwise&) const = default;
};

// Pure: the same arguments give the same answer. `namespaces` may leave some out;
// `now_seconds` decides which exceptions are in force.
std::vector<JudgedOtherwise> DiffPolicies(const policy::PolicySet& before,
                                          const policy::PolicySet& after,
                                          const policy::ClusterCapacity& cluster,
                                          std::span<const policy::Workload> workloads,
                                          const policy::NamespaceStates& namespaces,
                                          int64_t now_seconds);

// As text for people; `judged` is how many applications were looked at.
std::string PrintPolicyDiff(std::span<const JudgedOtherwise> changes, size_t judged,
                            const Paint& paint);

}  // namespace ballast::webhook
