#include "tests/webhook/admission/admission_fixture.h"

#include <gtest/gtest.h>

#include "k8s/json_text.h"
#include "k8s/patch.h"
#include "webhook/policy_file/policy_yaml.h"

namespace ballast::webhook {

using nlohmann::json;

AdmissionRequest Create(const json& object) {
  AdmissionRequest request;
  request.uid = "u-1";
  request.api_version = "sparkoperator.k8s.io/v1beta2";
  request.kind = "SparkApplication";
  request.namespace_name = "jobs";
  request.name = "app";
  request.operation = "CREATE";
  request.user = "ann";
  request.object = k8s::JsonView(object);
  return request;
}

AdmissionRequest Update(const json& object, const json& old_object) {
  AdmissionRequest request = Create(object);
  request.operation = "UPDATE";
  request.old_object = k8s::JsonView(old_object);
  return request;
}

Snapshot SnapshotOf(const std::string& policy_yaml) {
  Snapshot snapshot;
  snapshot.engine_version = "0.0.0-test";
  auto read = ReadPolicyFile(policy_yaml, "policy.yaml");
  if (auto* mistakes = std::get_if<std::vector<policy::Error>>(&read)) {
    for (const policy::Error& mistake : *mistakes) {
      ADD_FAILURE() << mistake.where << ": " << mistake.what;
    }
    return snapshot;
  }
  auto& file = std::get<PolicyFile>(read);
  snapshot.policies = policy::PolicySet(std::move(file.policies), std::move(file.exceptions));
  return snapshot;
}

json Patched(const json& object, const AdmissionAnswer& answer) {
  const policy::Result<json> patched = k8s::ApplyPatch(object, answer.patch);
  EXPECT_TRUE(patched.ok()) << k8s::PrintJson(k8s::ToJson(answer.patch));
  return patched.ok() ? *patched : object;
}

json Application(const char* spec) {
  return {{"apiVersion", "sparkoperator.k8s.io/v1beta2"},
          {"kind", "SparkApplication"},
          {"metadata", {{"name", "app"}, {"namespace", "jobs"}}},
          {"spec", k8s::ParseJson(spec)}};
}

json WithoutEmpty(json value) {
  if (!value.is_object()) return value;
  json kept = json::object();
  for (const auto& [key, member] : value.items()) {
    json inner = WithoutEmpty(member);
    if (!inner.is_object() || !inner.empty()) kept[key] = std::move(inner);
  }
  return kept;
}

}  // namespace ballast::webhook
