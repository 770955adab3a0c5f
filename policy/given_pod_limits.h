// A pod that its template sizes, held against the policy's limits. Ballast writes no templates, so
// what is too large is refused; `noun` ("worker") is what it is called.
#pragma once

#include <string_view>

#include "policy/policy.h"
#include "policy/rule.h"

namespace ballast::policy {

// Of memory and cores alone; `reason` is the finding's.
Verdict JudgeGivenPod(const PodShape& shape, const ShapeLimits& limits, std::string_view noun,
                      std::string_view reason);

}  // namespace ballast::policy
