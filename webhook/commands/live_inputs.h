// What commands read from a live cluster: once, when they start. The cluster is the one that
// --context, --kubeconfig or KUBECONFIG names, or the one that the process runs in.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "k8s/api/client.h"
#include "k8s/api/config.h"
#include "k8s/kinds/kind.h"
#include "policy/capacity.h"
#include "policy/namespace_state.h"
#include "policy/policy.h"
#include "policy/result.h"
#include "webhook/policy_file/policy_yaml.h"

namespace ballast::webhook {

class LiveCluster {
 public:
  // nullopt: no cluster is named. Nothing is asked of it yet.
  static policy::Result<std::optional<LiveCluster>> Find(const k8s::ConfigChoice& choice);

  // The namespace of the context.
  const std::string& namespace_name() const;

  // Each fails where the API server cannot be reached or refuses: the error says which cluster and
  // what it answered.
  policy::Result<policy::ClusterCapacity> Nodes();
  // Of these namespaces, or (empty) of all.
  policy::Result<policy::NamespaceStates> Namespaces(const std::vector<std::string>& names);
  // Policies and exceptions; none where the cluster knows no such kinds. One with a mistake is left
  // out, with a word on standard error, as the webhook leaves it out.
  policy::Result<PolicyFile> Policies();
  // Spark objects of one namespace, or (empty) of all, as they are stored, one after the other.
  std::optional<policy::Error> EachStored(
      const std::string& namespace_name,
      const std::function<void(const k8s::Kind& kind, nlohmann::json stored)>& visit);
  // The same: what each user wrote, where Ballast rewrote it.
  policy::Result<std::vector<nlohmann::json>> Applications(const std::string& namespace_name);

 private:
  explicit LiveCluster(k8s::ApiConfig config);
  policy::Error Failed(const std::string& path, const k8s::ApiError& error) const;

  std::unique_ptr<k8s::ApiClient> client_;
};

}  // namespace ballast::webhook
