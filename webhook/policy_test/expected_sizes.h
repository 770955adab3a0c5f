// The sizes that an expectation holds: parts of what `check -o json` prints under `after`.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "webhook/policy_file/yaml_mistakes.h"
#include "webhook/policy_file/yaml_tree.h"

namespace ballast::webhook {

// {"executor": {"heapMiB": 12000}}: the same map with its numbers; unknown parts are mistakes.
nlohmann::json ReadExpectedSizes(const YamlNode& node, const std::string& path, Mistakes& mistakes);

}  // namespace ballast::webhook
