// One application in a snapshot file.
#pragma once

#include <nlohmann/json.hpp>

#include "policy/workload.h"
#include "webhook/snapshot_file/json_part.h"

namespace ballast::webhook {

nlohmann::ordered_json PrintWorkload(const policy::Workload& workload);
// Its sizes are derived.
policy::Workload ReadWorkload(const JsonPart& part);

}  // namespace ballast::webhook
