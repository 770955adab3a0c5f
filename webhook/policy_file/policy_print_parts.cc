#include <algorithm>
#include <cstdio>
#include <optional>
#include <variant>

#include "policy/policy_values.h"
#include "policy/quantity.h"
#include "webhook/policy_file/policy_print.h"

namespace ballast::webhook {
namespace {

using policy::LabelSelector;
using policy::Requirement;
using Operator = Requirement::Operator;

bool IsPlainLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_' || c == '/' || c == '%';
}

// What some YAML reader takes for something else than a text.
bool IsWordOfYaml(std::string_view text) {
  static constexpr std::string_view kWords[] = {"null", "true", "false", "yes", "no",
                                                "on",   "off",  "y",     "n",   "nan"};
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return std::find(std::begin(kWords), std::end(kWords), lower) != std::end(kWords);
}

// "{a: 1, b: 2}", built member by member.
class FlowMap {
 public:
  void Add(std::string_view key, std::string_view value) {
    if (text_.size() > 1) text_ += ", ";
    text_.append(key).append(": ").append(value);
  }
  void AddText(std::string_view key, std::string_view value) { Add(key, PrintText(value)); }
  std::string Done() const { return text_ + "}"; }

 private:
  std::string text_ = "{";
};

template <typename List, typename PrintOne>
std::string FlowList(const List& list, PrintOne print) {
  std::string text = "[";
  for (const auto& one : list) {
    if (text.size() > 1) text += ", ";
    text += print(one);
  }
  return text + "]";
}

std::string PrintTexts(const std::vector<std::string>& texts) {
  return FlowList(texts, [](const std::string& text) { return PrintText(text); });
}

std::string Print(const policy::Labels& labels) {
  FlowMap map;
  for (const auto& [key, value] : labels) map.AddText(PrintText(key), value);
  return map.Done();
}

std::string_view NameOf(Operator op) {
  switch (op) {
    case Operator::kIn:
      return "In";
    case Operator::kNotIn:
      return "NotIn";
    case Operator::kExists:
      return "Exists";
    case Operator::kDoesNotExist:
      return "DoesNotExist";
    case Operator::kGt:
      return "Gt";
    case Operator::kLt:
      return "Lt";
  }
  return "";
}

std::string Print(const Requirement& requirement) {
  FlowMap map;
  map.AddText("key", requirement.key);
  map.Add("operator", NameOf(requirement.op));
  if (!requirement.values.empty()) map.Add("values", PrintTexts(requirement.values));
  return map.Done();
}

// The first requirements that matchLabels can say stand there, the others as expressions: so the
// order is kept.
std::string Print(const LabelSelector& selector) {
  std::vector<std::string_view> keys;
  FlowMap labels;
  auto rest = selector.requirements.begin();
  for (; rest != selector.requirements.end(); ++rest) {
    const bool is_label = rest->op == Operator::kIn && rest->values.size() == 1 &&
                          std::find(keys.begin(), keys.end(), rest->key) == keys.end();
    if (!is_label) break;
    keys.push_back(rest->key);
    labels.AddText(PrintText(rest->key), rest->values.front());
  }
  FlowMap map;
  if (!keys.empty()) map.Add("matchLabels", labels.Done());
  const std::vector<Requirement> expressions(rest, selector.requirements.end());
  if (!expressions.empty()) {
    map.Add("matchExpressions",
            FlowList(expressions, [](const Requirement& one) { return Print(one); }));
  }
  return map.Done();
}

std::string Print(const policy::Taint& taint) {
  FlowMap map;
  map.AddText("key", taint.key);
  if (!taint.value.empty()) map.AddText("value", taint.value);
  map.Add("effect", taint.effect);
  return map.Done();
}

std::string Print(const policy::Toleration& toleration) {
  FlowMap map;
  if (!toleration.key.empty()) map.AddText("key", toleration.key);
  map.Add("operator", toleration.op);
  if (!toleration.value.empty()) map.AddText("value", toleration.value);
  if (!toleration.effect.empty()) map.Add("effect", toleration.effect);
  return map.Done();
}

std::string Print(const policy::PodExtras& sidecars) {
  FlowMap map;
  map.Add("memory", policy::PrintMemoryQuantity(sidecars.sidecar_memory));
  map.Add("cpu", policy::PrintCpuQuantity(sidecars.sidecar_cpu));
  return map.Done();
}

std::string Print(const policy::Reserve& reserve) {
  FlowMap map;
  map.Add("cpu", policy::PrintCpuQuantity(reserve.cpu));
  map.Add("memory", policy::PrintMemoryQuantity(reserve.memory));
  map.Add("percent", policy::PrintNumber(reserve.percent));
  return map.Done();
}

std::string Print(const policy::NodeClass& pool) {
  FlowMap room;
  room.Add("cpu", policy::PrintCpuQuantity(pool.allocatable.cpu));
  room.Add("memory", policy::PrintMemoryQuantity(pool.allocatable.memory));
  room.Add("pods", std::to_string(pool.allocatable.pods));
  for (const auto& [name, amount] : pool.allocatable.extended) {
    room.Add(PrintText(name), std::to_string(amount));
  }
  FlowMap map;
  map.AddText("name", pool.name);
  map.Add("count", std::to_string(pool.count));
  map.Add("allocatable", room.Done());
  if (!pool.labels.empty()) map.Add("labels", Print(pool.labels));
  if (!pool.taints.empty()) {
    map.Add("taints", FlowList(pool.taints, [](const policy::Taint& one) { return Print(one); }));
  }
  return map.Done();
}

template <typename T>
std::string Print(const std::vector<T>& list) {
  return FlowList(list, [](const T& one) { return Print(one); });
}
std::string Print(const std::vector<std::string>& texts) { return PrintTexts(texts); }

template <typename T>
concept Part = requires(const T& part) {
  Print(part);
};

}  // namespace

