// JSON Patch (RFC 6902): made from two workloads by a kind, proven to apply before it is sent.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "k8s/json_view.h"
#include "k8s/kinds/kind.h"
#include "policy/result.h"
#include "policy/workload.h"

namespace ballast::k8s {

nlohmann::json ToJson(const Patch& patch);
// Appends a JSON pointer's token, escaped ("/" -> "~1").
void AppendToken(std::string& pointer, std::string_view token);
// The other way round: of one token.
std::string UnescapeToken(std::string_view token);

// Collects the operations that change an object, with objects made on the way where they are
// missing. A later Put of the same pointer takes the place of an earlier one.
class PatchWriter {
 public:
  explicit PatchWriter(JsonView object) : object_(object) {}

  // Sets the member at this pointer. Its parents must be objects, null or missing.
  void Put(std::string_view pointer, nlohmann::json value);
  // Takes the member away, if it is there.
  void Remove(std::string_view pointer);

  Patch Take() && { return std::move(patch_); }

 private:
  void MakeParents(std::string_view pointer);
  PatchOperation* Planned(std::string_view pointer);

  JsonView object_;
  Patch patch_;
};

// Proves that the patch applies to this object, touches only paths that the kind allows, and that
// the patched object normalises to `after`. Copies nothing but what the patch touches. The error is
// a bug of ours that must never reach the API server: the caller admits without a patch and counts
// it.
//
// `before` is what the object normalises to: then only the settings that the patch touches are read
// again, where that can tell; tests hold both forms equal.
policy::Result<bool> ProvePatch(const Kind& kind, JsonView object, const Patch& patch,
                                const policy::Workload& before, const policy::Workload& after,
                                const ReadOptions& options);
policy::Result<bool> ProvePatch(const Kind& kind, JsonView object, const Patch& patch,
                                const policy::Workload& after, const ReadOptions& options);

// The whole patched object (command line, tests).
policy::Result<nlohmann::json> ApplyPatch(const nlohmann::json& object, const Patch& patch);

// Whether two workloads mean the same to Spark and to the cluster: all but which object they are
// (whose namespace may be the request's, and which no patch may touch), where else a value is
// written (Workload::overridden) and what follows from the rest (Workload::sizes).
bool SameMeaning(const policy::Workload& a, const policy::Workload& b);
// The same without looking at the settings.
bool SameButSettings(const policy::Workload& a, const policy::Workload& b);

}  // namespace ballast::k8s
