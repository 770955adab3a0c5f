// What `explain` says as JSON: the sizes of driver and executor, the regions of their heaps, and
// what Spark would refuse. Pure; any thread may call it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "policy/workload.h"

namespace ballast::webhook {

// {"driver":P+R,"executor":P+R}, with the keys of the design's section 9. `driver` is null where
// Spark cannot build that pod, `executor` likewise; `regions` and `perSlotMiB` are null where only
// the memory manager refuses, and where the heap is no application's. Regions are MiB as unrounded
// numbers; perSlotMiB is unified memory per task slot, and 0 for a driver, which runs no tasks.
nlohmann::json ExplainSizes(const policy::Workload& workload);

// One line of `explain --batch`: {"id","type":"jvm|python|r","sparkVersion","conf":{...}} in,
// {"id","driver","executor","refusals":[{"stage","setting","message"}]} out, without a line end.
// The version is that of all of Spark; one that is unset or cannot be read is the newest known. A
// line that is no such request is answered with {"id","error"}.
std::string ExplainBatchLine(std::string_view line);

}  // namespace ballast::webhook
