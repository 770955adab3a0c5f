// Ids and modes of rules in a policy (policy_yaml_types.h).
#include <algorithm>
#include <utility>

#include "policy/policy_values.h"
#include "policy/rule_defaults.h"
#include "webhook/policy_file/policy_yaml_types.h"

namespace ballast::webhook {
namespace {

using policy::Result;

std::vector<std::string_view> RuleIds(bool liftable_only) {
  std::vector<std::string_view> ids;
  for (const policy::RuleDefault& rule : policy::RuleDefaults()) {
    if (!liftable_only || !rule.fact) ids.push_back(rule.id);
  }
  return ids;
}

}  // namespace

std::vector<std::string> ReadLiftableRules(const YamlNode& node, std::string_view path,
                                           Mistakes& mistakes) {
  std::vector<std::string> ids;
  if (!ExpectList(node, path, "a list of rules", mistakes)) return ids;
  for (size_t i = 0; i < node.values.size(); ++i) {
    const YamlNode& one = node.values[i];
    const std::string* id = ScalarText(one, Item(path, i), "the id of a rule", mistakes);
    if (id == nullptr) continue;
    const policy::RuleDefault* rule = policy::FindRuleDefault(*id);
    if (rule == nullptr) {
      mistakes.Add(
          one, Item(path, i) + ": there is no rule '" + *id + "'" + Suggestion(*id, RuleIds(true)));
    } else if (rule->fact) {
      mistakes.Add(one, Item(path, i) + ": rule '" + *id +
                            "' states a fact, which no exception can lift: the job would not run");
    } else if (std::find(ids.begin(), ids.end(), *id) != ids.end()) {
      mistakes.Add(one, Item(path, i) + ": rule '" + *id + "' is listed twice");
    } else {
      ids.push_back(*id);
    }
  }
  return ids;
}

std::map<std::string, policy::Mode, std::less<>> ReadRuleModes(const YamlNode& node,
                                                               std::string_view path,
                                                               Mistakes& mistakes) {
  std::map<std::string, policy::Mode, std::less<>> modes;
  if (!ExpectMap(node, path, "{rule: mode}", mistakes)) return modes;
  CheckKeysOnce(node, path, mistakes);
  for (size_t i = 0; i < node.keys.size(); ++i) {
    const std::string& id = node.keys[i].text;
    const std::string where = Join(path, id);
    if (policy::FindRuleDefault(id) == nullptr) {
      mistakes.Add(node.keys[i],
                   where + ": there is no such rule" + Suggestion(id, RuleIds(false)));
      continue;
    }
    const YamlNode& value = node.values[i];
    const std::string* text = ScalarText(value, where, "Enforce, Warn or Off", mistakes);
    if (text == nullptr) continue;
    // kubectl reads a bare Off as YAML 1.1 does and sends false.
    const bool off = !value.quoted && *text == "false";
    const Result<policy::Mode> mode = off ? policy::Mode::kOff : policy::ReadMode(*text);
    if (mode.ok()) {
      modes.emplace(id, *mode);
    } else {
      mistakes.Add(value, where, mode.error());
    }
  }
  return modes;
}

}  // namespace ballast::webhook
