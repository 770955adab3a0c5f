// A YAML text as a tree in which every node knows its place. Aliases, depth and size are bounded,
// and what the YAML library throws is caught in yaml_tree.cc alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/result.h"

namespace ballast::webhook {

struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap };
  Kind kind = Kind::kNull;
  int line = 1;  // from 1
  int column = 1;
  std::string text;              // of a scalar
  bool quoted = false;           // of a scalar: written between quotes, so never a number
  std::vector<YamlNode> keys;    // of a map, in the order of the text; equal ones are kept
  std::vector<YamlNode> values;  // of a map, beside keys; of a list, its elements

  // The value under the first such key; nullptr where there is none.
  const YamlNode* Find(std::string_view key) const;
};

// "policy.yaml:14:9".
std::string PlaceOf(const std::string& file, const YamlNode& node);

// All documents; empty ones are left out. The one error is that the text is no YAML, or too large
// (1 MiB, 64 levels, 100,000 nodes, where each use of an alias counts as what it stands for).
policy::Result<std::vector<YamlNode>> ReadYaml(std::string_view text, const std::string& file);

// The line of `text` that a place ("policy.yaml:14:9") names, with a caret under the column and the
// number before it; empty where the place names none.
std::string Excerpt(std::string_view text, std::string_view place);

}  // namespace ballast::webhook
