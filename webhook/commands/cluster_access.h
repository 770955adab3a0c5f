// The options by which a command that cannot do without a cluster finds it.
#pragma once

#include <memory>
#include <string>

#include "k8s/api/client.h"
#include "webhook/commands/inputs.h"

namespace ballast::webhook {

struct ClusterAccess {
  ClusterOptions cluster;
  std::string namespace_name;  // empty: that of the context, or the pod's own
};
void AddClusterAccess(Command command, ClusterAccess& access);

// nullptr: no cluster is named, or its configuration has a mistake; both have been printed.
std::unique_ptr<k8s::ApiClient> Connect(const ClusterAccess& access);
std::string NamespaceOf(const ClusterAccess& access, const k8s::ApiClient& client);

}  // namespace ballast::webhook
