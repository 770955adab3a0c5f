// Runs one case of `ballast policy test`: reads its files, judges its manifests, and holds what
// comes out against what its expect.yaml says.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "k8s/kinds/kind.h"
#include "policy/capacity.h"
#include "policy/layers.h"
#include "policy/namespace_state.h"
#include "policy/result.h"
#include "webhook/policy_test/find_cases.h"

namespace ballast::webhook {

enum class CaseStatus {
  kPassed,
  kFailed,  // something is judged otherwise
  kError,   // one of its files has a mistake
};

struct CaseResult {
  std::string name;
  std::string description;  // as its expect.yaml has it
  CaseStatus status = CaseStatus::kPassed;
  double seconds = 0;

  // What is judged otherwise: one for each object.
  struct Difference {
    std::string place;   // file:line:column of what was expected
    std::string object;  // "SparkApplication team-a/sessions"
    std::string expected;
    std::string got;
  };
  std::vector<Difference> differences;
  std::vector<policy::Error> mistakes;
};

// Files that cases share, read once. Not for several threads at once.
class CaseRunner {
 public:
  explicit CaseRunner(k8s::ReadOptions options) : read_options_(options) {}

  // `today_seconds` is for cases that name no date.
  CaseResult Run(const PolicyCase& one, int64_t today_seconds);

 private:
  struct Files {
    policy::PolicySet policies;
    policy::ClusterCapacity cluster;
    std::shared_ptr<const policy::NamespaceStates> namespaces;
  };
  using Mistakes = std::vector<policy::Error>;

  Files Read(const PolicyCase& one, Mistakes& mistakes);

  k8s::ReadOptions read_options_;
  std::map<std::string, std::variant<policy::PolicySet, Mistakes>> policies_;
  std::map<std::string, policy::Result<policy::ClusterCapacity>> clusters_;
  std::map<std::string, policy::Result<policy::NamespaceStates>> namespaces_;
};

}  // namespace ballast::webhook
