// Reads the cluster's capacity from what `kubectl get nodes -o yaml|json` prints: a List, one Node,
// or many documents; streamed, so that memory does not grow with the file.
#pragma once

#include <istream>
#include <string>

#include "policy/capacity.h"
#include "policy/result.h"

namespace ballast::k8s {

// `name` is the file's, for errors (file:line:column). Nodes that are not ready or cordoned count
// in NodeClass::count but not in ready. Neither needs to be a file that can be read twice; the path
// "-" is the standard input. A file without a node is an error.
policy::Result<policy::ClusterCapacity> ReadNodes(std::istream& input, const std::string& name);
policy::Result<policy::ClusterCapacity> ReadNodesFile(const std::string& path);

}  // namespace ballast::k8s
