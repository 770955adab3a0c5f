// The CustomResourceDefinitions of SparkResourcePolicy and SparkPolicyException, made of the field
// table that the reader walks, so that what the API server takes and what Ballast reads can't
// drift apart.
//
// The schema holds types, choices, bounds and contradictions (CEL); how a value is spelled is left
// to Ballast, which refuses it at admission and says what to write instead.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace ballast::webhook {

struct PolicyCrd {
  std::string name;  // "sparkresourcepolicies.policy.ballast.dev"
  nlohmann::json definition;
};
std::vector<PolicyCrd> PolicyCrds();

// As YAML with a first line that says where it comes from; what the chart ships.
std::string PrintPolicyCrd(const PolicyCrd& crd);

// The schemas of the two `spec`s; policy_crd_fields.cc.
nlohmann::json PolicySpecSchema();
nlohmann::json ExceptionSpecSchema();

}  // namespace ballast::webhook
