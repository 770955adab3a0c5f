// Rotation against an API server that behaves, and one that does not.
#include "webhook/install/rotate.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "certs/bundle.h"
#include "certs/certificate.h"
#include "k8s/api/base64.h"
#include "tests/fakes/api_server.h"
#include "webhook/install/tls_secret.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

const fakes::ResourceKey kSecrets{"/api/v1", "secrets"};
const fakes::ResourceKey kMutating{"/apis/admissionregistration.k8s.io/v1",
                                   "mutatingwebhookconfigurations"};
const fakes::ResourceKey kValidating{"/apis/admissionregistration.k8s.io/v1",
                                     "validatingwebhookconfigurations"};
const fakes::ObjectKey kSecret{"ns", "ballast-tls"};
const fakes::ObjectKey kConfiguration{"", "ballast"};
constexpr int64_t kStart = 1800000000;

json Configuration(size_t webhooks) {
  json list = json::array();
  for (size_t i = 0; i < webhooks; ++i) {
    list.push_back({{"name", "w" + std::to_string(i)},
                    {"clientConfig", {{"service", {{"name", "ballast"}}}}}});
  }
  return {{"metadata", {{"name", "ballast"}}}, {"webhooks", list}};
}

class Rotating : public testing::Test {
 protected:
  Rotating() {
    for (const auto& kind : {kSecrets, kMutating, kValidating}) server_.store().Know(kind);
    k8s::ApiConfig config;
    config.server = server_.url();
    config.authority.text = server_.authority().certificate_pem;
    client_ = std::make_unique<k8s::ApiClient>(config);
    options_.namespace_name = "ns";
    options_.secret = "ballast-tls";
    options_.configurations = {"ballast", "ballast"};
    options_.renew.names = {"ballast.ns.svc"};
    options_.renew.now = kStart;
  }

  void MakeConfigurations() {
    server_.store().Put(kMutating, kConfiguration, Configuration(1));
    server_.store().Put(kValidating, kConfiguration, Configuration(2));
  }
  std::vector<std::string> Rotate(certs::Renew renew = certs::Renew::kDue) {
    options_.renew.renew = renew;
    const auto rotation = RotateCertificates(*client_, options_);
    EXPECT_TRUE(rotation.ok()) << rotation.error().where << ": " << rotation.error().what;
    return rotation.ok() ? rotation->done : std::vector<std::string>{"failed"};
  }
  certs::Keyring Stored() { return ReadKeyring(server_.store().Get(kSecrets, kSecret).value()); }
  // What every webhook of both configurations trusts; "" where they differ.
  std::string Trusted() {
    std::string all;
    for (const auto& kind : {kMutating, kValidating}) {
      const json configuration = server_.store().Get(kind, kConfiguration).value();
      for (const json& webhook : configuration["webhooks"]) {
        const std::string one =
            *k8s::DecodeBase64(webhook["clientConfig"].value("caBundle", std::string()));
        if (!all.empty() && one != all) return "";
        all = one;
      }
    }
    return all;
  }

  fakes::ApiServer server_;
  std::unique_ptr<k8s::ApiClient> client_;
  RotateOptions options_;
};

using Lines = std::vector<std::string>;
const std::string kMade = "made an authority and a serving certificate";
const std::string kServingMade = "made a serving certificate";
const std::string kPublished =
    "made the next authority; it signs once it has been trusted long enough";
const std::string kPromoted = "the next authority signs from now on; made a serving certificate";
const std::string kWroteMutating =
    "wrote whom to trust to "
    "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/ballast";
const std::string kWroteValidating =
    "wrote whom to trust to "
    "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/ballast";

TEST_F(Rotating, MakesTheSecretBeforeThereAreConfigurations) {
  EXPECT_EQ(Rotate(), Lines{kMade});
  EXPECT_EQ(server_.store().Get(kSecrets, kSecret)->at("type"), "kubernetes.io/tls");
  MakeConfigurations();
  EXPECT_EQ(Rotate(), (Lines{kWroteMutating, kWroteValidating}));
  EXPECT_EQ(Trusted(), BundleOf(Stored()));
  EXPECT_EQ(Rotate(), Lines{});
}

TEST_F(Rotating, RenewsTheServingCertificateUnderTheSameAuthority) {
  MakeConfigurations();
  Rotate();
  const certs::Keyring before = Stored();
  options_.renew.now += 10 * certs::kDay;
  EXPECT_EQ(Rotate(), Lines{kServingMade});
  EXPECT_EQ(Stored().authority->certificate_pem, before.authority->certificate_pem);
  EXPECT_NE(Stored().serving->certificate_pem, before.serving->certificate_pem);
  EXPECT_EQ(Rotate(certs::Renew::kServing), Lines{kServingMade});
}

TEST_F(Rotating, RollsTheAuthorityInTwoSteps) {
  MakeConfigurations();
  Rotate();
  const std::string shown = Stored().serving->certificate_pem;
  EXPECT_EQ(Rotate(certs::Renew::kAuthority),
            (Lines{kPublished, kWroteMutating, kWroteValidating}));
  EXPECT_EQ(Stored().next_trusted_since, kStart);
  EXPECT_EQ(certs::SplitBundle(Trusted()).size(), 2u);
  EXPECT_EQ(Stored().serving->certificate_pem, shown);

  options_.renew.now += options_.renew.times.settle_seconds - 1;
  EXPECT_EQ(Rotate(certs::Renew::kAuthority), Lines{});
  options_.renew.now += 1;
  const std::string trusted = Trusted();
  EXPECT_EQ(Rotate(certs::Renew::kAuthority), (Lines{kPromoted, kWroteMutating, kWroteValidating}));
  EXPECT_TRUE(certs::TrustedAt(Stored().serving->certificate_pem, trusted, options_.renew.now));
  EXPECT_TRUE(certs::TrustedAt(shown, Trusted(), options_.renew.now));
}

