#include "webhook/operator/policy_status.h"

#include <utility>

#include "policy/evaluate.h"
#include "policy/exceptions.h"
#include "policy/quantity.h"
#include "webhook/policy_file/policy_object.h"
#include "webhook/policy_file/policy_yaml_exception.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

// The API server takes 32 KiB for a condition's message.
constexpr size_t kMostMessage = 4096;

struct Condition {
  const char* type;
  bool holds;
  std::string reason;
  std::string message;
};

const json* StoredCondition(const json& status, std::string_view type) {
  if (!status.is_object()) return nullptr;
  const auto conditions = status.find("conditions");
  if (conditions == status.end() || !conditions->is_array()) return nullptr;
  for (const json& one : *conditions) {
    if (one.is_object() && one.value("type", json()) == type) return &one;
  }
  return nullptr;
}

json ConditionJson(const Condition& condition, const StoredPolicy& stored, int64_t now_seconds) {
  const std::string status = condition.holds ? "True" : "False";
  const json* before = StoredCondition(stored.status, condition.type);
  json since = PrintMoment(now_seconds);
  if (before != nullptr && before->value("status", json()) == status &&
      before->value("lastTransitionTime", json()).is_string()) {
    since = before->at("lastTransitionTime");
  }
  return {{"type", condition.type},
          {"status", status},
          {"reason", condition.reason},
          {"message", condition.message},
          {"observedGeneration", stored.generation},
          {"lastTransitionTime", std::move(since)}};
}

Condition Accepted(const StoredPolicy& stored) {
  if (stored.mistakes.empty()) {
    return {"Accepted", true, "Valid",
            "generation " + std::to_string(stored.generation) + " is valid"};
  }
  return {"Accepted", false, "Invalid", JoinMistakes(stored.mistakes, kMostMessage)};
}

Condition PolicyReady(const StoredPolicy& stored) {
  if (stored.mistakes.empty()) {
    const auto mode = stored.policy->mode.value_or(policy::PolicyMode::kEnforce);
    return {"Ready", true, "InForce",
            "generation " + std::to_string(stored.generation) + " is in force, mode " +
                std::string(Name(mode))};
  }
  if (stored.in_force > 0) {
    return {"Ready", false, "LastGoodVersion",
            "generation " + std::to_string(stored.in_force) +
                " stays in force, the last one that was valid"};
  }
  return {"Ready", false, "NotInForce", "no version of it was ever valid"};
}

const policy::Labels& LabelsOf(const StatusFacts& facts, const std::string& namespace_name) {
  static const policy::Labels kNone;
  if (facts.namespaces == nullptr) return kNone;
  const auto found = facts.namespaces->find(namespace_name);
  return found == facts.namespaces->end() ? kNone : found->second->labels;
}

// Why the exception lifts nothing under the policies as they are; empty where it may.
std::string WhyNotAllowed(const policy::PolicyException& exception, const StatusFacts& facts) {
  const policy::Labels& labels = LabelsOf(facts, exception.namespace_name);
  const auto effective =
      facts.policies->For(exception.namespace_name, labels, policy::LabelsImpliedBy(exception));
  std::string why;
  for (const std::string& rule : exception.rules) {
    const std::string one =
        WhyNotLifted(exception, rule, effective->policy, labels, facts.now_seconds);
    if (one.empty() || why.find(one) != std::string::npos) continue;
    why += (why.empty() ? "" : "; ") + one;
  }
  return why;
}

void AddExceptionConditions(const StoredPolicy& stored, const StatusFacts& facts,
                            std::vector<Condition>& conditions) {
  conditions.push_back(Accepted(stored));
  Condition ready{"Ready", false, "NotInForce", "no version of it was ever valid"};
  if (stored.exception) {
    const policy::PolicyException& exception = *stored.exception;
    const std::string until = PrintMoment(exception.expires_seconds);
    const std::string why = WhyNotAllowed(exception, facts);
    if (facts.now_seconds >= exception.expires_seconds) {
      ready = {"Ready", false, "Ended", "it ended at " + until};
    } else if (!why.empty()) {
      ready = {"Ready", false, "NotAllowed", why};
      Condition& accepted = conditions.front();
      if (accepted.holds) accepted = {"Accepted", false, "NotAllowed", why};
    } else if (EndsSoon(exception, facts.now_seconds)) {
      ready = {"Ready", true, "EndsSoon", "it lifts its rules until " + until};
    } else {
      ready = {"Ready", true, "InForce", "it lifts its rules until " + until};
    }
  }
  conditions.push_back(std::move(ready));
}

json CapacityJson(const policy::Policy& policy, const policy::ClusterCapacity& cluster) {
  const policy::Workload anyone;
  const policy::Context context = MakeContext(anyone, policy, cluster);
  const policy::EligibleNodes& nodes = context.executor_nodes;
  int64_t ready = 0;
  for (const policy::EligibleNodes::Group& group : nodes.groups) ready += group.ready;
  return {{"known", nodes.known()},
          {"nodes", nodes.nodes()},
          {"readyNodes", ready},
          {"memory", PrintMemoryQuantity(nodes.memory())},
          {"cpu", PrintCpuQuantity(nodes.cpu())},
          {"pods", nodes.pods()}};
}

}  // namespace

json StatusOf(const StoredPolicy& stored, const StatusFacts& facts) {
  std::vector<Condition> conditions;
  json status = {{"observedGeneration", stored.generation}};
  if (stored.kind == kExceptionKind) {
    AddExceptionConditions(stored, facts, conditions);
  } else {
    conditions.push_back(Accepted(stored));
    conditions.push_back(PolicyReady(stored));
    status["decisions"] = {{"replica", facts.replica},
                           {"since", PrintMoment(facts.since_seconds)},
                           {"admitted", facts.counts.admitted},
                           {"rewritten", facts.counts.rewritten},
                           {"rejected", facts.counts.rejected}};
    if (facts.stored_rewrites) status["storedRewrites"] = *facts.stored_rewrites;
    // Of a policy that is not in force here, what a replica before this one wrote goes.
    status["capacity"] = stored.policy ? CapacityJson(*stored.policy, *facts.cluster) : json();
  }
  json& list = status["conditions"] = json::array();
  for (const Condition& condition : conditions) {
    list.push_back(ConditionJson(condition, stored, facts.now_seconds));
  }
  return status;
}

StatusChange ChangeBetween(const json& stored, const json& wanted) {
  if (!stored.is_object()) return StatusChange::kConditions;
  for (const char* key : {"conditions", "observedGeneration"}) {
    if (stored.value(key, json()) != wanted.value(key, json())) return StatusChange::kConditions;
  }
  for (const auto& [key, value] : wanted.items()) {
    if (stored.value(key, json()) != value) return StatusChange::kNumbers;
  }
  return StatusChange::kNone;
}

bool DueNow(StatusChange change, std::optional<int64_t> last_written_seconds, int64_t now_seconds) {
  if (change == StatusChange::kNone) return false;
  if (!last_written_seconds) return true;
  const int64_t gap =
      change == StatusChange::kConditions ? kConditionGapSeconds : kNumberGapSeconds;
  return now_seconds - *last_written_seconds >= gap;
}

}  // namespace ballast::webhook
