#include "webhook/audit/stored_application.h"

#include <string>
#include <utility>

#include "webhook/admission/restore.h"

namespace ballast::webhook {
namespace {

using k8s::JsonView;

struct EndState {
  std::string_view pointer;
  std::string_view word;
};

// States that operators do not leave again. A kind whose state is not among them counts as running.
constexpr EndState kEndStates[] = {
    {"/status/applicationState/state", "COMPLETED"},  // kubeflow
    {"/status/applicationState/state", "FAILED"},
    {"/status/currentState/currentStateSummary", "ResourceReleased"},  // Apache
    {"/status/currentState/currentStateSummary", "TerminatedWithoutReleaseResources"},
    {"/status/phase", "Succeeded"},  // pods
    {"/status/phase", "Failed"},
};

policy::Result<policy::Workload> Read(JsonView object, const k8s::Kind& kind,
                                      const k8s::ReadOptions& options,
                                      std::string_view namespace_name) {
  policy::Result<policy::Workload> workload = kind.normalise(object, options);
  if (!workload) return workload;
  workload->resource.namespace_name = namespace_name;
  policy::Derive(*workload);
  return workload;
}

}  // namespace

StoredApplication ReadStored(const nlohmann::json& object, const k8s::Kind& kind,
                             const k8s::ReadOptions& options, std::string_view namespace_name) {
  const JsonView view(object);
  StoredApplication stored;
  stored.resource.api_version = view["apiVersion"].string().value_or("");
  stored.resource.kind = kind.kind;
  stored.resource.namespace_name = view.At("/metadata/namespace").string().value_or(namespace_name);
  stored.resource.name = view.At("/metadata/name").string().value_or("");
  const std::string& space = stored.resource.namespace_name;
  stored.runs = Read(view, kind, options, space);
  const auto restored = Restore(object);
  if (!restored) return stored;  // as its user wrote it
  auto asked = Read(JsonView(*restored), kind, options, space);
  if (asked) stored.asked = *std::move(asked);
  return stored;
}

StoredApplication FromSnapshot(policy::Workload asked) {
  StoredApplication stored;
  stored.resource = asked.resource;
  stored.runs = std::move(asked);
  stored.only_asked = true;
  return stored;
}

bool HasEnded(JsonView object) {
  for (const EndState& state : kEndStates) {
    if (object.At(state.pointer).string() == state.word) return true;
  }
  return false;
}

}  // namespace ballast::webhook
