#include "webhook/install/tls_secret.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "certs/bundle.h"
#include "k8s/api/base64.h"

namespace ballast::webhook {
namespace {

using certs::KeyPair;
using nlohmann::json;

std::string DataOf(const json& secret, const char* key) {
  const auto data = secret.find("data");
  if (data == secret.end() || !data->is_object()) return "";
  const auto value = data->find(key);
  if (value == data->end() || !value->is_string()) return "";
  return k8s::DecodeBase64(value->get_ref<const std::string&>()).value_or("");
}

std::optional<KeyPair> PairOf(std::string certificate, std::string key) {
  if (certificate.empty() || key.empty()) return std::nullopt;
  return KeyPair{std::move(certificate), std::move(key)};
}

std::optional<int64_t> TrustedSince(const json& secret) {
  const json* at = &secret;
  for (const std::string_view key :
       {std::string_view("metadata"), std::string_view("annotations"), kNextTrustedSince}) {
    if (!at->is_object()) return std::nullopt;
    const auto found = at->find(key);
    if (found == at->end()) return std::nullopt;
    at = &*found;
  }
  if (!at->is_string()) return std::nullopt;
  const auto& text = at->get_ref<const std::string&>();
  int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return seconds;
}

void SetPair(json& data, const char* certificate, const char* key,
             const std::optional<KeyPair>& pair) {
  if (!pair) {
    data.erase(certificate);
    data.erase(key);
    return;
  }
  data[certificate] = k8s::EncodeBase64(pair->certificate_pem);
  data[key] = k8s::EncodeBase64(pair->key_pem);
}

}  // namespace

certs::Keyring ReadKeyring(const json& secret) {
  certs::Keyring keyring;
  if (!secret.is_object()) return keyring;
  std::vector<std::string> authorities = certs::SplitBundle(DataOf(secret, "ca.crt"));
  if (!authorities.empty()) {
    // Without its key it signs no more, but is trusted as before.
    keyring.authority = KeyPair{authorities.front(), DataOf(secret, "ca.key")};
    authorities.erase(authorities.begin());
  }
  keyring.next_authority = PairOf(DataOf(secret, "next-ca.crt"), DataOf(secret, "next-ca.key"));
  if (keyring.next_authority) {
    keyring.next_trusted_since = TrustedSince(secret);
    const std::string& next = keyring.next_authority->certificate_pem;
    std::erase_if(authorities, [&](const std::string& one) { return certs::HoldsAll(next, one); });
  }
  keyring.retired = std::move(authorities);
  keyring.serving = PairOf(DataOf(secret, "tls.crt"), DataOf(secret, "tls.key"));
  return keyring;
}

json WithKeyring(json secret, const certs::Keyring& keyring) {
  json& data = secret["data"];
  if (!data.is_object()) data = json::object();
  SetPair(data, "tls.crt", "tls.key", keyring.serving);
  SetPair(data, "ca.crt", "ca.key", keyring.authority);
  SetPair(data, "next-ca.crt", "next-ca.key", keyring.next_authority);
  data["ca.crt"] = k8s::EncodeBase64(BundleOf(keyring));
  json& metadata = secret["metadata"];
  if (!metadata.is_object()) metadata = json::object();
  const std::string annotation(kNextTrustedSince);
  if (keyring.next_trusted_since) {
    json& annotations = metadata["annotations"];
    if (!annotations.is_object()) annotations = json::object();
    annotations[annotation] = std::to_string(*keyring.next_trusted_since);
  } else if (metadata.contains("annotations") && metadata["annotations"].is_object()) {
    metadata["annotations"].erase(annotation);
    if (metadata["annotations"].empty()) metadata.erase("annotations");
  }
  return secret;
}

}  // namespace ballast::webhook
