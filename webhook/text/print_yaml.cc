#include "webhook/text/print_yaml.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "k8s/json_text.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

// Texts that no YAML reader takes for anything but text: they begin with a letter and hold only
// what stands in names, paths and sizes, and are none of YAML's words.
bool IsPlain(const std::string& text) {
  static constexpr const char* kWords[] = {"null", "true", "false", "yes", "no",
                                           "on",   "off",  "y",     "n"};
  if (text.empty() || (std::isalpha(static_cast<unsigned char>(text[0])) == 0 && text[0] != '/')) {
    return false;
  }
  std::string lower = text;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (std::any_of(std::begin(kWords), std::end(kWords),
                  [&](const char* w) { return lower == w; })) {
    return false;
  }
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == '/';
  });
}

void EmitText(YAML::Emitter& out, const std::string& text) {
  if (IsPlain(text)) {
    out << text;
  } else {
    out << YAML::DoubleQuoted << text;
  }
}

void Emit(YAML::Emitter& out, const json& value) {
  if (value.is_object()) {
    if (value.empty()) out << YAML::Flow;
    out << YAML::BeginMap;
    for (auto it = value.begin(); it != value.end(); ++it) {
      out << YAML::Key;
      EmitText(out, it.key());
      out << YAML::Value;
      Emit(out, it.value());
    }
    out << YAML::EndMap;
  } else if (value.is_array()) {
    if (value.empty()) out << YAML::Flow;
    out << YAML::BeginSeq;
    for (const json& element : value) Emit(out, element);
    out << YAML::EndSeq;
  } else if (value.is_string()) {
    EmitText(out, value.get<std::string>());
  } else if (value.is_null()) {
    out << YAML::Null;
  } else {
    out << k8s::PrintJson(value);  // numbers, true, false
  }
}

}  // namespace

std::string PrintYaml(const json& value) {
  YAML::Emitter out;
  out.SetNullFormat(YAML::LowerNull);
  Emit(out, value);
  return std::string(out.c_str()) + "\n";
}

}  // namespace ballast::webhook
