// The two readers under ReadManifests. Each turns a text into documents with the place of every
// value, and every failure of its library into an error with line and column.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "k8s/manifest.h"
#include "policy/result.h"

namespace ballast::k8s {

inline constexpr size_t kMostDepth = 256;

using Documents = std::vector<ManifestDocument>;

// Empty documents are left out.
policy::Result<Documents> ReadYamlDocuments(std::string_view text, const std::string& file);
// One JSON value or several, one after the other.
policy::Result<Documents> ReadJsonDocuments(std::string_view text, const std::string& file);

// Whether a text that begins so is JSON: a brace, then a quoted key or nothing. All else is YAML,
// its flow style ({a: b}) too.
bool LooksLikeJson(std::string_view text);

// "file:line:column".
std::string PlaceText(const std::string& file, SourcePlace place);

}  // namespace ballast::k8s
