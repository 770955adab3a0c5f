// Where a judging command's inputs come from: a snapshot, files, or the live cluster.

#include <algorithm>
#include <ctime>
#include <utility>

#include "k8s/kinds/kind.h"
#include "k8s/nodes.h"
#include "webhook/commands/inputs.h"
#include "webhook/commands/live_inputs.h"
#include "webhook/snapshot_file/snapshot_file.h"

namespace ballast::webhook {
namespace {

std::optional<SnapshotFile> LoadSnapshot(const std::string& path) {
  const auto text = ReadWholeFile(path);
  if (!text) return std::nullopt;
  auto read = ReadSnapshot(*text, path);
  if (const auto* mistakes = std::get_if<std::vector<policy::Error>>(&read)) {
    for (const policy::Error& mistake : *mistakes) Complain(mistake);
    return std::nullopt;
  }
  return std::get<SnapshotFile>(std::move(read));
}

bool TakeSnapshot(const InputOptions& options, const Scope& scope, Inputs& inputs) {
  auto snapshot = LoadSnapshot(options.snapshot);
  if (!snapshot) return false;
  inputs.policies =
      policy::PolicySet(std::move(snapshot->policies), std::move(snapshot->exceptions));
  inputs.cluster = std::move(snapshot->cluster);
  inputs.namespaces = std::move(snapshot->namespaces);
  // What the command line says beats it; it was checked already.
  inputs.read_options = ReadVersionOptions(options, snapshot->read_options).value();
  inputs.now_seconds = snapshot->taken_seconds;
  inputs.settings = std::move(snapshot->settings);
  inputs.applications = std::move(snapshot->applications);
  if (!scope.all && !scope.namespace_name.empty()) {
    std::erase_if(inputs.applications, [&](const policy::Workload& workload) {
      return workload.resource.namespace_name != scope.namespace_name;
    });
  }
  return true;
}

// What cannot be read is told and left out: the webhook refused, or warned of it.
void TakeApplications(const std::vector<nlohmann::json>& objects, Inputs& inputs) {
  for (const nlohmann::json& object : objects) {
    const k8s::JsonView view(object);
    const k8s::Kind* kind =
        k8s::FindKind(view["apiVersion"].string().value_or(""), view["kind"].string().value_or(""));
    if (kind == nullptr) continue;
    auto workload = kind->normalise(view, inputs.read_options);
    if (workload) {
      policy::Derive(*workload);
      inputs.applications.push_back(*std::move(workload));
      continue;
    }
    Complain({std::string(kind->kind) + " " +
                  std::string(view.At("/metadata/namespace").string().value_or("")) + "/" +
                  std::string(view.At("/metadata/name").string().value_or("")) +
                  workload.error().where,
              workload.error().what + " (left out)"});
  }
}

void TakeStored(const nlohmann::json& object, const k8s::Kind& kind, const Scope& scope,
                Inputs& inputs) {
  if (!scope.ended && HasEnded(k8s::JsonView(object))) {
    ++inputs.ended;
    return;
  }
  inputs.stored.push_back(ReadStored(object, kind, inputs.read_options, inputs.namespace_name));
}

// Takes the value, or prints why there is none.
template <typename T>
bool Take(policy::Result<T> result, T& target) {
  if (!result) {
    Complain(result.error());
    return false;
  }
  target = *std::move(result);
  return true;
}

// The namespaces that the command is about, each once; none: all.
std::vector<std::string> NamesOf(const Scope& scope, const std::string& namespace_name) {
  if (scope.all) return {};
  std::vector<std::string> names = {namespace_name};
  if (scope.documents == nullptr) return names;
  for (const k8s::ManifestDocument& document : *scope.documents) {
    const auto name = k8s::JsonView(document.object).At("/metadata/namespace").string();
    if (name && std::find(names.begin(), names.end(), *name) == names.end()) {
      names.emplace_back(*name);
    }
  }
  return names;
}

bool TakeLive(LiveCluster& live, const InputOptions& options, const Scope& scope, Inputs& inputs) {
  inputs.live = true;
  if (scope.namespace_name.empty()) inputs.namespace_name = live.namespace_name();
  if (scope.nodes && !Take(live.Nodes(), inputs.cluster)) return false;
  if (options.namespaces.empty()) {
    policy::NamespaceStates states;
    if (!Take(live.Namespaces(NamesOf(scope, inputs.namespace_name)), states)) return false;
    inputs.namespaces = std::make_shared<const policy::NamespaceStates>(std::move(states));
  }
  if (scope.applications) {
    std::vector<nlohmann::json> objects;
    if (!Take(live.Applications(scope.all ? "" : inputs.namespace_name), objects)) return false;
    TakeApplications(objects, inputs);
  }
  if (scope.stored) {
    const auto failed = live.EachStored(scope.all ? "" : inputs.namespace_name,
                                        [&](const k8s::Kind& kind, const nlohmann::json& stored) {
                                          TakeStored(stored, kind, scope, inputs);
                                        });
    if (failed) {
      Complain(*failed);
      return false;
    }
  }
  if (!options.policies.empty()) return true;
  PolicyFile policies;
  if (!Take(live.Policies(), policies)) return false;
  inputs.policies = policy::PolicySet(std::move(policies.policies), std::move(policies.exceptions));
  return true;
}

// Files beat what the snapshot or the cluster says.
bool TakeFiles(const InputOptions& options, Inputs& inputs) {
  if (!options.policies.empty()) {
    auto policies = LoadPolicies(options.policies);
    if (!policies) return false;
    inputs.policies = *std::move(policies);
  }
  if (!options.cluster.empty() && !Take(k8s::ReadNodesFile(options.cluster), inputs.cluster)) {
    return false;
  }
  if (!options.namespaces.empty()) {
    auto states = LoadNamespaces(options.namespaces);
    if (!states) return false;
    inputs.namespaces = std::make_shared<const policy::NamespaceStates>(*std::move(states));
  }
  return true;
}

}  // namespace

std::optional<Inputs> LoadInputs(const InputOptions& options, const Scope& scope) {
  Inputs inputs;
  inputs.namespace_name = scope.namespace_name.empty() ? "default" : scope.namespace_name;
  inputs.now_seconds = std::time(nullptr);
  const auto read_options = ReadVersionOptions(options);
  if (!read_options) return std::nullopt;
  inputs.read_options = *read_options;
  if (!options.snapshot.empty()) {
    if (!TakeSnapshot(options, scope, inputs)) return std::nullopt;
  } else if (options.cluster.empty() && scope.cluster) {
    auto live = LiveCluster::Find(ChoiceOf(options));
    if (!live) {
      Complain(live.error());
      return std::nullopt;
    }
    if (*live && !TakeLive(**live, options, scope, inputs)) return std::nullopt;
  }
  if (!TakeFiles(options, inputs)) return std::nullopt;
  return inputs;
}

std::optional<Inputs> LoadPolicyInputs(const InputOptions& options, const Scope& scope) {
  Scope policies = scope;
  policies.nodes = false;
  policies.cluster =
      options.policies.empty() || !options.context.empty() || !options.kubeconfig.empty();
  return LoadInputs(options, policies);
}

}  // namespace ballast::webhook
