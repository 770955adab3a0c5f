#include "webhook/commands/cluster_access.h"

#include "webhook/commands/inputs.h"

namespace ballast::webhook {

void AddClusterAccess(Command command, ClusterAccess& access) {
  AddClusterOptions(command, access.cluster);
  command
      .AddOption("-n,--namespace", access.namespace_name,
                 "The namespace (default: the context's, or the pod's own)")
      .TypeName("NAME");
}

std::unique_ptr<k8s::ApiClient> Connect(const ClusterAccess& access) {
  const auto config = k8s::FindApiConfig(k8s::PlacesOfThisProcess(), ChoiceOf(access.cluster));
  if (!config) {
    Complain(config.error());
    return nullptr;
  }
  if (!*config) {
    Complain({"", "no cluster: give --kubeconfig or --context, set KUBECONFIG, or run in a pod"});
    return nullptr;
  }
  return std::make_unique<k8s::ApiClient>(**config);
}

std::string NamespaceOf(const ClusterAccess& access, const k8s::ApiClient& client) {
  return access.namespace_name.empty() ? client.config().namespace_name : access.namespace_name;
}

}  // namespace ballast::webhook
