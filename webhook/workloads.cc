#include "webhook/workloads.h"

#include <string>
#include <utility>

#include "webhook/inputs.h"

namespace ballast::webhook {

const k8s::Kind* KindOf(const k8s::ManifestDocument& document) {
  const k8s::JsonView object(document.object);
  return k8s::FindKind(object["apiVersion"].string().value_or(""),
                       object["kind"].string().value_or(""));
}

std::optional<std::vector<policy::Workload>> ReadWorkloads(
    const std::vector<k8s::ManifestDocument>& documents, const k8s::ReadOptions& options) {
  std::vector<policy::Workload> workloads;
  for (const k8s::ManifestDocument& document : documents) {
    const k8s::Kind* kind = KindOf(document);
    if (kind == nullptr) continue;  // a Service or a ConfigMap beside the job
    auto workload = kind->normalise(k8s::JsonView(document.object), options);
    if (!workload) {
      Complain({document.PlaceOf(workload.error().where), workload.error().what});
      return std::nullopt;
    }
    policy::Derive(*workload);
    workloads.push_back(*std::move(workload));
  }
  return workloads;
}

}  // namespace ballast::webhook
