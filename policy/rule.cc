#include "policy/rule.h"

#include <algorithm>

#include "policy/rule_defaults.h"

namespace ballast::policy {
namespace {

Judgement Judge(Action action, std::string_view reason, Severity severity, std::string message) {
  Judgement judgement;
  judgement.finding.action = action;
  judgement.finding.reason = reason;
  judgement.finding.severity = severity;
  judgement.finding.message = std::move(message);
  return judgement;
}

}  // namespace

Mode Context::OwnModeOf(std::string_view rule) const {
  const auto found = policy.rules.find(rule);
  if (found != policy.rules.end()) return found->second;
  const RuleDefault* standard = FindRuleDefault(rule);
  return standard ? standard->mode : Mode::kOff;
}

bool Context::Lifted(std::string_view rule) const {
  if (std::find(exempt.begin(), exempt.end(), rule) == exempt.end()) return false;
  const RuleDefault* standard = FindRuleDefault(rule);
  return !(standard && standard->fact);
}

Mode Context::ModeOf(std::string_view rule) const {
  const Mode mode = OwnModeOf(rule);
  return mode == Mode::kEnforce && Lifted(rule) ? Mode::kWarn : mode;
}

Judgement Warn(std::string_view reason, Severity severity, std::string message,
               std::vector<std::string> settings) {
  Judgement judgement = Judge(Action::kWarn, reason, severity, std::move(message));
  judgement.finding.settings = std::move(settings);
  return judgement;
}

Judgement Rewrite(std::string_view reason, Severity severity, std::string message,
                  std::vector<SettingChange> changes) {
  Judgement judgement = Judge(Action::kRewrite, reason, severity, std::move(message));
  for (const SettingChange& change : changes) judgement.finding.settings.push_back(change.key);
  judgement.changes = std::move(changes);
  return judgement;
}

Judgement Reject(std::string_view reason, Severity severity, std::string message,
                 std::vector<std::string> settings) {
  Judgement judgement = Judge(Action::kReject, reason, severity, std::move(message));
  judgement.finding.settings = std::move(settings);
  return judgement;
}

}  // namespace ballast::policy
