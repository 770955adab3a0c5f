#include "webhook/admission/judge.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "webhook/admission/application_book.h"
#include "webhook/admission/granted.h"

namespace ballast::webhook {
namespace {

// The namespace's state, or an empty one where it is not known.
const policy::NamespaceState& NamespaceOf(const Case& c) {
  static const policy::NamespaceState kUnknown;
  if (!c.snapshot.namespaces) return kUnknown;
  const auto found = c.snapshot.namespaces->find(c.request.namespace_name);
  return found == c.snapshot.namespaces->end() ? kUnknown : *found->second;
}

// Only a quota's use needs the application as it was; reading that twice is for those few.
std::optional<policy::Workload> StoredWorkload(const Case& c, const policy::NamespaceState& state) {
  if (!c.update || state.quotas.empty()) return std::nullopt;
  policy::Result<policy::Workload> stored = ReadWorkload(c, c.request.old_object);
  if (!stored) return std::nullopt;
  return *std::move(stored);
}

// "quarter-end ends in 3 days".
std::vector<std::string> EndingExceptions(const Case& c, const policy::Workload& workload) {
  constexpr int64_t kDay = 86400;
  std::vector<std::string> ending;
  for (const policy::PolicyException* exception : c.snapshot.policies.EndingSoon(c.now_seconds)) {
    if (exception->namespace_name != workload.resource.namespace_name ||
        !Matches(exception->object_selector, workload.labels)) {
      continue;
    }
    const int64_t days = (exception->expires_seconds - c.now_seconds + kDay - 1) / kDay;
    ending.push_back("ballast: the exception " + exception->name + " ends within " +
                     std::to_string(days) + (days == 1 ? " day" : " days"));
  }
  return ending;
}

// The capacity to judge by; one that is not known where it is not to count, or the view is too old
// for it.
const policy::ClusterCapacity& CapacityFor(const Case& c) {
  static const policy::ClusterCapacity kUnknown;
  const bool abstains = c.snapshot.stale_since != 0 && c.snapshot.on_stale == OnStale::kAbstain;
  return abstains || c.limits_alone ? kUnknown : c.snapshot.cluster;
}

std::string StaleNotice(const Case& c) {
  const int64_t minutes = std::max<int64_t>(0, c.now_seconds - c.snapshot.stale_since) / 60;
  return "ballast: the API server was last heard " + std::to_string(minutes) +
         (minutes == 1 ? " minute" : " minutes") + " ago: " +
         (c.snapshot.on_stale == OnStale::kAbstain ? "capacity is not judged"
                                                   : "judged by the cluster as it was then");
}

}  // namespace

policy::Result<policy::Workload> ReadWorkload(const Case& c, k8s::JsonView text) {
  policy::Result<policy::Workload> workload = c.kind.normalise(text, c.snapshot.read_options);
  if (!workload) return workload;
  // At CREATE the object itself may leave its namespace to the request.
  if (!c.request.namespace_name.empty()) {
    workload->resource.namespace_name = c.request.namespace_name;
  }
  policy::Derive(*workload);
  return workload;
}

namespace {

// The policies that match, and what they say, those that audit beside included.
Judged JudgeWorkload(const Case& c, policy::Workload workload) {
  Judged judged;
  const std::string space = workload.resource.namespace_name;
  const policy::NamespaceState& state = NamespaceOf(c);
  const policy::Labels& space_labels = state.labels;
  const std::optional<policy::Workload> stored = StoredWorkload(c, state);
  const policy::NamespaceView view = {c.limits_alone ? nullptr : &state,
                                      stored ? &*stored : nullptr};
  const policy::PolicySet& policies = c.snapshot.policies;
  const policy::ClusterCapacity& cluster = CapacityFor(c);
  const policy::Labels& labels = c.application ? c.application->labels : workload.labels;
  const int64_t moment = c.exceptions_of != 0 ? c.exceptions_of : c.now_seconds;

  judged.policy = policies.For(space, space_labels, labels);
  const auto audits = policies.AuditsFor(space, space_labels, labels);
  const auto exempt = policies.ExemptRules(space, space_labels, labels, moment);
  judged.decision = Evaluate(std::move(workload), judged.policy->policy, cluster, exempt, view);
  for (const auto& audit : audits) {
    const policy::Decision beside =
        Evaluate(judged.decision.before, audit->policy, cluster, {}, view);
    for (const policy::Finding& finding : beside.findings) {
      judged.shadows.push_back({audit->names, std::string(finding.rule), finding.action});
    }
  }
  return judged;
}

}  // namespace

policy::Decision JudgeByLimits(const Case& c, policy::Workload workload) {
  Case limits = c;
  limits.limits_alone = true;
  return JudgeWorkload(limits, std::move(workload)).decision;
}

Judged Judge(const Case& c, k8s::JsonView text) {
  policy::Result<policy::Workload> workload = ReadWorkload(c, text);
  if (!workload) {
    Judged unreadable;
    unreadable.unreadable = workload.error();
    return unreadable;
  }
  Judged judged = JudgeWorkload(c, *std::move(workload));
  const policy::Workload& before = judged.decision.before;
  if (judged.decision.verdict == policy::VerdictKind::kExempt) {
    judged.notices = EndingExceptions(c, before);
  }
  if (c.snapshot.stale_since != 0 && c.snapshot.on_stale != OnStale::kIgnore) {
    judged.notices.push_back(StaleNotice(c));
  }
  if (!c.own.rewrite.empty() && !c.refuses_rewrites()) {
    judged.notices.push_back("ballast: ballast.dev/rewrite can only say Refuse; it is ignored");
  }
  const bool decided = c.application != nullptr && c.application->decided();
  const bool tells = !c.kind.settings_text.empty() && !decided && !c.refuses_rewrites();
  if (tells && WriteGranted(judged.decision)) {
    judged.notices.push_back("ballast: taken out, as it is not what was decided: " +
                             std::string(kGrantedSetting));
  }
  if (judged.decision.verdict == policy::VerdictKind::kRewritten) {
    judged.patch = c.kind.render(text, judged.decision.before, judged.decision.after);
  }
  return judged;
}

}  // namespace ballast::webhook
