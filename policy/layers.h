// Which policies decide about one object: those that match are laid over each other, field by
// field, the highest priority first; the built-in one stands behind all. Policies of mode Audit
// stand beside.
//
// A PolicySet is a snapshot: made once when policies change, then shared between threads without a
// lock.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/labels.h"
#include "policy/policy.h"
#include "policy/workload.h"

namespace ballast::policy {

struct EffectivePolicy {
  Policy policy;  // every rule has a mode here, already weakened to its policy's own mode
  // Field path ("limits.executor.heap.max", "rules.kryo-buffer") -> name of the policy that set it.
  // A field that only the built-in policy sets has the origin "built-in".
  std::map<std::string, std::string, std::less<>> origins;
  std::string names;  // "team-a,organisation", for logs and audit annotations
};

class PolicySet {
 public:
  PolicySet();  // only the built-in policy
  PolicySet(std::vector<Policy> policies, std::vector<PolicyException> exceptions);

  // The policy in force for an object. The result lives as long as the set.
  std::shared_ptr<const EffectivePolicy> For(std::string_view namespace_name,
                                             const Labels& namespace_labels,
                                             const Labels& object_labels) const;
  // Audit policies that match it, each laid over the built-in one alone.
  std::vector<std::shared_ptr<const EffectivePolicy>> AuditsFor(std::string_view namespace_name,
                                                                const Labels& namespace_labels,
                                                                const Labels& object_labels) const;
  // Rules that exceptions lift for it at that time (Unix seconds); facts are never among them.
  std::vector<std::string> ExemptRules(std::string_view namespace_name,
                                       const Labels& namespace_labels, const Labels& object_labels,
                                       int64_t now_seconds) const;

  const std::vector<Policy>& policies() const;
  const std::vector<PolicyException>& exceptions() const;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

}  // namespace ballast::policy
