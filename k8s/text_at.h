// Texts of an object whose shape nobody has checked: what is missing, or no text, is empty.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "k8s/json_view.h"

namespace ballast::k8s {

inline std::string_view TextOf(JsonView value) {
  return value.string().value_or(std::string_view());
}

inline std::string_view TextAt(JsonView object, std::string_view key) {
  return TextOf(object[key]);
}

// By a JSON pointer: "/metadata/name".
inline std::string TextIn(const nlohmann::json& object, std::string_view pointer) {
  return std::string(TextOf(JsonView(object).At(pointer)));
}

}  // namespace ballast::k8s
