// The parts of a policy as YAML text on one line, so that the readers of policy_yaml_types.h read
// the same value back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/policy.h"
#include "policy/policy_fields.h"

namespace ballast::webhook {

// A text as a YAML scalar: bare where every reader takes it for this text, else between quotes.
std::string PrintText(std::string_view text);
// A field that is a map or a list, as "{memory: 1Gi}"; `field` must be none of the scalar ones, nor
// `rules` or `settings`, which have lines of their own.
std::string PrintPart(const policy::PolicyField& field, const policy::Policy& policy);
// "{key: spark.network.timeout, type: time, min: 120s}".
std::string PrintSettingRow(const policy::SettingRule& row);

}  // namespace ballast::webhook
