// The cluster and its namespaces in a snapshot file.
#pragma once

#include <nlohmann/json.hpp>

#include "policy/capacity.h"
#include "policy/namespace_state.h"
#include "webhook/snapshot_file/json_part.h"

namespace ballast::webhook {

nlohmann::ordered_json PrintCluster(const policy::ClusterCapacity& cluster);
policy::ClusterCapacity ReadCluster(const JsonPart& part);

nlohmann::ordered_json PrintNamespaces(const policy::NamespaceStates& namespaces);
policy::NamespaceStates ReadNamespaces(const JsonPart& part);

// Parts that applications have too.
nlohmann::ordered_json PrintLabels(const policy::Labels& labels);
policy::Labels ReadLabels(const JsonPart& part);
nlohmann::ordered_json PrintRequirements(const std::vector<policy::Requirement>& requirements);
std::vector<policy::Requirement> ReadRequirements(const JsonPart& part);

}  // namespace ballast::webhook
