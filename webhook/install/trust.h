// Whom the API server trusts when it calls us: caBundle of the webhook configurations.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "k8s/api/client.h"

namespace ballast::webhook {

// Names of a MutatingWebhookConfiguration and a ValidatingWebhookConfiguration; empty: none.
struct ConfigurationNames {
  std::string mutating;
  std::string validating;
};

struct WebhookConfiguration {
  std::string path;  // in the API
  nlohmann::json object;
};

// Where the configurations of these names are.
std::vector<std::string> ConfigurationPaths(const ConfigurationNames& names);

// Those that are there; one that is missing is no error: nobody calls us by it.
k8s::ApiResult<std::vector<WebhookConfiguration>> ReadConfigurations(
    k8s::ApiClient& client, const ConfigurationNames& names);

// Every authority that some webhook of the configuration trusts, as one PEM text.
std::string TrustedBy(const WebhookConfiguration& configuration);

// Whether each webhook of it trusts each authority of the bundle.
bool Trusts(const WebhookConfiguration& configuration, std::string_view bundle);

// Makes all webhooks of the configuration trust just this bundle, unless it has changed since it
// was read (409). False: they did already.
k8s::ApiResult<bool> WriteTrust(k8s::ApiClient& client, const WebhookConfiguration& configuration,
                                std::string_view bundle);

}  // namespace ballast::webhook
