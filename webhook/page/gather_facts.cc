#include "webhook/page/gather_facts.h"

#include <algorithm>
#include <utility>

#include "policy/evaluate.h"
#include "policy/rule.h"
#include "webhook/policy_file/policy_object.h"

namespace ballast::webhook {
namespace {

constexpr size_t kMostPolicies = 200;
constexpr size_t kMostExceptions = 200;
constexpr size_t kMostMistakes = 5;

// As `ballast capacity` counts it where no workload is named.
ClusterFacts ClusterOf(const Snapshot& snapshot, const std::vector<RecentDecision>& decisions) {
  ClusterFacts facts;
  const policy::Workload any;
  const auto effective = snapshot.policies.For(any.resource.namespace_name, {}, {});
  const policy::EligibleNodes nodes =
      policy::MakeContext(any, effective->policy, snapshot.cluster).executor_nodes;
  facts.stale_since = snapshot.stale_since;
  if (!nodes.known()) {
    facts.unknown = nodes.abstain;
    return facts;
  }
  const AskedTotals asked = AskedBy(decisions);
  facts.nodes = nodes.nodes();
  facts.use = UseOf({nodes.memory(), nodes.cpu()}, asked.totals);
  facts.use.applications = asked.applications;
  return facts;
}

std::vector<RuleFacts> RulesOf(const Metrics& metrics) {
  std::vector<RuleFacts> rules;
  for (const FindingCount& count : metrics.Findings()) {
    if (count.warned + count.rewrote + count.rejected == 0) continue;
    const policy::Rule* rule = policy::FindRule(count.rule);
    rules.push_back({count.rule, rule == nullptr ? std::string_view() : rule->summary, count.warned,
                     count.rewrote, count.rejected});
  }
  std::stable_sort(rules.begin(), rules.end(), [](const RuleFacts& a, const RuleFacts& b) {
    const auto acted = [](const RuleFacts& rule) { return rule.rewrote + rule.rejected; };
    return acted(a) != acted(b) ? acted(a) > acted(b) : a.warned > b.warned;
  });
  return rules;
}

void AddCounts(const DecisionTally& tally, PolicyFacts& facts) {
  const DecisionCounts counts = tally.Of(facts.name);
  facts.admitted = counts.admitted;
  facts.rewritten = counts.rewritten;
  facts.rejected = counts.rejected;
}

PolicyFacts FactsOf(const policy::Policy& policy) {
  PolicyFacts facts;
  facts.name = policy.name;
  facts.mode = Name(policy.mode.value_or(policy::PolicyMode::kEnforce));
  facts.priority = policy.priority;
  facts.state = "in force";
  return facts;
}

PolicyFacts FactsOf(const StoredPolicy& stored) {
  PolicyFacts facts;
  if (stored.policy) facts = FactsOf(*stored.policy);
  facts.name = stored.name;
  if (stored.mistakes.empty()) return facts;
  facts.good = false;
  facts.state =
      "generation " + std::to_string(stored.generation) + " has mistakes; " +
      (stored.in_force == 0 ? "none is in force"
                            : "generation " + std::to_string(stored.in_force) + " is in force");
  for (const policy::Error& mistake : stored.mistakes) {
    if (facts.wrong.size() == kMostMistakes) break;
    facts.wrong.push_back(mistake.where + ": " + mistake.what);
  }
  return facts;
}

// Those that are in force, then the stored ones of which nothing is.
std::vector<PolicyFacts> PoliciesOf(const Snapshot& snapshot,
                                    const std::vector<StoredPolicy>& stored,
                                    const DecisionTally& tally) {
  std::vector<PolicyFacts> policies;
  const auto add = [&](PolicyFacts facts) {
    if (policies.size() == kMostPolicies) return;
    AddCounts(tally, facts);
    policies.push_back(std::move(facts));
  };
  for (const policy::Policy& policy : snapshot.policies.policies()) {
    const auto found = std::find_if(stored.begin(), stored.end(), [&](const StoredPolicy& one) {
      return one.kind == kPolicyKind && one.name == policy.name && one.policy == policy;
    });
    add(found == stored.end() ? FactsOf(policy) : FactsOf(*found));
  }
  for (const StoredPolicy& one : stored) {
    if (one.kind == kPolicyKind && !one.policy) add(FactsOf(one));
  }
  return policies;
}

std::vector<ExceptionFacts> ExceptionsOf(const Snapshot& snapshot) {
  std::vector<ExceptionFacts> exceptions;
  for (const policy::PolicyException& exception : snapshot.policies.exceptions()) {
    if (exceptions.size() == kMostExceptions) break;
    ExceptionFacts facts{exception.namespace_name, exception.name, "", exception.expires_seconds};
    for (const std::string& rule : exception.rules) {
      facts.rules += (facts.rules.empty() ? "" : ", ") + rule;
    }
    exceptions.push_back(std::move(facts));
  }
  return exceptions;
}

}  // namespace

PageFacts GatherFacts(const PageParts& parts, PageMoment moment) {
  const auto snapshot = parts.snapshot.Current();
  PageFacts facts;
  facts.now = moment.now;
  facts.version = snapshot->engine_version;
  facts.replica = std::move(moment.replica);
  facts.leads = moment.leads;
  facts.started = moment.started;
  facts.certificate_ends = moment.certificate_ends;
  facts.decisions = parts.recent.All();
  facts.most_decisions = parts.recent.most();
  facts.cluster = ClusterOf(*snapshot, facts.decisions);
  facts.rules = RulesOf(parts.metrics);
  facts.policies = PoliciesOf(*snapshot, moment.stored, parts.tally);
  facts.exceptions = ExceptionsOf(*snapshot);
  return facts;
}

}  // namespace ballast::webhook
