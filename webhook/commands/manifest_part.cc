#include <map>
#include <string>
#include <string_view>

#include "webhook/admission/answer_texts.h"
#include "webhook/text/append_json.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

// Only what YAML reads as a text whatever it is; the rest is quoted.
bool IsPlainKey(std::string_view key) {
  if (key.empty() || key == "y" || key == "n" || key == "yes" || key == "no" || key == "on" ||
      key == "off" || key == "true" || key == "false" || key == "null") {
    return false;
  }
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (!letter(key.front())) return false;
  for (const char c : key) {
    if (!letter(c) && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-' && c != '/') {
      return false;
    }
  }
  return true;
}

void AppendYaml(std::string& out, const json& object, size_t indent) {
  for (const auto& [key, value] : object.items()) {
    out.append(indent, ' ');
    if (IsPlainKey(key)) {
      out += key;
    } else {
      AppendJsonString(out, key);
    }
    out += ':';
    if (value.is_object() && !value.empty()) {
      out += '\n';
      AppendYaml(out, value, indent + 2);
      continue;
    }
    out += ' ';
    AppendJson(out, value);  // JSON is YAML
    out += '\n';
  }
}

}  // namespace

std::string ManifestPart(const k8s::Patch& patch) {
  json part = json::object();
  std::string removed;
  for (const k8s::PatchOperation& operation : patch) {
    if (operation.op == "remove") {
      removed += "# without " + operation.path + "\n";
    } else if (!operation.value.is_object() || !operation.value.empty()) {
      // Tokens become members one by one: json_pointer would make arrays of numbers.
      json* at = &part;
      std::string_view rest = operation.path;
      while (!rest.empty()) {
        rest.remove_prefix(1);
        const size_t end = std::min(rest.find('/'), rest.size());
        std::string token;
        for (size_t i = 0; i < end; ++i) {
          const bool escaped = rest[i] == '~' && i + 1 < end;
          token += !escaped ? rest[i] : rest[++i] == '1' ? '/' : '~';
        }
        rest.remove_prefix(end);
        at = &(*at)[token];
      }
      *at = operation.value;
    }
  }
  std::string text;
  AppendYaml(text, part, 0);
  return text + removed;
}

}  // namespace ballast::webhook
