// The record that a rewritten object carries in ballast.dev/original: for every path that Ballast
// changed, what the user had written there and what Ballast wrote, and a digest of all that the
// user had asked for.
//
//   {"v":1,"asked":"9f0c...","paths":{"/spec/executor/memory":{"was":"60g","now":"15660m"}}}
//
// A missing "was" or "now" means that nothing stood, or stands, there.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "k8s/json_view.h"
#include "k8s/kinds/kind.h"
#include "policy/result.h"

namespace ballast::webhook {

struct RecordedPath {
  std::string path;  // JSON pointer
  std::optional<nlohmann::json> was;
  std::optional<nlohmann::json> now;

  bool operator==(const RecordedPath&) const = default;
};

struct Record {
  uint64_t asked = 0;
  std::vector<RecordedPath> paths;  // in order of the paths, so a container comes before its parts

  bool operator==(const Record&) const = default;
};

// The record of a patch that was made for this object, before it is applied.
Record MakeRecord(k8s::JsonView object, const k8s::Patch& patch, uint64_t asked);

std::string PrintRecord(const Record& record);
// Only what PrintRecord can have written is read; the error's `where` is the place in the record.
policy::Result<Record> ParseRecord(std::string_view text);

// A digest of everything that a user asks for: the object without metadata, status and whether it
// is suspended. What is absent, null or empty counts the same. It tells a text from another, no
// more: it is no defence against somebody who looks for a collision. The same in every version.
uint64_t DigestOfAsked(k8s::JsonView object);

// Whether two objects ask for the same, by the same measure, exactly.
bool SameAsked(k8s::JsonView a, k8s::JsonView b);

}  // namespace ballast::webhook
