#include "k8s/json_text.h"

namespace ballast::k8s {

using nlohmann::json;
using nlohmann::ordered_json;

json ParseJson(std::string_view text) { return json::parse(text, nullptr, false); }

std::string PrintJson(const json& value, int indent) {
  return value.dump(indent, ' ', false, json::error_handler_t::replace);
}

std::string PrintJson(const ordered_json& value, int indent) {
  return value.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

std::string TextOrJson(const json& value) {
  return value.is_string() ? value.get<std::string>() : PrintJson(value);
}

}  // namespace ballast::k8s
