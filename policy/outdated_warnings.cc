#include "policy/outdated_warnings.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <vector>

namespace ballast::policy {
namespace {

using Keys = std::set<std::string_view>;

bool Names(const Finding& finding, const Keys& keys) {
  return std::any_of(finding.settings.begin(), finding.settings.end(),
                     [&](const std::string& key) { return keys.contains(key); });
}

// What a rule says of the result; asked once.
class SecondLook {
 public:
  SecondLook(const Workload& after, const Context& context) : after_(after), context_(context) {}

  bool StillGives(const Finding& finding) {
    const Rule* rule = FindRule(finding.rule);
    auto [found, first] = verdicts_.try_emplace(finding.rule);
    if (first && rule != nullptr && (!rule->needs_sizes || after_.sizes.ok())) {
      found->second = rule->judge(after_, context_);
    }
    const Keys keys(finding.settings.begin(), finding.settings.end());
    return std::any_of(found->second.begin(), found->second.end(), [&](const Judgement& again) {
      return again.finding.reason == finding.reason && Names(again.finding, keys);
    });
  }

 private:
  const Workload& after_;
  const Context& context_;
  std::map<std::string_view, Verdict> verdicts_;
};

}  // namespace

void DropOutdatedWarnings(Decision& decision, const Context& context) {
  std::vector<Finding>& findings = decision.findings;
  std::vector<bool> outdated(findings.size(), false);
  SecondLook second_look(decision.after, context);
  Keys changed_later;
  for (size_t i = findings.size(); i-- > 0;) {
    const Finding& finding = findings[i];
    if (finding.action == Action::kRewrite) {
      changed_later.insert(finding.settings.begin(), finding.settings.end());
    } else if (finding.action == Action::kWarn && Names(finding, changed_later)) {
      outdated[i] = !second_look.StillGives(finding);
    }
  }
  // The views above end here: taking findings out moves the texts under them.
  size_t kept = 0;
  for (size_t i = 0; i < findings.size(); ++i) {
    if (outdated[i]) continue;
    if (kept != i) findings[kept] = std::move(findings[i]);
    ++kept;
  }
  findings.resize(kept);
}

}  // namespace ballast::policy
