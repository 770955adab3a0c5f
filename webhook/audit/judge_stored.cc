#include "webhook/audit/judge_stored.h"

#include <algorithm>

namespace ballast::webhook {
namespace {

const policy::NamespaceState& StateOf(const policy::Workload& workload, const JudgeBasis& basis) {
  static const policy::NamespaceState kUnknown;
  if (basis.namespaces == nullptr) return kUnknown;
  const auto found = basis.namespaces->find(workload.resource.namespace_name);
  return found == basis.namespaces->end() ? kUnknown : *found->second;
}

}  // namespace

policy::Decision JudgeStored(const policy::Workload& workload, const JudgeBasis& basis,
                             Exceptions exceptions) {
  const policy::NamespaceState& state = StateOf(workload, basis);
  const auto effective =
      basis.policies.For(workload.resource.namespace_name, state.labels, workload.labels);
  const std::vector<std::string> lifted = exceptions == Exceptions::kHonoured
                                              ? LiftedRules(workload, basis)
                                              : std::vector<std::string>();
  // It is stored already, so what it uses is counted.
  return policy::Evaluate(workload, effective->policy, basis.cluster, lifted, {&state, &workload});
}

std::vector<std::string> LiftedRules(const policy::Workload& workload, const JudgeBasis& basis) {
  return basis.policies.ExemptRules(workload.resource.namespace_name,
                                    StateOf(workload, basis).labels, workload.labels,
                                    basis.now_seconds);
}

std::string ExceptionFor(const policy::Workload& workload, std::string_view rule,
                         const JudgeBasis& basis) {
  for (const policy::PolicyException& exception : basis.policies.exceptions()) {
    if (exception.namespace_name == workload.resource.namespace_name &&
        exception.expires_seconds > basis.now_seconds &&
        Matches(exception.object_selector, workload.labels) &&
        std::find(exception.rules.begin(), exception.rules.end(), rule) != exception.rules.end()) {
      return exception.name;
    }
  }
  return "";
}

std::string PoliciesFor(const policy::Workload& workload, const JudgeBasis& basis) {
  const policy::NamespaceState& state = StateOf(workload, basis);
  return basis.policies.For(workload.resource.namespace_name, state.labels, workload.labels)->names;
}

}  // namespace ballast::webhook
