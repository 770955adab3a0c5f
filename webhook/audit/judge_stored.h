// The engine over what is stored already: a workload without a request. The same policies,
// exceptions and rules as at admission. Pure; the time is a value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "policy/capacity.h"
#include "policy/evaluate.h"
#include "policy/layers.h"
#include "policy/namespace_state.h"
#include "policy/workload.h"

namespace ballast::webhook {

// What it is judged by; all of it outlives the call.
struct JudgeBasis {
  const policy::PolicySet& policies;
  const policy::ClusterCapacity& cluster;
  const policy::NamespaceStates* namespaces = nullptr;  // nullptr: nothing is known of any
  int64_t now_seconds = 0;                              // exceptions are in force by it
};

// Its sizes are derived. Without exceptions where `exceptions` says so.
enum class Exceptions { kHonoured, kIgnored };
policy::Decision JudgeStored(const policy::Workload& workload, const JudgeBasis& basis,
                             Exceptions exceptions = Exceptions::kHonoured);

// Rules that an exception lifts for it now.
std::vector<std::string> LiftedRules(const policy::Workload& workload, const JudgeBasis& basis);
// The exception that names the rule and is for this object; empty where none is.
std::string ExceptionFor(const policy::Workload& workload, std::string_view rule,
                         const JudgeBasis& basis);
// "team-a,organisation".
std::string PoliciesFor(const policy::Workload& workload, const JudgeBasis& basis);

}  // namespace ballast::webhook
