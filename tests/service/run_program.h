// Runs a real program to its end, with what it reads and all that it writes. For tests.
#pragma once

#include <string>
#include <vector>

namespace ballast::tests {

struct ProgramResult {
  int status =
      -1;  // exit status; 128 + signal where a signal ended it; -1 where it had to be killed
  std::string out;
  std::string err;
};

// Bounded: the program is killed after `seconds`. `environment` is added to the test's own,
// which names no Kubernetes cluster.
ProgramResult RunProgram(const std::vector<std::string>& arguments, const std::string& input = "",
                         const std::vector<std::string>& environment = {}, int seconds = 30);

// The binary under test, and a file below tests/testdata.
std::string BallastBinary();
std::string TestData(const std::string& name);

}  // namespace ballast::tests
