// Makes and renews the certificates of a cluster: the Secret, and whom the webhook configurations
// trust. Any number may run at once and any may be cut short: each writes only over what it has
// read, and whoever runs next goes on from what is there.
#pragma once

#include <string>
#include <vector>

#include "certs/keyring.h"
#include "k8s/api/client.h"
#include "policy/result.h"
#include "webhook/install/trust.h"

namespace ballast::webhook {

struct RotateOptions {
  std::string namespace_name;
  std::string secret;
  ConfigurationNames configurations;
  certs::RenewOptions renew;  // with the time
};

struct Rotation {
  std::vector<std::string> done;  // what was done, one sentence each; empty: nothing was due
  certs::Keyring keyring;         // what there is now
};

// Nobody is ever shown a certificate that he does not trust: the next authority is written to the
// configurations before it signs anything, and the old one stays there as long as replicas may show
// what it signed. Only a first authority has nothing before it.
policy::Result<Rotation> RotateCertificates(k8s::ApiClient& client, RotateOptions options);

}  // namespace ballast::webhook
