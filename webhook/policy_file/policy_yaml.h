// Policies and exceptions as YAML. All mistakes of a file are reported at once, each with
// file:line:column, what is wrong and what to write instead; an unknown key is a mistake.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "policy/layers.h"
#include "policy/policy.h"
#include "policy/result.h"

namespace ballast::webhook {

struct PolicyFile {
  std::vector<policy::Policy> policies;
  std::vector<policy::PolicyException> exceptions;
};

// Either the whole file or all its mistakes (never empty then).
std::variant<PolicyFile, std::vector<policy::Error>> ReadPolicyFile(std::string_view text,
                                                                    const std::string& file);
// A policy as YAML that ReadPolicyFile reads back to the same value.
std::string PrintPolicy(const policy::Policy& policy);

}  // namespace ballast::webhook