TEST_F(Rotating, WaitsAnewWhereAConfigurationHasForgottenTheNextAuthority) {
  MakeConfigurations();
  Rotate();
  Rotate(certs::Renew::kAuthority);
  server_.store().Put(kValidating, kConfiguration, Configuration(2));
  options_.renew.now += options_.renew.times.settle_seconds;
  EXPECT_EQ(Rotate(), Lines{kWroteValidating});
  EXPECT_EQ(Stored().next_trusted_since, options_.renew.now);
  EXPECT_TRUE(Stored().next_authority);
}

// The pods still show what was in the Secret.
TEST_F(Rotating, TrustsTheOldAuthorityWhereTheSecretIsLost) {
  MakeConfigurations();
  Rotate();
  const std::string shown = Stored().serving->certificate_pem;
  server_.store().Remove(kSecrets, kSecret);
  EXPECT_EQ(Rotate(), (Lines{kMade, kWroteMutating, kWroteValidating}));
  EXPECT_TRUE(certs::TrustedAt(shown, Trusted(), kStart));
  EXPECT_TRUE(certs::TrustedAt(Stored().serving->certificate_pem, Trusted(), kStart));
}

TEST_F(Rotating, MakesADamagedSecretGoodAgain) {
  MakeConfigurations();
  Rotate();
  const std::string shown = Stored().serving->certificate_pem;
  json secret = server_.store().Get(kSecrets, kSecret).value();
  secret["data"]["ca.key"] = "eA==";
  secret["data"]["tls.key"] = "!";
  server_.store().Put(kSecrets, kSecret, secret);
  EXPECT_EQ(Rotate(), (Lines{kMade, kWroteMutating, kWroteValidating}));
  EXPECT_TRUE(certs::TrustedAt(shown, Trusted(), kStart));
}

TEST_F(Rotating, EverythingAnewTrustsNothingOld) {
  MakeConfigurations();
  Rotate();
  const std::string shown = Stored().serving->certificate_pem;
  EXPECT_EQ(Rotate(certs::Renew::kEverything), (Lines{kMade, kWroteMutating, kWroteValidating}));
  EXPECT_FALSE(certs::TrustedAt(shown, Trusted(), kStart));
}

struct Collision {
  const char* name;
  const char* request;
  fakes::Fault fault;
};
void PrintTo(const Collision& row, std::ostream* out) { *out << row.name; }

class Colliding : public Rotating, public testing::WithParamInterface<Collision> {};

// Who was slower looks again and does what is still to be done, once.
TEST_P(Colliding, GoesOnFromWhatIsThere) {
  MakeConfigurations();
  Rotate();
  server_.Fail(GetParam().request, GetParam().fault);
  Rotate(certs::Renew::kAuthority);
  EXPECT_TRUE(Stored().next_authority);
  EXPECT_EQ(Stored().next_trusted_since, kStart);
  EXPECT_EQ(Trusted(), BundleOf(Stored()));
  EXPECT_EQ(certs::SplitBundle(Trusted()).size(), 2u);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Colliding,
    testing::Values(Collision{"Secret",
                              "PUT /api/v1/namespaces/ns/secrets/",
                              {.status = 409, .reason = "Conflict"}},
                    Collision{"SecretDeleted",
                              "PUT /api/v1/namespaces/ns/secrets/",
                              {.status = 404, .reason = "NotFound"}},
                    Collision{"Configuration",
                              "PATCH /apis/admissionregistration.k8s.io/v1/validating",
                              {.status = 409, .reason = "Conflict"}}),
    [](const testing::TestParamInfo<Collision>& row) { return std::string(row.param.name); });

TEST_F(Rotating, SaysWhatItMayNotDo) {
  server_.Fail("POST ", {.status = 403, .reason = "Forbidden"});
  const auto rotation = RotateCertificates(*client_, options_);
  ASSERT_FALSE(rotation.ok());
  EXPECT_EQ(rotation.error().where, "/api/v1/namespaces/ns/secrets/ballast-tls");
  EXPECT_NE(rotation.error().what.find("403 Forbidden"), std::string::npos);
  EXPECT_NE(rotation.error().what.find("helm upgrade makes it"), std::string::npos);
}

TEST_F(Rotating, GivesUpAgainstAnEndlessQuarrel) {
  Rotate();
  server_.Fail("PUT ", {.status = 409, .reason = "Conflict"}, 1000);
  options_.renew.renew = certs::Renew::kServing;
  const auto rotation = RotateCertificates(*client_, options_);
  ASSERT_FALSE(rotation.ok());
  EXPECT_EQ(rotation.error().what, "somebody else goes on changing it; nothing is lost, try again");
  EXPECT_EQ(server_.Count("PUT "), 10);
}

}  // namespace
}  // namespace ballast::webhook
