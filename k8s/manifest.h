// Manifests as people write them: YAML or JSON, many documents, with the place of every value for
// errors.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "policy/result.h"

namespace ballast::k8s {

struct SourcePlace {
  int line = 0;    // from 1
  int column = 0;  // from 1
};

struct ManifestDocument {
  nlohmann::json object;
  // JSON pointer -> place of the value (and of every container); of what stands below its key, the
  // key's.
  std::unordered_map<std::string, SourcePlace> places;
  std::string file;

  // "file:line:column" of the pointer, or of its nearest parent that is there.
  std::string PlaceOf(std::string_view pointer) const;
};

// Reads all documents of a text; empty documents are left out, the items of a List count one by
// one. Scalars resolve as Kubernetes' YAML reader does. Depth and size are bounded. The error names
// file:line:column and the remedy.
policy::Result<std::vector<ManifestDocument>> ReadManifests(std::string_view text,
                                                            const std::string& file);

}  // namespace ballast::k8s
