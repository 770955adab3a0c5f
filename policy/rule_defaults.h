// What holds for every rule before a policy speaks: its mode, and whether it states a fact.
//
// The ids are those of design's rule table, all known from the first release; a test holds this
// table against the rules that are built in (rules/rules.cc) and against policy/README.md.
#pragma once

#include <span>
#include <string_view>

#include "policy/policy.h"

namespace ballast::policy {

struct RuleDefault {
  std::string_view id;
  Mode mode = Mode::kWarn;
  // The job would never run: no exception can lift it.
  bool fact = false;
};

std::span<const RuleDefault> RuleDefaults();
// nullptr where there is no such rule.
const RuleDefault* FindRuleDefault(std::string_view id);

}  // namespace ballast::policy
