// Runs the real helm on the chart. For tests.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/service/run_program.h"

namespace ballast::tests {

// $HELM, helm of PATH, or what `make e2e` has built; nullopt: there is none.
std::optional<std::string> FindHelm();

// `helm ARGUMENTS...` in the project's folder. FindHelm has found one.
ProgramResult RunHelm(const std::vector<std::string>& arguments);

// What `helm template` makes of the chart as release "ballast" in the namespace "ballast".
ProgramResult Render(const std::vector<std::string>& arguments);

std::string ReadSource(const std::string& name);

}  // namespace ballast::tests

// Ends a test that needs helm where there is none.
#define BALLAST_NEEDS_HELM()                                                                      \
  if (!::ballast::tests::FindHelm()) {                                                            \
    GTEST_SKIP() << "no helm here: put one into PATH, set HELM, or run `make e2e`, which builds " \
                    "one";                                                                        \
  }                                                                                               \
  static_assert(true)
