// Reads the `spec` of a SparkResourcePolicy by walking the table of fields.
#pragma once

#include "policy/policy.h"
#include "webhook/policy_file/yaml_mistakes.h"
#include "webhook/policy_file/yaml_tree.h"

namespace ballast::webhook {

// Sets what is written there; every mistake is reported.
void ReadPolicySpec(const YamlNode& spec, policy::Policy& policy, Mistakes& mistakes);

}  // namespace ballast::webhook
