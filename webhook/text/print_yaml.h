// JSON values as YAML, for people and for `kubectl apply`.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace ballast::webhook {

// Block style, ends with a newline. Texts that YAML would read as something else are quoted, so
// that reading it gives the same value.
std::string PrintYaml(const nlohmann::json& value);

}  // namespace ballast::webhook
