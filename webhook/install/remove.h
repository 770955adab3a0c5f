// Takes Ballast out of the way of the API server, before its pods go: the webhook configurations
// first, then what was made at run time and belongs to no release.
#pragma once

#include <string>
#include <vector>

#include "k8s/api/client.h"
#include "policy/result.h"
#include "webhook/install/trust.h"

namespace ballast::webhook {

struct RemoveOptions {
  ConfigurationNames configurations;
  std::string namespace_name;  // of the Secret
  std::string secret;          // empty: stays
  bool empty_crds = false;     // definitions of our kinds that have no object
  bool reports = false;        // the Reports that we wrote
};

// What was done, one sentence each. What is not there (any more) is no error. Policies and
// exceptions are never deleted: a definition that has any stays.
policy::Result<std::vector<std::string>> RemoveFromCluster(k8s::ApiClient& client,
                                                           const RemoveOptions& options);

}  // namespace ballast::webhook
