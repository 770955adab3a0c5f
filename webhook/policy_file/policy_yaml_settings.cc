// The operator's own list of settings (policy_yaml_types.h).
#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "policy/policy_values.h"
#include "policy/spark_settings.h"
#include "policy/spark_size.h"
#include "webhook/policy_file/policy_yaml_types.h"

namespace ballast::webhook {
namespace {

using policy::Result;
using policy::SettingRule;
using Type = SettingRule::Type;

constexpr std::pair<std::string_view, Type> kTypes[] = {{"size", Type::kSize},
                                                        {"time", Type::kTime},
                                                        {"number", Type::kNumber},
                                                        {"boolean", Type::kBoolean},
                                                        {"text", Type::kText}};

std::string_view NameOf(Type type) {
  for (const auto& [name, known] : kTypes) {
    if (known == type) return name;
  }
  return "";
}

// What Spark takes the setting for; nullopt where Ballast does not know the key.
std::optional<Type> SparksType(std::string_view key) {
  const policy::Setting* setting = policy::FindSetting(key);
  if (setting == nullptr) return std::nullopt;
  switch (setting->type) {
    case policy::SettingType::kBytes:
      return Type::kSize;
    case policy::SettingType::kTime:
      return Type::kTime;
    case policy::SettingType::kInt:
    case policy::SettingType::kLong:
    case policy::SettingType::kDouble:
    case policy::SettingType::kDecimal:
      return Type::kNumber;
    case policy::SettingType::kBoolean:
      return Type::kBoolean;
    case policy::SettingType::kText:
      return Type::kText;
  }
  return std::nullopt;
}

// Where values of a type stand in order; 0 for those that have none.
Result<double> Rank(Type type, const std::string& text) {
  switch (type) {
    case Type::kSize: {
      const Result<policy::ByteSize> size = policy::ReadSparkSize(text);
      if (!size.ok()) return size.error();
      return static_cast<double>(size->bytes());
    }
    case Type::kTime: {
      const Result<int64_t> millis = policy::ReadTime(text);
      if (!millis.ok()) return millis.error();
      return static_cast<double>(*millis);
    }
    case Type::kNumber: {
      const bool minus = text.starts_with('-');
      const Result<double> number = policy::ReadNumber(std::string_view(text).substr(minus ? 1 : 0),
                                                       std::numeric_limits<double>::max());
      if (!number.ok()) return policy::Error{"", "'" + text + "' is no number"};
      return minus ? -*number : *number;
    }
    case Type::kBoolean: {
      const Result<bool> truth = policy::ReadTruth(text);
      if (!truth.ok()) return truth.error();
      return 0.0;
    }
    case Type::kText:
      return 0.0;
  }
  return 0.0;
}

// One row while it is read: what was written where.
struct Row {
  const YamlNode& node;
  const std::string path;
  SettingRule rule;
  Mistakes& mistakes;

  // A value of the row's type. What was not understood is a mistake and does not count.
  std::optional<double> RankOf(std::string_view key, const std::string& text) {
    const Result<double> rank = Rank(rule.type, text);
    if (rank.ok()) return *rank;
    mistakes.Add(*node.Find(key), Join(path, key), rank.error());
    return std::nullopt;
  }

  bool Truth(std::string_view key) {
    return ValueOf(node, key, path, "true or false", policy::ReadTruth, false, mistakes);
  }

