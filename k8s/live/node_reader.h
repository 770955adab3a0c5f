// One node of the API server's, read as ReadNodes reads a file's.
#pragma once

#include "k8s/json_view.h"
#include "policy/capacity.h"
#include "policy/result.h"

namespace ballast::k8s {

// The node as a class of its own: its name, count 1, ready 0 or 1. The error says what is wrong
// with it, and its name.
policy::Result<policy::NodeClass> ReadNode(JsonView node);

}  // namespace ballast::k8s
