#include "webhook/policy_file/policy_show.h"

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/policy_fields.h"
#include "policy/policy_values.h"
#include "policy/rule_defaults.h"
#include "webhook/policy_file/policy_print.h"

namespace ballast::webhook {
namespace {

using policy::EffectivePolicy;
using policy::FieldType;
using policy::PolicyField;
using policy::SettingRule;
using Json = nlohmann::ordered_json;

// Rules and settings have tables of their own; the selectors were used up by the layering.
bool IsListed(const PolicyField& field) {
  return field.type != FieldType::kRuleModes && field.type != FieldType::kSettings &&
         field.path != "priority" && field.path != "namespaceSelector" &&
         field.path != "objectSelector";
}

std::optional<std::string> ValueOf(const PolicyField& field, const EffectivePolicy& effective) {
  if (!policy::IsSet(field, effective.policy)) return std::nullopt;
  if (policy::IsScalar(field.type)) return policy::PrintField(field, effective.policy);
  return PrintPart(field, effective.policy);
}

std::string OriginOf(std::string_view path, const EffectivePolicy& effective) {
  const auto found = effective.origins.find(path);
  return found == effective.origins.end() ? std::string() : found->second;
}

// What a row of settings asks for, without its key: "time, min 120s, default 600s".
std::string Asks(const SettingRule& row) {
  std::string text = PrintSettingRow(row);
  const size_t comma = text.find(", ");
  return comma == std::string::npos ? "" : text.substr(comma + 2, text.size() - comma - 3);
}

Table LeftTable(size_t columns) {
  return Table(std::vector<Table::Align>(columns, Table::Align::kLeft));
}

std::vector<std::string> Head(const Paint& paint, std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = paint(Colour::kBold, cell);
  return cells;
}

std::string FieldsText(const EffectivePolicy& effective, bool all, const Paint& paint) {
  Table table = LeftTable(4);
  table.Add(Head(paint, {"FIELD", "VALUE", "FROM", "DEFAULT"}));
  size_t left_out = 0;
  for (const PolicyField& field : policy::PolicyFields()) {
    if (!IsListed(field)) continue;
    const std::optional<std::string> value = ValueOf(field, effective);
    if (!value && !all) {
      ++left_out;
      continue;
    }
    table.Add({std::string(field.path), value.value_or(paint(Colour::kFaint, "not set")),
               OriginOf(field.path, effective), std::string(field.without)});
  }
  std::string text = table.Print();
  if (left_out > 0) {
    text += paint(Colour::kFaint,
                  std::to_string(left_out) + " more fields are not set and limit nothing") +
            "\n";
  }
  return text;
}

std::string RulesText(const EffectivePolicy& effective, const Paint& paint) {
  Table table = LeftTable(4);
  table.Add(Head(paint, {"RULE", "MODE", "FROM", "DEFAULT"}));
  for (const policy::RuleDefault& rule : policy::RuleDefaults()) {
    const auto mode = effective.policy.rules.find(rule.id);
    if (mode == effective.policy.rules.end()) continue;
    const Colour colour = mode->second == policy::Mode::kEnforce ? Colour::kGreen
                          : mode->second == policy::Mode::kWarn  ? Colour::kYellow
                                                                 : Colour::kFaint;
    table.Add({std::string(rule.id), paint(colour, policy::Name(mode->second)),
               OriginOf("rules." + std::string(rule.id), effective),
               std::string(policy::Name(rule.mode)) + (rule.fact ? ", a fact" : "")});
  }
  return table.Print();
}

std::string SettingsText(const EffectivePolicy& effective, const Paint& paint) {
  if (effective.policy.settings.empty()) return "";
  Table table = LeftTable(3);
  table.Add(Head(paint, {"SETTING", "ASKS FOR", "FROM"}));
  for (const auto& [key, row] : effective.policy.settings) {
    table.Add({key, Asks(row), OriginOf("settings." + key, effective)});
  }
  return "\n" + table.Print();
}

Json OrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json SettingJson(const SettingRule& row, const EffectivePolicy& effective) {
  return {{"key", row.key},
          {"asksFor", Asks(row)},
          {"origin", OriginOf("settings." + row.key, effective)}};
}

}  // namespace

std::string ShowPolicyText(const EffectivePolicy& effective, bool all, const Paint& paint) {
  return "Policies, the strongest first: " + paint(Colour::kBold, effective.names) + "\n\n" +
         FieldsText(effective, all, paint) + "\n" + RulesText(effective, paint) +
         SettingsText(effective, paint);
}

Json ShowPolicyJson(const EffectivePolicy& effective) {
  Json shown = {{"policies", effective.names},
                {"versions", effective.versions},
                {"fields", Json::array()},
                {"rules", Json::array()},
                {"settings", Json::array()}};
  for (const PolicyField& field : policy::PolicyFields()) {
    if (!IsListed(field)) continue;
    shown["fields"].push_back({{"field", field.path},
                               {"value", OrNull(ValueOf(field, effective).value_or(""))},
                               {"origin", OrNull(OriginOf(field.path, effective))},
                               {"default", field.without},
                               {"comment", field.comment},
                               {"readBy", field.readers}});
  }
  for (const policy::RuleDefault& rule : policy::RuleDefaults()) {
    const auto mode = effective.policy.rules.find(rule.id);
    if (mode == effective.policy.rules.end()) continue;
    shown["rules"].push_back({{"rule", rule.id},
                              {"mode", policy::Name(mode->second)},
                              {"origin", OriginOf("rules." + std::string(rule.id), effective)},
                              {"default", policy::Name(rule.mode)},
                              {"fact", rule.fact}});
  }
  for (const auto& [key, row] : effective.policy.settings) {
    shown["settings"].push_back(SettingJson(row, effective));
  }
  return shown;
}

std::string PrintPolicySchema(const Paint& paint) {
  std::string text;
  for (const PolicyField& field : policy::PolicyFields()) {
    text += paint(Colour::kBold, field.path) + "\n  takes    " +
            std::string(policy::Describe(field.type)) + "\n  default  " +
            std::string(field.without) + "\n  read by  " + std::string(field.readers) + "\n  " +
            Wrapped(field.comment, "  ") + "\n\n";
  }
  return text;
}

}  // namespace ballast::webhook
