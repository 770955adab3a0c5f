#include "webhook/install/rotate.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "certs/bundle.h"
#include "certs/certificate.h"
#include "webhook/install/tls_secret.h"

namespace ballast::webhook {
namespace {

using certs::RotationStep;
using k8s::ApiError;
using k8s::ApiResult;
using nlohmann::json;
using policy::Error;

constexpr int kMostAttempts = 10;

// What a call ends with: somebody else was faster, so that all is to be looked at anew.
struct Again {};
using Attempt = std::variant<std::monostate, Again, Error>;

Attempt Failed(const std::string& path, const ApiError& error) {
  // 409: a newer version, or it exists by now. 404 of an object just read: it was deleted.
  if (error.status == 409 || error.not_found()) return Again{};
  return Error{path, Describe(error)};
}

const char* TextOf(RotationStep step) {
  switch (step) {
    case RotationStep::kMakeAuthority:
      return "made an authority and a serving certificate";
    case RotationStep::kPublishAuthority:
      return "made the next authority; it signs once it has been trusted long enough";
    case RotationStep::kPromoteAuthority:
      return "the next authority signs from now on; made a serving certificate";
    case RotationStep::kMakeServing:
      return "made a serving certificate";
    case RotationStep::kNothing:
      break;
  }
  return "nothing";
}

class Rotator {
 public:
  Rotator(k8s::ApiClient& client, RotateOptions options)
      : client_(client),
        options_(std::move(options)),
        collection_("/api/v1/namespaces/" + k8s::QueryValue(options_.namespace_name) + "/secrets"),
        path_(collection_ + "/" + k8s::QueryValue(options_.secret)) {}

  policy::Result<Rotation> Run() {
    for (int i = 0; i < kMostAttempts; ++i) {
      Attempt attempt = TryOnce();
      if (std::holds_alternative<std::monostate>(attempt)) return std::move(rotation_);
      if (auto* error = std::get_if<Error>(&attempt)) return std::move(*error);
    }
    return Error{path_, "somebody else goes on changing it; nothing is lost, try again"};
  }

 private:
  Attempt TryOnce();
  Attempt Renew(const std::vector<WebhookConfiguration>& configurations);
  Attempt Store();
  Attempt Publish(const std::vector<WebhookConfiguration>& configurations);

  k8s::ApiClient& client_;
  RotateOptions options_;
  const std::string collection_;
  const std::string path_;
  json secret_;  // as it is stored; null: there is none
  Rotation rotation_;
};

// What is due, on paper. Afterwards rotation_.keyring is what is to be stored.
Attempt Rotator::Renew(const std::vector<WebhookConfiguration>& configurations) {
  certs::Keyring keyring = ReadKeyring(secret_);
  if (!keyring.authority) {
    // The Secret is lost, but replicas go on showing what was in it.
    for (const WebhookConfiguration& configuration : configurations) {
      for (std::string& one : certs::SplitBundle(TrustedBy(configuration))) {
        keyring.retired.push_back(std::move(one));
      }
    }
    if (keyring.retired.size() > certs::kMostRetired) keyring.retired.resize(certs::kMostRetired);
  }
  if (keyring.next_authority) {
    const std::string& next = keyring.next_authority->certificate_pem;
    const bool trusted =
        std::all_of(configurations.begin(), configurations.end(),
                    [&](const WebhookConfiguration& one) { return Trusts(one, next); });
    if (!trusted) keyring.next_trusted_since.reset();
  }
  auto renewed = certs::RenewKeyring(std::move(keyring), options_.renew);
  if (!renewed.ok()) return Error{path_, renewed.error().what};
  for (const RotationStep step : renewed->steps) rotation_.done.emplace_back(TextOf(step));
  rotation_.keyring = std::move(renewed->keyring);
  return {};
}

// Writes rotation_.keyring, if it is not what is stored.
Attempt Rotator::Store() {
  const bool missing = secret_.is_null();
  json secret = secret_;
  if (missing) {
    secret = {{"apiVersion", "v1"},
              {"kind", "Secret"},
              {"type", "kubernetes.io/tls"},
              {"metadata",
               {{"name", options_.secret},
                {"namespace", options_.namespace_name},
                {"labels", {{"app.kubernetes.io/managed-by", "ballast"}}}}}};
  }
  secret = WithKeyring(std::move(secret), rotation_.keyring);
  if (secret == secret_) return {};
  auto stored = missing ? client_.Post(collection_, secret) : client_.Put(path_, secret);
  if (!stored && missing && stored.error().forbidden()) {
    return Error{path_, Describe(stored.error()) +
                            "; it is gone and may not be made from here: helm upgrade makes it"};
  }
  if (!stored) return Failed(path_, stored.error());
  secret_ = *std::move(stored);
  return {};
}

// Tells the configurations whom to trust, and notes since when they trust the next authority.
Attempt Rotator::Publish(const std::vector<WebhookConfiguration>& configurations) {
  const std::string bundle = BundleOf(rotation_.keyring);
  for (const WebhookConfiguration& configuration : configurations) {
    const ApiResult<bool> written = WriteTrust(client_, configuration, bundle);
    if (!written) return Failed(configuration.path, written.error());
    if (*written) rotation_.done.push_back("wrote whom to trust to " + configuration.path);
  }
  if (rotation_.keyring.next_authority && !rotation_.keyring.next_trusted_since) {
    rotation_.keyring.next_trusted_since = options_.renew.now;
    return Store();
  }
  return {};
}

Attempt Rotator::TryOnce() {
  auto got = client_.Get(path_);
  if (!got && !got.error().not_found()) return Error{path_, Describe(got.error())};
  secret_ = got ? *std::move(got) : json();
  const auto configurations = ReadConfigurations(client_, options_.configurations);
  if (!configurations) return Error{"webhook configurations", Describe(configurations.error())};

  const std::vector<std::string> done_before = rotation_.done;
  Attempt attempt = Renew(*configurations);
  if (!std::holds_alternative<std::monostate>(attempt)) return attempt;
  attempt = Store();
  if (!std::holds_alternative<std::monostate>(attempt)) {
    rotation_.done = done_before;
    return attempt;
  }
  options_.renew.renew = certs::Renew::kDue;  // what was asked for is done, and once is enough
  attempt = Publish(*configurations);
  if (!std::holds_alternative<std::monostate>(attempt)) return attempt;

  // Who was slower than somebody else has just written to the configurations what is no longer
  // true.
  const auto after = client_.Get(path_);
  if (!after && !after.error().not_found()) return Error{path_, Describe(after.error())};
  const json::json_pointer version("/metadata/resourceVersion");
  const bool same = after && after->contains(version) && secret_.contains(version) &&
                    (*after)[version] == secret_[version];
  if (!same) return Again{};
  return {};
}

}  // namespace

policy::Result<Rotation> RotateCertificates(k8s::ApiClient& client, RotateOptions options) {
  return Rotator(client, std::move(options)).Run();
}

}  // namespace ballast::webhook
