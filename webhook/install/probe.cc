#include "webhook/install/probe.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "webhook/admission/annotations.h"

namespace ballast::webhook {
namespace {

using k8s::ApiResult;
using nlohmann::json;

// A server-side apply, since only then may a right be bound to the name of what does not exist yet.
constexpr const char* kDryRun = "?dryRun=All&force=true&fieldManager=ballast-probe";

bool Contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// "admission webhook "validate.ballast.dev" denied the request: ..."
bool DeniedByUs(const k8s::ApiError& error) {
  return Contains(error.message, ".ballast.dev\" denied the request");
}

bool KindIsUnknown(const k8s::ApiError& error) {
  return error.not_found() && !Contains(error.message, "namespaces \"");
}

}  // namespace

json PolicyTrial(const std::string& name) {
  json policy = {{"apiVersion", "policy.ballast.dev/v1alpha1"},
                 {"kind", "SparkResourcePolicy"},
                 {"metadata", {{"name", name}}}};
  policy["spec"]["limits"]["executor"]["heap"]["min"] = "no size";
  return policy;
}

json ApplicationTrial(const ProbeOptions& options) {
  const json pod = {{"cores", 1}, {"memory", "1g"}};
  json executor = pod;
  executor["instances"] = 1;
  return {{"apiVersion", "sparkoperator.k8s.io/v1beta2"},
          {"kind", "SparkApplication"},
          {"metadata", {{"name", options.name}, {"namespace", options.application_namespace}}},
          {"spec",
           {{"type", "Scala"},
            {"mode", "cluster"},
            {"sparkVersion", "3.5.0"},
            {"image", "ballast-probe"},
            {"mainClass", "Probe"},
            {"mainApplicationFile", "local:///probe.jar"},
            {"sparkConf", {{"spark.kryoserializer.buffer.max", "2048m"}}},
            {"driver", pod},
            {"executor", executor}}}};
}

ProbeResult JudgePolicyTrial(const ApiResult<json>& answer) {
  if (answer) {
    return {Proof::kNotYet,
            "a SparkResourcePolicy with a mistake was accepted: Ballast was not asked"};
  }
  if (DeniedByUs(answer.error())) {
    return {Proof::kProven, "a SparkResourcePolicy with a mistake was refused by Ballast"};
  }
  if (KindIsUnknown(answer.error())) {
    return {Proof::kNotYet,
            "the API server does not know SparkResourcePolicy: " + Describe(answer.error())};
  }
  return {Proof::kNotYet, Describe(answer.error())};
}

ProbeResult JudgeApplicationTrial(const ApiResult<json>& answer) {
  if (answer) {
    const json::json_pointer annotations("/metadata/annotations");
    const auto carries = [&](std::string_view key) {
      return answer->contains(annotations) && (*answer)[annotations].is_object() &&
             (*answer)[annotations].contains(std::string(key));
    };
    if (carries(kOriginal)) return {Proof::kProven, "a SparkApplication was rewritten by Ballast"};
    // A policy may want rewrites at the submission.
    if (carries(kPlanned)) {
      return {Proof::kProven, "the rewrite of a SparkApplication was planned by Ballast"};
    }
    return {
        Proof::kNotYet,
        "a SparkApplication that must be rewritten was admitted as it is: Ballast was not asked"};
  }
  if (DeniedByUs(answer.error())) {
    return {Proof::kProven, "a SparkApplication was refused by Ballast"};
  }
  if (KindIsUnknown(answer.error())) {
    return {Proof::kNotServed, "SparkApplication is not installed in this cluster: not tried"};
  }
  return {Proof::kNotYet, Describe(answer.error())};
}

policy::Result<std::vector<std::string>> Probe(k8s::ApiClient& client, const ProbeOptions& options,
                                               const std::function<bool()>& again) {
  const std::string name = k8s::QueryValue(options.name) + kDryRun;
  const std::string policy_path = "/apis/policy.ballast.dev/v1alpha1/sparkresourcepolicies/" + name;
  const std::string application_path = "/apis/sparkoperator.k8s.io/v1beta2/namespaces/" +
                                       k8s::QueryValue(options.application_namespace) +
                                       "/sparkapplications/" + name;
  while (true) {
    std::vector<std::string> texts;
    std::string missing;
    const auto note = [&](const ProbeResult& result) {
      texts.push_back(result.text);
      if (result.proof == Proof::kNotYet) missing = result.text;
    };
    if (options.policy) {
      note(JudgePolicyTrial(
          client.Patch(policy_path, k8s::PatchType::kApply, PolicyTrial(options.name))));
    }
    if (missing.empty() && !options.application_namespace.empty()) {
      note(JudgeApplicationTrial(
          client.Patch(application_path, k8s::PatchType::kApply, ApplicationTrial(options))));
    }
    if (missing.empty()) return texts;
    if (!again()) return policy::Error{"probe", missing};
  }
}

}  // namespace ballast::webhook
