#include "webhook/install/trust.h"

#include <optional>
#include <utility>

#include "certs/bundle.h"
#include "k8s/api/base64.h"

namespace ballast::webhook {
namespace {

using k8s::ApiResult;
using nlohmann::json;

// The caBundle of each webhook, decoded; none: empty.
std::vector<std::string> Bundles(const json& configuration) {
  std::vector<std::string> bundles;
  const auto webhooks = configuration.find("webhooks");
  if (webhooks == configuration.end() || !webhooks->is_array()) return bundles;
  for (const json& webhook : *webhooks) {
    const json::json_pointer place("/clientConfig/caBundle");
    const bool written = webhook.contains(place) && webhook[place].is_string();
    bundles.push_back(
        written ? k8s::DecodeBase64(webhook[place].get_ref<const std::string&>()).value_or("")
                : "");
  }
  return bundles;
}

}  // namespace

std::vector<std::string> ConfigurationPaths(const ConfigurationNames& names) {
  const std::string group = "/apis/admissionregistration.k8s.io/v1/";
  std::vector<std::string> paths;
  if (!names.mutating.empty()) {
    paths.push_back(group + "mutatingwebhookconfigurations/" + k8s::QueryValue(names.mutating));
  }
  if (!names.validating.empty()) {
    paths.push_back(group + "validatingwebhookconfigurations/" + k8s::QueryValue(names.validating));
  }
  return paths;
}

ApiResult<std::vector<WebhookConfiguration>> ReadConfigurations(k8s::ApiClient& client,
                                                                const ConfigurationNames& names) {
  std::vector<WebhookConfiguration> configurations;
  for (const std::string& path : ConfigurationPaths(names)) {
    auto got = client.Get(path);
    if (got) {
      configurations.push_back({path, *std::move(got)});
    } else if (!got.error().not_found()) {
      return got.error();
    }
  }
  return configurations;
}

std::string TrustedBy(const WebhookConfiguration& configuration) {
  std::string all;
  for (const std::string& bundle : Bundles(configuration.object)) all += bundle + "\n";
  std::string pem;
  for (const std::string& one : certs::SplitBundle(all)) pem += one;
  return pem;
}

bool Trusts(const WebhookConfiguration& configuration, std::string_view bundle) {
  for (const std::string& trusted : Bundles(configuration.object)) {
    if (!certs::HoldsAll(trusted, bundle)) return false;
  }
  return true;
}

ApiResult<bool> WriteTrust(k8s::ApiClient& client, const WebhookConfiguration& configuration,
                           std::string_view bundle) {
  const std::vector<std::string> present = Bundles(configuration.object);
  json patch = json::array();
  for (size_t i = 0; i < present.size(); ++i) {
    if (present[i] == bundle) continue;
    const std::string place = "/webhooks/" + std::to_string(i) + "/clientConfig/caBundle";
    patch.push_back({{"op", "add"}, {"path", place}, {"value", k8s::EncodeBase64(bundle)}});
  }
  if (patch.empty()) return false;
  // A version that is written must be the present one, else the API server answers 409: the places
  // above count in just the list that was read.
  const json::json_pointer version("/metadata/resourceVersion");
  if (configuration.object.contains(version)) {
    patch.insert(patch.begin(), json{{"op", "replace"},
                                     {"path", version.to_string()},
                                     {"value", configuration.object[version]}});
  }
  const auto patched = client.Patch(configuration.path, k8s::PatchType::kJson, patch);
  if (!patched) return patched.error();
  return true;
}

}  // namespace ballast::webhook
