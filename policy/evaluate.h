// The engine: one workload, one policy, one cluster, one decision. Pure; the same input gives the
// same decision in the webhook, on the command line and in the audit scan.
#pragma once

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

// `exempt` lists the rules that exceptions lift for this object; their findings stay, as warnings.
Decision Evaluate(const Workload& workload, const Policy& policy, const ClusterCapacity& cluster,
                  const std::vector<std::string>& exempt = {});

// "Admitted", "Rewritten", ...
std::string_view Name(VerdictKind verdict);
std::string_view Name(Action action);
std::string_view Name(Severity severity);

}  // namespace ballast::policy
