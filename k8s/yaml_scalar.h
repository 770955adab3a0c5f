// What a YAML scalar means to Kubernetes. Its reader (sigs.k8s.io/yaml) keeps YAML 1.1: yes, no, on
// and off are booleans, 010 is eight, 1_000 is a thousand.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace ballast::k8s {

// The value of a plain (unquoted, untagged) scalar. nullopt for .inf and .nan, which JSON does not
// have.
std::optional<nlohmann::json> ResolvePlainScalar(std::string_view text);

}  // namespace ballast::k8s
