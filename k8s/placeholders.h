// Placeholders that a build fills in later: {IMAGE_REGISTRY}/spark:4.0.4, {{SPARK_VERSION}}. Plain
// YAML reads a brace as the begin of a map, so a manifest with them does not parse as it stands.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ballast::k8s {

// The text with every value that begins with a placeholder put into quotes, line for line; nullopt
// where there is none. A map in flow style ({a: b}, {a}) is no placeholder.
std::optional<std::string> QuotePlaceholders(std::string_view text);

}  // namespace ballast::k8s
