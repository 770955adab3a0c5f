// Which policies decide about one object: those that match are laid over each other, field by
// field; the highest priority that sets a field decides it, among equals the name that sorts first;
// the built-in one stands behind all. Policies of mode Audit stand beside.
//
// A PolicySet is a snapshot: made once when policies change, then shared between threads without a
// lock.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
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
  std::string names;  // "team-a,organisation", the strongest first; "built-in" where none matches
  std::string versions;  // the same with generations: "team-a@3,organisation@12"
};

// Lays policies over the built-in one; the strongest first. The mode of a rule is the weaker of the
// two that the policy which lists it gives, its own and the rule's; a rule that none lists has its
// default, held under the first policy's mode. A policy of mode Audit counts as Enforce here.
EffectivePolicy Layer(std::span<const Policy* const> policies);

// Whether the selector matches a namespace. Every namespace carries its own name as a label
// (kubernetes.io/metadata.name); it counts also where the labels are not known.
bool MatchesNamespace(const LabelSelector& selector, std::string_view name, const Labels& labels);

class PolicySet {
 public:
  PolicySet();  // only the built-in policy
  PolicySet(std::vector<Policy> policies, std::vector<PolicyException> exceptions);

  // The policy in force for an object: computed once for each set of policies that match together,
  // then looked up (see layers.cc for what a call costs).
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
  // Exceptions that lift something now and end within a week: worth a warning.
  std::vector<const PolicyException*> EndingSoon(int64_t now_seconds) const;

  const std::vector<Policy>& policies() const;  // the strongest first
  const std::vector<PolicyException>& exceptions() const;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

}  // namespace ballast::policy
