// Reads the `spec` of a SparkPolicyException.
#pragma once

#include <cstdint>
#include <string_view>

#include "policy/policy.h"
#include "policy/result.h"
#include "webhook/policy_file/yaml_mistakes.h"
#include "webhook/policy_file/yaml_tree.h"

namespace ballast::webhook {

// Sets rules, selector, reason and the end; every mistake is reported.
void ReadExceptionSpec(const YamlNode& spec, policy::PolicyException& exception,
                       Mistakes& mistakes);

// "2026-12-31T18:00:00Z" (RFC 3339, with "Z" or an offset) as Unix seconds; "2026-12-31" is the end
// of that day in UTC. Years 1970 to 9999.
policy::Result<int64_t> ReadMoment(std::string_view text);
// "2026-12-31T18:00:00Z".
std::string PrintMoment(int64_t seconds);

}  // namespace ballast::webhook
