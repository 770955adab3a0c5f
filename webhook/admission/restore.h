// Takes Ballast's changes out of an object again, and puts them back.
#pragma once

#include <nlohmann/json.hpp>

#include "k8s/json_view.h"
#include "policy/result.h"
#include "webhook/admission/record.h"

namespace ballast::webhook {

// Whether every recorded path still holds what Ballast wrote.
bool HoldsRecorded(k8s::JsonView object, const Record& record);

// Gives every path that still holds what Ballast wrote back to the user. A path where kubectl's
// record of what the user applies with this very request (null: there is none) says the same as
// Ballast is the user's own. So is one that Ballast took away and that was in what he applied
// before, and is no more: kubectl had nothing left to take away.
void RestorePaths(nlohmann::json& object, const Record& record,
                  const nlohmann::json& last_applied = nullptr,
                  const nlohmann::json& applied_before = nullptr);

// Writes what Ballast had written to every recorded path.
void ApplyRecord(nlohmann::json& object, const Record& record);

// What the user wrote, from a stored object that Ballast rewrote: without Ballast's changes and
// annotations, and without what the API server adds (status, managedFields, uid, ...). The error
// says why there is nothing to restore.
policy::Result<nlohmann::json> Restore(const nlohmann::json& stored);

}  // namespace ballast::webhook
