// A name for what is known of the cluster, so that two log lines tell whether they were judged by
// the same: equal contents have equal names, in every replica.
#pragma once

#include <string>

#include "policy/capacity.h"

namespace ballast::webhook {

// 16 hexadecimal digits; empty where no node was ever seen. Names of nodes do not count.
std::string CapacityId(const policy::ClusterCapacity& cluster);

}  // namespace ballast::webhook
