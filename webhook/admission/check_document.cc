#include "webhook/admission/check_document.h"

#include <algorithm>
#include <string>
#include <vector>

#include "k8s/kinds/kind.h"
#include "webhook/text/decision_json.h"

namespace ballast::webhook {
namespace {

// As the API server would ask. The request views the document and the name.
AdmissionRequest RequestFor(k8s::JsonView object, std::string_view namespace_name) {
  AdmissionRequest request;
  request.uid = "check";
  request.api_version = object["apiVersion"].string().value_or("");
  request.kind = object["kind"].string().value_or("");
  request.name = object.At("/metadata/name").string().value_or("");
  request.namespace_name = object.At("/metadata/namespace").string().value_or(namespace_name);
  request.operation = "CREATE";
  request.dry_run = true;
  request.object = object;
  return request;
}

}  // namespace

bool ToldByFinding(const AdmissionAnswer& answer) {
  return std::ranges::any_of(answer.decision.findings, [](const policy::Finding& finding) {
    return finding.action == policy::Action::kReject;
  });
}

policy::Result<Checked> CheckDocument(const k8s::ManifestDocument& document,
                                      const Snapshot& snapshot, std::string_view namespace_name,
                                      int64_t now_seconds) {
  const k8s::JsonView object(document.object);
  const AdmissionRequest request = RequestFor(object, namespace_name);
  if (request.api_version.empty() || request.kind.empty()) {
    return policy::Error{"", "is no Kubernetes object: a manifest has an apiVersion and a kind"};
  }
  const k8s::Kind* kind = k8s::FindKind(request.api_version, request.kind, object);
  if (kind != nullptr) {
    const auto readable = kind->normalise(object, snapshot.read_options);
    if (!readable) return readable.error();
  }
  Checked checked;
  checked.document = &document;
  checked.answer = Admit(request, Endpoint::kMutate, snapshot, now_seconds);
  if (!checked.answer.patch_failure.empty()) {
    return policy::Error{"", "a defect of Ballast, please report it: its rewrite does not hold: " +
                                 checked.answer.patch_failure};
  }
  std::vector<std::string> told = checked.answer.warnings;
  // No finding says why.
  if (checked.answer.unknown_version && !checked.answer.allowed) {
    told.push_back(checked.answer.message);
  }
  checked.decision = DecisionJson(checked.answer.decision, checked.answer.judged ? kind : nullptr,
                                  object, checked.answer.patch, told);
  checked.decision["resource"]["namespace"] = request.namespace_name;
  return checked;
}

}  // namespace ballast::webhook