  void Contradiction(std::string_view key, std::string_view what) {
    mistakes.Add(*node.Find(key), Join(path, key) + std::string(what));
  }
};

void ReadKeyAndType(Row& row) {
  row.rule.key = TextOf(row.node, "key", row.path, row.mistakes);
  if (row.rule.key.empty()) {
    row.mistakes.Add(row.node, row.path + " has no key; write the Spark setting that it is about");
  } else if (!row.rule.key.starts_with("spark.")) {
    row.mistakes.Add(*row.node.Find("key"), row.path + ".key: '" + row.rule.key +
                                                "' is no Spark setting; they begin with spark.");
  }
  const std::optional<Type> known = SparksType(row.rule.key);
  if (row.node.Find("type") == nullptr) {
    row.rule.type = known.value_or(Type::kText);
    return;
  }
  const std::string name = TextOf(row.node, "type", row.path, row.mistakes);
  const auto* type = std::find_if(std::begin(kTypes), std::end(kTypes),
                                  [&](const auto& one) { return one.first == name; });
  if (type == std::end(kTypes)) {
    row.Contradiction("type", " is '" + name + "'; write size, time, number, boolean or text");
    return;
  }
  row.rule.type = type->second;
  if (known && *known != type->second && type->second != Type::kText) {
    row.Contradiction("type", " is " + name + ", but Spark reads " + row.rule.key + " as a " +
                                  std::string(NameOf(*known)));
  }
}

void CheckBounds(Row& row) {
  SettingRule& rule = row.rule;
  const bool ordered =
      rule.type == Type::kSize || rule.type == Type::kTime || rule.type == Type::kNumber;
  std::optional<double> min;
  std::optional<double> max;
  for (const auto& [key, text, rank] :
       {std::tuple("min", &rule.min, &min), std::tuple("max", &rule.max, &max)}) {
    if (text->empty()) continue;
    if (!ordered) {
      row.Contradiction(key, ": a " + std::string(NameOf(rule.type)) +
                                 " has no order; give type size, time or number");
      continue;
    }
    *rank = row.RankOf(key, *text);
  }
  if (min && max && *min > *max) {
    row.Contradiction("min", " (" + rule.min + ") is above max (" + rule.max + ")");
  }
  const auto check = [&](std::string_view key, const std::string& value) {
    const std::optional<double> rank = row.RankOf(key, value);
    if (!rank || !ordered) return;
    if (min && *rank < *min) row.Contradiction(key, ": " + value + " is below min " + rule.min);
    if (max && *rank > *max) row.Contradiction(key, ": " + value + " is above max " + rule.max);
  };
  for (const std::string& value : rule.allowed) check("allowed", value);
  if (rule.default_value.empty()) return;
  check("default", rule.default_value);
  const bool listed = rule.allowed.empty() || std::find(rule.allowed.begin(), rule.allowed.end(),
                                                        rule.default_value) != rule.allowed.end();
  if (!listed) row.Contradiction("default", ": " + rule.default_value + " is not allowed");
}

void CheckSense(Row& row) {
  const SettingRule& rule = row.rule;
  if (rule.forbidden) {
    for (const std::string_view key : {"min", "max", "allowed", "default", "required"}) {
      if (row.node.Find(key) != nullptr) {
        row.Contradiction(key, " contradicts forbidden: a setting that may not be there has no " +
                                   std::string(key));
      }
    }
    return;
  }
  const bool says_something = rule.required || !rule.min.empty() || !rule.max.empty() ||
                              !rule.allowed.empty() || !rule.default_value.empty();
  if (!says_something) {
    row.mistakes.Add(row.node, row.path +
                                   " asks for nothing; write min, max, allowed, default, "
                                   "required or forbidden");
  }
}

SettingRule ReadRow(const YamlNode& node, const std::string& path, Mistakes& mistakes) {
  static constexpr std::string_view kKeys[] = {"key",     "type",    "min",      "max",
                                               "allowed", "default", "required", "forbidden"};
  Row row{node, path, {}, mistakes};
  if (!ExpectMap(node, path, "{key, type, min, max, ...}", mistakes)) return row.rule;
  CheckKeys(node, path, kKeys, mistakes);
  ReadKeyAndType(row);
  row.rule.min = TextOf(node, "min", path, mistakes);
  row.rule.max = TextOf(node, "max", path, mistakes);
  row.rule.default_value = TextOf(node, "default", path, mistakes);
  if (const YamlNode* allowed = node.Find("allowed")) {
    row.rule.allowed = ReadTexts(*allowed, path + ".allowed", "a list of values", mistakes);
    if (row.rule.allowed.empty()) {
      row.Contradiction("allowed", " is empty; write forbidden: true to allow no value");
    }
  }
  for (const std::string_view key : {"min", "max", "default"}) {
    const YamlNode* value = node.Find(key);
    if (value != nullptr && value->kind == YamlNode::Kind::kScalar && value->text.empty()) {
      row.Contradiction(key, " is empty; leave it out");
    }
  }
  row.rule.required = row.Truth("required");
  row.rule.forbidden = row.Truth("forbidden");
  CheckBounds(row);
  CheckSense(row);
  return row.rule;
}

}  // namespace

std::map<std::string, SettingRule, std::less<>> ReadSettings(const YamlNode& node,
                                                             std::string_view path,
                                                             Mistakes& mistakes) {
  std::map<std::string, SettingRule, std::less<>> settings;
  if (!ExpectList(node, path, "a list of rows: - {key, type, max}", mistakes)) return settings;
  for (size_t i = 0; i < node.values.size(); ++i) {
    SettingRule rule = ReadRow(node.values[i], Item(path, i), mistakes);
    if (rule.key.empty()) continue;
    const std::string key = rule.key;
    if (!settings.emplace(key, std::move(rule)).second) {
      mistakes.Add(node.values[i], Item(path, i) + " is a second row for " + key);
    }
  }
  return settings;
}

}  // namespace ballast::webhook
