// The engine: one workload, one policy, one cluster, one decision. Pure; the same input gives the
// same decision in the webhook, on the command line and in the audit scan.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/capacity.h"
#include "policy/policy.h"
#include "policy/rule.h"
#include "policy/workload.h"

namespace ballast::policy {

enum class VerdictKind { kAdmitted, kRewritten, kRejected, kExempt };

struct Decision {
  VerdictKind verdict = VerdictKind::kAdmitted;
  Workload before;
  Workload after;  // equals before where nothing changes, and where the verdict is kRejected
  std::vector<Finding> findings;
  EligibleNodes executor_nodes;  // what the findings' numbers were held against
};

// Runs all repairs, then all rules, in the order of the list; each sees the workload as those
// before it left it. A finding of a rule that only warns, or that `exempt` lifts, stays as a
// warning and changes nothing; rules that state facts are never lifted.
//
// A rewrite that raises a request raises the limit that is written beside it. One that pods would
// not survive (pod_bounds.h), or that a gang scheduler was not told of, is a rejection instead.
//
// The verdict is kRejected where a rule rejects, else kRewritten where something changed, else
// kExempt where an exception hid a rewrite or a rejection, else kAdmitted.
Decision Evaluate(Workload workload, const Policy& policy, const ClusterCapacity& cluster,
                  const std::vector<std::string>& exempt = {}, const NamespaceView& space = {});

// What the rules are given for this workload. All arguments must outlive it.
Context MakeContext(const Workload& workload, const Policy& policy, const ClusterCapacity& cluster,
                    std::span<const std::string> exempt = {}, const NamespaceView& space = {});

// "Admitted", "Rewritten", ...
std::string_view Name(VerdictKind verdict);
std::string_view Name(Action action);
std::string_view Name(Severity severity);

}  // namespace ballast::policy
