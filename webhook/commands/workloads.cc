#include "webhook/commands/workloads.h"

#include <string>
#include <utility>

#include "webhook/admission/mistyped_fields.h"
#include "webhook/commands/inputs.h"

namespace ballast::webhook {

const k8s::Kind* KindOf(const k8s::ManifestDocument& document) {
  const k8s::JsonView object(document.object);
  return k8s::FindKind(object);
}

policy::Error PlacedError(const k8s::ManifestDocument& document, const policy::Error& error) {
  const std::string field = error.where.starts_with('/') ? error.where + " " : "";
  return {document.PlaceOf(error.where), field + error.what};
}

void ComplainOf(const k8s::ManifestDocument& document, const policy::Error& error) {
  Complain(PlacedError(document, error));
}

void TellMistypedFields(const k8s::ManifestDocument& document) {
  for (const policy::Error& mistyped : MistypedFields(document)) ComplainOf(document, mistyped);
}

std::optional<std::vector<policy::Workload>> ReadWorkloads(
    const std::vector<k8s::ManifestDocument>& documents, const k8s::ReadOptions& options,
    const std::string& namespace_name) {
  std::vector<policy::Workload> workloads;
  for (const k8s::ManifestDocument& document : documents) {
    const k8s::Kind* kind = KindOf(document);
    if (kind == nullptr) continue;  // a Service or a ConfigMap beside the job
    auto workload = kind->normalise(k8s::JsonView(document.object), options);
    if (!workload) {
      ComplainOf(document, workload.error());
      return std::nullopt;
    }
    const k8s::JsonView object(document.object);
    if (!object.At("/metadata/namespace").string()) {
      workload->resource.namespace_name = namespace_name;
    }
    TellMistypedFields(document);
    policy::Derive(*workload);
    workloads.push_back(*std::move(workload));
  }
  return workloads;
}

}  // namespace ballast::webhook
