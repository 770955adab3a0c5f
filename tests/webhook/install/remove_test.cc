#include "webhook/install/remove.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/fakes/api_server.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;
using Lines = std::vector<std::string>;

const std::string kHooks = "/apis/admissionregistration.k8s.io/v1";
const fakes::ResourceKey kMutating{kHooks, "mutatingwebhookconfigurations"};
const fakes::ResourceKey kValidating{kHooks, "validatingwebhookconfigurations"};
const fakes::ResourceKey kSecrets{"/api/v1", "secrets"};
const fakes::ResourceKey kDefinitions{"/apis/apiextensions.k8s.io/v1", "customresourcedefinitions"};

class Removing : public testing::Test {
 protected:
  Removing() {
    fakes::ApiStore& store = server_.store();
    for (const auto& kind :
         {kMutating, kValidating, kSecrets, kDefinitions, fakes::kPolicies, fakes::kExceptions}) {
      store.Know(kind);
    }
    store.Put(kMutating, {"", "ballast"}, json::object());
    store.Put(kValidating, {"", "ballast"}, json::object());
    store.Put(kValidating, {"", "other"}, json::object());
    store.Put(kSecrets, {"ns", "ballast-tls"}, json::object());
    for (const char* plural : {"sparkresourcepolicies", "sparkpolicyexceptions"}) {
      store.Put(kDefinitions, {"", std::string(plural) + ".policy.ballast.dev"}, json::object());
    }
    k8s::ApiConfig config;
    config.server = server_.url();
    config.authority.text = server_.authority().certificate_pem;
    client_ = std::make_unique<k8s::ApiClient>(config);
    options_ = {{"ballast", "ballast"}, "ns", "ballast-tls", true};
  }

  fakes::ApiServer server_;
  std::unique_ptr<k8s::ApiClient> client_;
  RemoveOptions options_;
};

TEST_F(Removing, LeavesNothingOfItsOwnAndTouchesNothingElse) {
  const auto done = RemoveFromCluster(*client_, options_);
  ASSERT_TRUE(done.ok()) << done.error().what;
  EXPECT_EQ(*done,
            (Lines{"deleted " + kHooks + "/mutatingwebhookconfigurations/ballast",
                   "deleted " + kHooks + "/validatingwebhookconfigurations/ballast",
                   "deleted /api/v1/namespaces/ns/secrets/ballast-tls",
                   "deleted the definition of sparkresourcepolicies, of which there were none",
                   "deleted the definition of sparkpolicyexceptions, of which there were "
                   "none"}));
  EXPECT_EQ(server_.store().Count(kValidating), 1u);
  EXPECT_EQ(server_.store().Count(kDefinitions), 0u);
}

TEST_F(Removing, TakesItsOwnReports) {
  const fakes::ResourceKey kReports{"/apis/openreports.io/v1alpha1", "reports"};
  options_ = {{}, "ns", "", false, true};
  ASSERT_EQ(*RemoveFromCluster(*client_, options_), Lines()) << "where there is no such kind";
  server_.store().Know(kReports);
  const json ours = {{"metadata", {{"labels", {{"app.kubernetes.io/managed-by", "ballast"}}}}}};
  for (int i = 0; i < 1100; ++i) {
    server_.store().Put(kReports, {"team", "ballast-" + std::to_string(i)}, ours);
  }
  const auto done = RemoveFromCluster(*client_, options_);
  ASSERT_TRUE(done.ok()) << done.error().what;
  EXPECT_EQ(*done, Lines{"deleted 1100 Reports"});
  EXPECT_EQ(server_.store().Count(kReports), 0u);
  // Nobody else's are even asked for.
  EXPECT_TRUE(server_.WaitFor("labelSelector=app.kubernetes.io/managed-by=ballast", 1));
}

TEST_F(Removing, KeepsPolicies) {
  server_.store().Put(fakes::kPolicies, {"", "mine"}, json::object());
  const auto done = RemoveFromCluster(*client_, options_);
  ASSERT_TRUE(done.ok()) << done.error().what;
  EXPECT_EQ(done->at(3), "kept the definition of sparkresourcepolicies, and those that there are");
  EXPECT_EQ(server_.store().Count(kDefinitions), 1u);
  EXPECT_EQ(server_.store().Count(fakes::kPolicies), 1u);
}

TEST_F(Removing, ASecondTimeFindsNothing) {
  ASSERT_TRUE(RemoveFromCluster(*client_, options_).ok());
  options_.empty_crds = false;
  const auto done = RemoveFromCluster(*client_, options_);
  ASSERT_TRUE(done.ok()) << done.error().what;
  EXPECT_EQ(done->front(), "was not there: " + kHooks + "/mutatingwebhookconfigurations/ballast");
}

TEST_F(Removing, TakesTheConfigurationsAwayEvenIfItMayDoNoMore) {
  server_.Fail("DELETE /api/v1", {.status = 403, .reason = "Forbidden"});
  const auto done = RemoveFromCluster(*client_, options_);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().where, "/api/v1/namespaces/ns/secrets/ballast-tls");
  EXPECT_EQ(server_.store().Count(kMutating), 0u);
}

}  // namespace
}  // namespace ballast::webhook
