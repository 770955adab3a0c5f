// Policy files: a file is either read whole or answered with its mistakes, each with a place; a
// policy that was read is printed so that it is read back the same.
#include <string>
#include <variant>

#include "tests/fuzz/fuzz.h"
#include "webhook/policy_file/policy_yaml.h"

using ballast::policy::Error;
using ballast::webhook::PolicyFile;
using ballast::webhook::PrintPolicy;
using ballast::webhook::ReadPolicyFile;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto read = ReadPolicyFile(ballast::fuzz::AsText(data, size), "policy.yaml");
  if (const auto* mistakes = std::get_if<std::vector<Error>>(&read)) {
    FUZZ_LAW(!mistakes->empty());
    for (const Error& mistake : *mistakes) {
      FUZZ_LAW(mistake.where.starts_with("policy.yaml"));
      FUZZ_LAW(!mistake.what.empty());
    }
    return 0;
  }
  for (const auto& policy : std::get<PolicyFile>(read).policies) {
    const auto again = ReadPolicyFile(PrintPolicy(policy), "printed.yaml");
    const auto* file = std::get_if<PolicyFile>(&again);
    FUZZ_LAW(file != nullptr);
    FUZZ_LAW(file->policies.size() == 1);
    FUZZ_LAW(file->policies.front() == policy);
  }
  return 0;
}
