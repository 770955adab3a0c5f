#include "webhook/operator/served_kinds.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "k8s/json_text.h"
#include "tests/fakes/api_server.h"

namespace ballast::webhook {
namespace {

using fakes::ApiServer;
using fakes::Fault;
using nlohmann::json;

k8s::ApiConfig ConfigOf(const ApiServer& server) {
  k8s::ApiConfig config;
  config.origin = "the test";
  config.server = server.url();
  config.authority.text = server.authority().certificate_pem;
  return config;
}

// The discovery of one version, as an API server answers it.
Fault Serves(const std::string& version, const json& resources) {
  const std::string body = k8s::PrintJson(
      json{{"kind", "APIResourceList"}, {"groupVersion", version}, {"resources", resources}});
  Fault fault;
  fault.kind = Fault::Kind::kBytes;
  fault.bytes = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
  return fault;
}

const json kApplications = {{{"name", "sparkapplications"}, {"kind", "SparkApplication"}},
                            {{"name", "sparkapplications/status"}, {"kind", "SparkApplication"}},
                            {{"name", "others"}, {"kind", "Other"}}};

TEST(ServedKinds, AreThoseOfKnownVersions) {
  ApiServer server;
  k8s::ApiClient client(ConfigOf(server));
  EXPECT_EQ(AskServedKinds(client), std::set<std::string>());
  server.Fail("/apis/sparkoperator.k8s.io/v1beta2",
              Serves("sparkoperator.k8s.io/v1beta2", kApplications));
  EXPECT_EQ(AskServedKinds(client), std::set<std::string>{"sparkoperator.k8s.io/SparkApplication"});
  // In an older version of the group that is not known of this kind.
  server.Fail("/apis/sparkoperator.k8s.io/v1alpha1",
              Serves("sparkoperator.k8s.io/v1alpha1", kApplications));
  EXPECT_EQ(AskServedKinds(client), std::set<std::string>());
  server.Fail("/apis/spark.apache.org/v1beta1", Serves("spark.apache.org/v1beta1", kApplications));
  EXPECT_EQ(AskServedKinds(client), std::set<std::string>{"spark.apache.org/SparkApplication"});
}

TEST(ServedKinds, AreNotKnownWhereTheServerFails) {
  ApiServer server;
  k8s::ApiClient client(ConfigOf(server));
  server.Fail("/apis/spark.apache.org/v1beta1", {Fault::Kind::kStatus, 503});
  EXPECT_EQ(AskServedKinds(client), std::nullopt);
}

TEST(ServedKinds, ComeIntoTheBook) {
  ApiServer server;
  k8s::ApiClient client(ConfigOf(server));
  server.Fail("/apis/sparkoperator.k8s.io/v1beta2",
              Serves("sparkoperator.k8s.io/v1beta2", kApplications));
  const auto book = std::make_shared<ApplicationBook>();
  const k8s::Kind& kind = *k8s::FindKind("sparkoperator.k8s.io/v1beta2", "SparkApplication");
  EXPECT_FALSE(book->Serves(kind));
  ServedKinds served(client, book);
  served.Start();
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!book->Serves(kind) && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  EXPECT_TRUE(book->Serves(kind));
  const k8s::Kind& other = *k8s::FindKind("spark.apache.org/v1", "SparkApplication");
  EXPECT_FALSE(book->Serves(other));
}

}  // namespace
}  // namespace ballast::webhook
