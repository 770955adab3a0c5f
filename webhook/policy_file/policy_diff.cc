#include "webhook/policy_file/policy_diff.h"

#include <algorithm>
#include <optional>

#include "webhook/audit/judge_stored.h"

namespace ballast::webhook {
namespace {

using policy::Decision;
using policy::Finding;
using policy::PolicySet;
using policy::VerdictKind;
using policy::Workload;

// The findings of `one` that `other` does not have.
std::vector<std::string> OnlyIn(const Decision& one, const Decision& other) {
  std::vector<std::string> texts;
  for (const Finding& finding : one.findings) {
    const auto same = std::find(other.findings.begin(), other.findings.end(), finding);
    if (same != other.findings.end()) continue;
    texts.push_back(std::string(finding.rule) + ": " + finding.message);
  }
  return texts;
}

std::string OrUnset(const std::optional<std::string_view>& value) {
  return value ? std::string(*value) : "unset";
}

std::vector<std::string> SettingsOtherwise(const Decision& before, const Decision& after) {
  std::vector<std::string> texts;
  const auto& was = before.after.conf;
  const auto& is = after.after.conf;
  for (const policy::SettingChange& change : policy::SparkConf::Difference(was, is)) {
    texts.push_back(change.key + ": " + OrUnset(was.Get(change.key)) + " -> " +
                    OrUnset(is.Get(change.key)));
  }
  return texts;
}

Colour ColourOf(VerdictKind verdict) {
  switch (verdict) {
    case VerdictKind::kAdmitted:
    case VerdictKind::kExempt:
      return Colour::kGreen;
    case VerdictKind::kRewritten:
      return Colour::kYellow;
    case VerdictKind::kRejected:
      return Colour::kRed;
  }
  return Colour::kNone;
}

}  // namespace

std::vector<JudgedOtherwise> DiffPolicies(const PolicySet& before, const PolicySet& after,
                                          const policy::ClusterCapacity& cluster,
                                          std::span<const Workload> workloads,
                                          const policy::NamespaceStates& namespaces,
                                          int64_t now_seconds) {
  std::vector<JudgedOtherwise> changes;
  for (const Workload& workload : workloads) {
    const Decision was = JudgeStored(workload, {before, cluster, &namespaces, now_seconds});
    const Decision is = JudgeStored(workload, {after, cluster, &namespaces, now_seconds});
    JudgedOtherwise change{workload.resource, was.verdict,     is.verdict,
                           OnlyIn(was, is),   OnlyIn(is, was), SettingsOtherwise(was, is)};
    if (was.verdict != is.verdict || !change.settings.empty()) changes.push_back(std::move(change));
  }
  return changes;
}

std::string PrintPolicyDiff(std::span<const JudgedOtherwise> changes, size_t judged,
                            const Paint& paint) {
  std::string text;
  for (const JudgedOtherwise& change : changes) {
    text += paint(Colour::kBold, change.resource.kind + " " + change.resource.namespace_name + "/" +
                                     change.resource.name) +
            ": " + paint(ColourOf(change.before), policy::Name(change.before));
    if (change.before != change.after) {
      text += " -> " + paint(ColourOf(change.after), policy::Name(change.after));
    } else {
      text += ", otherwise than before";
    }
    text += "\n";
    for (const std::string& finding : change.gone) text += "  - " + Wrapped(finding, "    ") + "\n";
    for (const std::string& finding : change.added)
      text += "  + " + Wrapped(finding, "    ") + "\n";
    for (const std::string& setting : change.settings) text += "    " + setting + "\n";
  }
  text += std::to_string(changes.size()) + " of " + std::to_string(judged) +
          " applications would be judged otherwise\n";
  return text;
}

}  // namespace ballast::webhook
