// JSON Patch (RFC 6902): made from two workloads by a kind, proven to apply before it is sent.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "k8s/json_view.h"
#include "k8s/kinds/kind.h"
#include "policy/result.h"
#include "policy/workload.h"

namespace ballast::k8s {

nlohmann::json ToJson(const Patch& patch);
// Appends a JSON pointer's token, escaped ("/" -> "~1").
void AppendToken(std::string& pointer, std::string_view token);

// Proves that the patch applies to this object, touches only paths that the kind allows, and that
// the patched object normalises to `after`. Works on the touched part; the whole form is a property
// test. The error is a bug of ours that must never reach the API server: the caller admits without
// a patch and counts it.
policy::Result<bool> ProvePatch(const Kind& kind, JsonView object, const Patch& patch,
                                const policy::Workload& after, const ReadOptions& options);

// The whole patched object (command line, tests).
policy::Result<nlohmann::json> ApplyPatch(const nlohmann::json& object, const Patch& patch);

}  // namespace ballast::k8s
