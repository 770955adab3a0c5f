#include "webhook/policy_file/policy_print.h"

#include <optional>

#include "policy/policy_values.h"
#include "webhook/policy_file/policy_yaml.h"

namespace ballast::webhook {
namespace {

using policy::FieldType;
using policy::Policy;
using policy::PolicyField;

// Lines of nested maps: a path's parents are written once, when they come up first.
class Lines {
 public:
  explicit Lines(std::string& text) : text_(text) {}

  // Writes "key:" at the depth of the path, its parents before it.
  void Key(std::string_view path) {
    size_t depth = 1;
    for (size_t dot = path.find('.'); dot != std::string_view::npos;
         dot = path.find('.', dot + 1)) {
      const std::string_view parent = path.substr(0, dot);
      const bool open = last_.starts_with(parent) &&
                        (last_.size() == parent.size() || last_[parent.size()] == '.');
      if (!open) Line(depth, LastPart(parent), "\n");
      ++depth;
    }
    Line(depth, LastPart(path), "");
    last_ = path;
  }

 private:
  static std::string_view LastPart(std::string_view path) {
    return path.substr(path.rfind('.') == std::string_view::npos ? 0 : path.rfind('.') + 1);
  }
  void Line(size_t depth, std::string_view key, std::string_view end) {
    text_.append(2 * depth, ' ').append(key).append(":").append(end);
  }

  std::string& text_;
  std::string_view last_;
};

void PrintRules(const Policy& policy, std::string& text) {
  text += "\n";
  for (const auto& [id, mode] : policy.rules) {
    // Between quotes, since YAML 1.1 takes a bare Off for false.
    text += "    " + id + ": " + PrintText(policy::Name(mode)) + "\n";
  }
}

void PrintSettings(const Policy& policy, std::string& text) {
  text += "\n";
  for (const auto& [key, row] : policy.settings) text += "    - " + PrintSettingRow(row) + "\n";
}

}  // namespace

std::string PrintPolicy(const Policy& policy) {
  std::string text =
      "apiVersion: policy.ballast.dev/v1alpha1\n"
      "kind: SparkResourcePolicy\n"
      "metadata:\n"
      "  name: " +
      PrintText(policy.name) + "\n";
  if (policy.generation != 0) {
    text += "  generation: " + std::to_string(policy.generation) + "\n";
  }
  const size_t before_spec = text.size();
  text += "spec:\n";
  const size_t empty_spec = text.size();
  Lines lines(text);
  for (const PolicyField& field : policy::PolicyFields()) {
    if (!policy::IsSet(field, policy)) continue;
    lines.Key(field.path);
    if (field.type == FieldType::kRuleModes) {
      PrintRules(policy, text);
    } else if (field.type == FieldType::kSettings) {
      PrintSettings(policy, text);
    } else if (const std::optional<std::string> value = policy::PrintField(field, policy)) {
      text += " " + *value + "\n";
    } else {
      text += " " + PrintPart(field, policy) + "\n";
    }
  }
  if (text.size() == empty_spec) text.replace(before_spec, std::string::npos, "spec: {}\n");
  return text;
}

}  // namespace ballast::webhook
