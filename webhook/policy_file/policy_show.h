// `policy show`: the effective policy, where each field comes from, and what holds without one.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "policy/layers.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {

// A table of fields, one of rules and one of settings. `all` lists also the fields that no policy
// sets; without it only their number is told.
std::string ShowPolicyText(const policy::EffectivePolicy& effective, bool all, const Paint& paint);

// {"policies":[...],"mode":..,"fields":[{"field","value","origin","default","comment","readBy"}],
//  "rules":[{"rule","mode","origin","default","fact"}],"settings":[{"key",...,"origin"}]};
// every field is there, those that no policy sets with null for value and origin.
nlohmann::ordered_json ShowPolicyJson(const policy::EffectivePolicy& effective);

// Every field with what it takes, its default and its meaning: the reference of the YAML.
std::string PrintPolicySchema(const Paint& paint);

}  // namespace ballast::webhook
