#include "policy/layers.h"

#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "policy/exceptions.h"

namespace ballast::policy {
namespace {

using Effective = std::shared_ptr<const EffectivePolicy>;

bool Selects(const Policy& policy, std::string_view namespace_name, const Labels& namespace_labels,
             const Labels& object_labels) {
  return MatchesNamespace(policy.namespace_selector, namespace_name, namespace_labels) &&
         Matches(policy.object_selector, object_labels);
}

// Which of the competing policies match, as bits.
using MatchSet = std::vector<uint64_t>;

// Who sends objects chooses their labels, and so which sets come up; more than these are computed
// anew each time rather than kept.
constexpr size_t kMostKeptSets = 512;

}  // namespace

// Everything but the cache never changes. A call of For is one match of each policy's selectors and
// one look-up under a shared lock.
struct PolicySet::State {
  std::vector<Policy> policies;          // the strongest first
  std::vector<const Policy*> competing;  // of mode Enforce or Warn
  std::vector<std::pair<const Policy*, Effective>> audits;
  std::vector<PolicyException> exceptions;
  std::map<std::string, std::vector<const PolicyException*>, std::less<>> exceptions_of;

  mutable std::shared_mutex mutex;
  mutable std::map<MatchSet, Effective> kept;  // guarded by mutex

  Effective Find(const MatchSet& matching) const {
    const std::shared_lock lock(mutex);
    const auto found = kept.find(matching);
    return found == kept.end() ? nullptr : found->second;
  }

  Effective Compute(const MatchSet& matching) const {
    std::vector<const Policy*> chosen;
    for (size_t i = 0; i < competing.size(); ++i) {
      if ((matching[i / 64] >> (i % 64) & 1) != 0) chosen.push_back(competing[i]);
    }
    return std::make_shared<const EffectivePolicy>(Layer(chosen));
  }

  // Of two threads that compute the same set at once, the first one's result is everybody's.
  Effective Keep(const MatchSet& matching, Effective computed) const {
    const std::unique_lock lock(mutex);
    if (kept.size() >= kMostKeptSets && !kept.contains(matching)) return computed;
    return kept.emplace(matching, std::move(computed)).first->second;
  }
};

// Without a copy of the labels: this is on the hot path.
bool MatchesNamespace(const LabelSelector& selector, std::string_view name, const Labels& labels) {
  constexpr std::string_view kNameLabel = "kubernetes.io/metadata.name";
  for (const Requirement& requirement : selector.requirements) {
    if (requirement.key == kNameLabel && !labels.contains(kNameLabel)) {
      if (!Matches(requirement, Labels{{std::string(kNameLabel), std::string(name)}})) return false;
    } else if (!Matches(requirement, labels)) {
      return false;
    }
  }
  return true;
}

PolicySet::PolicySet() : PolicySet({}, {}) {}

PolicySet::PolicySet(std::vector<Policy> policies, std::vector<PolicyException> exceptions) {
  auto state = std::make_shared<State>();
  state->policies = std::move(policies);
  state->exceptions = std::move(exceptions);
  std::stable_sort(state->policies.begin(), state->policies.end(),
                   [](const Policy& a, const Policy& b) {
                     if (a.priority != b.priority) return a.priority > b.priority;
                     return a.name < b.name;
                   });
  for (const Policy& policy : state->policies) {
    if (policy.mode == PolicyMode::kAudit) {
      const Policy* alone = &policy;
      state->audits.emplace_back(
          alone, std::make_shared<const EffectivePolicy>(Layer(std::span(&alone, 1))));
    } else {
      state->competing.push_back(&policy);
    }
  }
  for (const PolicyException& exception : state->exceptions) {
    state->exceptions_of[exception.namespace_name].push_back(&exception);
  }
  state_ = std::move(state);
}

std::shared_ptr<const EffectivePolicy> PolicySet::For(std::string_view namespace_name,
                                                      const Labels& namespace_labels,
                                                      const Labels& object_labels) const {
  const std::vector<const Policy*>& competing = state_->competing;
  MatchSet matching((competing.size() + 63) / 64);
  for (size_t i = 0; i < competing.size(); ++i) {
    if (Selects(*competing[i], namespace_name, namespace_labels, object_labels)) {
      matching[i / 64] |= uint64_t{1} << (i % 64);
    }
  }
  if (Effective found = state_->Find(matching)) return found;
  return state_->Keep(matching, state_->Compute(matching));
}

std::vector<std::shared_ptr<const EffectivePolicy>> PolicySet::AuditsFor(
    std::string_view namespace_name, const Labels& namespace_labels,
    const Labels& object_labels) const {
  std::vector<Effective> matching;
  for (const auto& [policy, effective] : state_->audits) {
    if (Selects(*policy, namespace_name, namespace_labels, object_labels)) {
      matching.push_back(effective);
    }
  }
  return matching;
}

std::vector<std::string> PolicySet::ExemptRules(std::string_view namespace_name,
                                                const Labels& namespace_labels,
                                                const Labels& object_labels,
                                                int64_t now_seconds) const {
  std::vector<std::string> lifted;
  const auto here = state_->exceptions_of.find(namespace_name);
  if (here == state_->exceptions_of.end()) return lifted;
  const Effective effective = For(namespace_name, namespace_labels, object_labels);
  for (const PolicyException* exception : here->second) {
    if (now_seconds >= exception->expires_seconds) continue;
    if (!Matches(exception->object_selector, object_labels)) continue;
    for (const std::string& rule : exception->rules) {
      const bool known = std::find(lifted.begin(), lifted.end(), rule) != lifted.end();
      if (known) continue;
      if (WhyNotLifted(*exception, rule, effective->policy, namespace_labels, now_seconds)
              .empty()) {
        lifted.push_back(rule);
      }
    }
  }
  return lifted;
}

std::vector<const PolicyException*> PolicySet::EndingSoon(int64_t now_seconds) const {
  std::vector<const PolicyException*> ending;
  for (const PolicyException& exception : state_->exceptions) {
    if (EndsSoon(exception, now_seconds)) ending.push_back(&exception);
  }
  return ending;
}

const std::vector<Policy>& PolicySet::policies() const { return state_->policies; }
const std::vector<PolicyException>& PolicySet::exceptions() const { return state_->exceptions; }

}  // namespace ballast::policy
