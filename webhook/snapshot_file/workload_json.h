// One application in a snapshot file.
#pragma once

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "policy/workload.h"
#include "webhook/snapshot_file/json_part.h"

namespace ballast::webhook {

// As --on-unknown-version has them, in the order of policy::UnknownVersion.
inline constexpr std::array<std::string_view, 3> kUnknownVersions = {"newest", "warn", "reject"};
policy::UnknownVersion ReadUnknownVersion(const JsonPart& part);

nlohmann::ordered_json PrintWorkload(const policy::Workload& workload);
// Its sizes are derived.
policy::Workload ReadWorkload(const JsonPart& part);

}  // namespace ballast::webhook
