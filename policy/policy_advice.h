// What is written correctly and yet probably not meant: `policy lint` says it after the mistakes.
#pragma once

#include <string>
#include <vector>

#include "policy/policy.h"

namespace ballast::policy {

// A sentence each: limits whose rule only warns under this policy that enforces, node pools that
// capacity.source leaves out. Another policy that is laid over this one may be the reason, so it is
// advice and no mistake.
std::vector<std::string> Advice(const Policy& policy);

}  // namespace ballast::policy
