// Holds a decision against what was expected of it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "webhook/policy_test/expectation.h"

namespace ballast::webhook {

// Both sides as YAML in the form of expect.yaml, with only what was expected and what is there
// besides; equal texts: as expected.
struct Comparison {
  std::string expected;
  std::string got;

  bool as_expected() const { return expected == got; }
};

// `decision` as text/decision_json.h makes it.
Comparison Compare(const ExpectedDocument& expected, const nlohmann::json& decision);

}  // namespace ballast::webhook