std::string PrintText(std::string_view text) {
  const bool begins_with_letter =
      !text.empty() && ((text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z'));
  if (begins_with_letter && std::all_of(text.begin(), text.end(), IsPlainLetter) &&
      !IsWordOfYaml(text)) {
    return std::string(text);
  }
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      char code[8];
      std::snprintf(code, sizeof code, "\\x%02x", static_cast<unsigned>(c));
      quoted += code;
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string PrintPart(const policy::PolicyField& field, const policy::Policy& policy) {
  return std::visit(
      [&]<typename Place>(const policy::Access<Place>& access) -> std::string {
        const Place& place = access.in(policy);
        if constexpr (std::is_same_v<Place, LabelSelector>) {
          return Print(place);
        } else if constexpr (requires {
                               requires Part<typename Place::value_type>;
                               place.has_value();
                             }) {
          return place ? Print(*place) : "";
        }
        return "";
      },
      field.access);
}

std::string PrintSettingRow(const policy::SettingRule& row) {
  using Type = policy::SettingRule::Type;
  FlowMap map;
  map.AddText("key", row.key);
  static constexpr std::pair<Type, std::string_view> kTypes[] = {{Type::kSize, "size"},
                                                                 {Type::kTime, "time"},
                                                                 {Type::kNumber, "number"},
                                                                 {Type::kBoolean, "boolean"},
                                                                 {Type::kText, "text"}};
  for (const auto& [type, name] : kTypes) {
    if (type == row.type) map.Add("type", name);
  }
  if (!row.min.empty()) map.AddText("min", row.min);
  if (!row.max.empty()) map.AddText("max", row.max);
  if (!row.allowed.empty()) map.Add("allowed", PrintTexts(row.allowed));
  if (!row.default_value.empty()) map.AddText("default", row.default_value);
  if (row.required) map.Add("required", "true");
  if (row.forbidden) map.Add("forbidden", "true");
  return map.Done();
}

}  // namespace ballast::webhook
