// The patch between two texts of one object.
#pragma once

#include <nlohmann/json.hpp>

#include "k8s/kinds/kind.h"

namespace ballast::webhook {

// What turns `from` into `to`, but for metadata and status. An object that is missing is made empty
// first; one that is there stays, if need be empty: only single values are taken away.
k8s::Patch AskedDifference(const nlohmann::json& from, const nlohmann::json& to);

}  // namespace ballast::webhook
