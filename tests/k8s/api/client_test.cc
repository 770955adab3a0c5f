// The client against a fake API server over real TLS.
#include "k8s/api/client.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "k8s/api/list.h"
#include "tests/fakes/api_server.h"

namespace ballast::k8s {
namespace {

using fakes::ApiServer;
using fakes::Fault;
using nlohmann::json;
using std::chrono::milliseconds;

ApiConfig ConfigOf(const ApiServer& server) {
  ApiConfig config;
  config.origin = "the test";
  config.server = server.url();
  config.authority.text = server.authority().certificate_pem;
  return config;
}

ApiClientOptions Quick() {
  ApiClientOptions options;
  options.connect_timeout = milliseconds(2000);
  options.read_timeout = milliseconds(2000);
  return options;
}

TEST(ApiClientTest, MakesReadsChangesAndDeletesAnObject) {
  ApiServer server;
  ApiClient client(ConfigOf(server), Quick());
  const std::string path = "/api/v1/namespaces/default/resourcequotas";
  ASSERT_TRUE(client.Post(path, {{"metadata", {{"name", "q"}}}, {"spec", {{"a", 1}}}}).ok());
  const auto twice = client.Post(path, {{"metadata", {{"name", "q"}}}});
  ASSERT_FALSE(twice.ok());
  EXPECT_EQ(twice.error(), (ApiError{409, "AlreadyExists", "q already exists"}));
  EXPECT_EQ(Describe(twice.error()), "the API server answered 409 AlreadyExists: q already exists");

  auto read = client.Get(path + "/q");
  ASSERT_TRUE(read.ok()) << Describe(read.error());
  EXPECT_EQ((*read)["spec"]["a"], 1);
  (*read)["spec"]["a"] = 2;
  ASSERT_TRUE(client.Put(path + "/q", *read).ok());
  EXPECT_EQ(client.Put(path + "/q", *read).error().reason, "Conflict");  // it is an old version

  const auto merged = client.Patch(path + "/q", PatchType::kMerge, {{"spec", {{"b", 3}}}});
  ASSERT_TRUE(merged.ok());
  EXPECT_EQ((*merged)["spec"], (json{{"a", 2}, {"b", 3}}));
  const auto patched =
      client.Patch(path + "/q", PatchType::kJson,
                   json::array({{{"op", "replace"}, {"path", "/spec/a"}, {"value", 4}}}));
  ASSERT_TRUE(patched.ok());
  EXPECT_EQ((*patched)["spec"]["a"], 4);
  const auto applied = client.Patch(path + "/r?fieldManager=ballast&force=true", PatchType::kApply,
                                    {{"spec", {{"c", 5}}}});
  ASSERT_TRUE(applied.ok()) << Describe(applied.error());
  EXPECT_EQ(server.Requests("PATCH").back().headers["content-type"],
            "application/apply-patch+yaml");

  ASSERT_TRUE(client.Delete(path + "/q").ok());
  EXPECT_TRUE(client.Get(path + "/q").error().not_found());
}

TEST(ApiClientTest, ListsPageByPage) {
  ApiServer server;
  for (int i = 0; i < 25; ++i) server.store().Put(fakes::kNodes, {"", "n" + std::to_string(i)}, {});
  ApiClient client(ConfigOf(server), Quick());
  std::set<std::string> names;
  ListOptions options;
  options.page_limit = 10;
  const auto version = ListAll(
      client, "/api/v1/nodes",
      [&](JsonView node) { names.emplace(node.At("/metadata/name").string().value_or("")); },
      options);
  ASSERT_TRUE(version.ok()) << Describe(version.error());
  EXPECT_EQ(*version, std::to_string(server.store().version()));
  EXPECT_EQ(names.size(), 25u);
  EXPECT_EQ(server.Count("GET /api/v1/nodes"), 3);
  EXPECT_EQ(server.Count("continue="), 2);
}

struct BadPeer {
  std::string name;
  std::function<void(ApiServer&, ApiConfig&)> change;
  std::string reason;
  std::string message;  // PORT stands for the server's
};
void PrintTo(const BadPeer& bad, std::ostream* out) { *out << bad.name; }

const BadPeer kBadPeers[] = {
    {"SignedBySomebodyElse",
     [](ApiServer&, ApiConfig& config) {
       config.authority.text =
           certs::MakeAuthority({"another", std::time(nullptr)})->certificate_pem;
     },
     "Unreachable",
     "the certificate of 127.0.0.1:PORT is not trusted: unable to get local issuer certificate"},
    {"MadeForAnotherName",
     [](ApiServer&, ApiConfig& config) { config.tls_server_name = "kubernetes.default.svc"; },
     "Unreachable", "the certificate of 127.0.0.1:PORT is not trusted: hostname mismatch"},
    {"NobodyThere", [](ApiServer& server, ApiConfig&) { server.GoAway(); }, "Unreachable",
     "nothing answers at 127.0.0.1:PORT"},
    {"ClosesAtOnce",
     [](ApiServer& server, ApiConfig&) { server.Fail("", {Fault::Kind::kDrop}, 9); }, "Unreachable",
     "the connection to 127.0.0.1:PORT broke, or no answer came in time"},
    {"NeverAnswers",
     [](ApiServer& server, ApiConfig&) { server.Fail("", {Fault::Kind::kHang}, 9); }, "Unreachable",
     "the connection to 127.0.0.1:PORT broke, or no answer came in time"},
    {"NoHttp",
     [](ApiServer& server, ApiConfig&) {
       server.Fail("", {Fault::Kind::kBytes, 0, "", "220 mail.example ready\r\n\r\n"}, 9);
     },
     "Unreachable", "the connection to 127.0.0.1:PORT broke, or no answer came in time"},
    {"NoJson",
     [](ApiServer& server, ApiConfig&) {
       server.Fail(
           "", {Fault::Kind::kBytes, 0, "", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\noops"}, 9);
     },
     "Malformed", "the answer to /api/v1/nodes/x is not JSON"},
    {"NeverEnds",
     [](ApiServer& server, ApiConfig&) {
       server.Fail("", {Fault::Kind::kEndless, 0, "", std::string(100'000, ' ')}, 9);
     },
     "TooLarge", "the answer to /api/v1/nodes/x is larger than 4194304 bytes"},
    {"NoSuchAuthorityFile",
     [](ApiServer&, ApiConfig& config) {
       config.authority = {"", "/nowhere/ca.crt"};
     },
     "Misconfigured", "/nowhere/ca.crt: cannot be opened: No such file or directory"},
    {"NoSuchTokenFile",
     [](ApiServer&, ApiConfig& config) {
       config.token = {"", "/nowhere/token"};
     },
     "Misconfigured", "/nowhere/token: cannot be opened: No such file or directory"},
    {"ATokenOfTwoLines", [](ApiServer&, ApiConfig& config) { config.token.text = "a\r\nHost: b"; },
     "Misconfigured", "the test: holds no token"},
};

class ApiClientBadPeer : public testing::TestWithParam<BadPeer> {};

TEST_P(ApiClientBadPeer, IsAnErrorThatSaysSo) {
  ApiServer server;
  server.store().Put(fakes::kNodes, {"", "x"}, {});
  ApiConfig config = ConfigOf(server);
  GetParam().change(server, config);
  ApiClient client(config, Quick());
  const auto read = client.Get("/api/v1/nodes/x");
  ASSERT_FALSE(read.ok());
  std::string message = GetParam().message;
  if (const size_t at = message.find("PORT"); at != std::string::npos) {
    message.replace(at, 4, std::to_string(server.port()));
  }
  EXPECT_EQ(read.error(), (ApiError{0, GetParam().reason, message}));
}

INSTANTIATE_TEST_SUITE_P(Peers, ApiClientBadPeer, testing::ValuesIn(kBadPeers),
                         [](const auto& tested) { return tested.param.name; });

TEST(ApiClientTest, ATokenThatRotatesIsReadAnew) {
  const auto file =
      std::filesystem::temp_directory_path() / ("ballast-token-" + std::to_string(getpid()));
  const auto write = [&](const std::string& token) { std::ofstream(file) << token << '\n'; };
  ApiServer server;
  server.store().Put(fakes::kNodes, {"", "x"}, {});
  server.SetToken("first");
  write("first");
  ApiConfig config = ConfigOf(server);
  config.token.file = file;
  ApiClient client(config, Quick());
  EXPECT_TRUE(client.Get("/api/v1/nodes/x").ok());
  server.SetToken("second");
  const auto refused = client.Get("/api/v1/nodes/x");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error(), (ApiError{401, "Unauthorized", "Unauthorized"}));
  write("second");
  EXPECT_TRUE(client.Get("/api/v1/nodes/x").ok());
  std::filesystem::remove(file);
}

TEST(ApiClientTest, ShowsAClientCertificate) {
  const int64_t now = std::time(nullptr);
  const auto authority = *certs::MakeAuthority({"clients", now});
  const auto own = *certs::MakeClient(authority, {"ballast", now});
  fakes::ApiServerOptions options;
  options.client_authority = authority.certificate_pem;
  ApiServer server(options);
  server.store().Put(fakes::kNodes, {"", "x"}, {});
  ApiConfig config = ConfigOf(server);
  EXPECT_FALSE(ApiClient(config, Quick()).Get("/api/v1/nodes/x").ok());
  config.client_certificate.text = own.certificate_pem;
  config.client_key.text = own.key_pem;
  EXPECT_TRUE(ApiClient(config, Quick()).Get("/api/v1/nodes/x").ok());
  config.client_key.text = authority.key_pem;
  const auto wrong = ApiClient(config, Quick()).Get("/api/v1/nodes/x");
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().message,
            "the test: holds no private key in PEM without a password that belongs to the client "
            "certificate");
}

TEST(ApiClientTest, AsksForTheNameThatTheCertificateCarries) {
  ApiServer server;
  server.store().Put(fakes::kNodes, {"", "x"}, {});
  ApiConfig config = ConfigOf(server);
  config.tls_server_name = "localhost";
  EXPECT_TRUE(ApiClient(config, Quick()).Get("/api/v1/nodes/x").ok());
  config.tls_server_name = "cluster-7.example.com";
  config.verify_certificate = false;
  EXPECT_TRUE(ApiClient(config, Quick()).Get("/api/v1/nodes/x").ok());
  const auto requests = server.Requests("/nodes/x");
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].server_name, "localhost");
  EXPECT_EQ(requests[1].server_name, "cluster-7.example.com");
}

TEST(ApiClientTest, SpeaksPlainHttpToAProxy) {
  fakes::ApiServerOptions options;
  options.tls = false;
  ApiServer server(options);
  server.store().Put(fakes::kNodes, {"", "x"}, {});
  EXPECT_TRUE(ApiClient(ConfigOf(server), Quick()).Get("/api/v1/nodes/x").ok());
}

TEST(ApiClientTest, KeepsItsConnectionAndReplacesOneThatWasClosed) {
  ApiServer server;
  server.store().Put(fakes::kNodes, {"", "x"}, {});
  ApiClient client(ConfigOf(server), Quick());
  EXPECT_TRUE(client.Get("/api/v1/nodes/x").ok());
  server.DropConnections();
  EXPECT_TRUE(client.Get("/api/v1/nodes/x").ok());
  server.GoAway();
  EXPECT_FALSE(client.Get("/api/v1/nodes/x").ok());
  server.ComeBack();
  EXPECT_TRUE(client.Get("/api/v1/nodes/x").ok());
}

TEST(ApiClientTest, ManyThreadsUseOneClient) {
  ApiServer server;
  server.store().Put(fakes::kNodes, {"", "x"}, {});
  ApiClient client(ConfigOf(server), Quick());
  std::atomic<int> good{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        for (int k = 0; k < 10; ++k) good += client.Get("/api/v1/nodes/x").ok() ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(good, 80);
}

TEST(ApiClientTest, StoppingEndsACallAtOnce) {
  ApiServer server;
  server.Fail("", {Fault::Kind::kHang}, 1);
  ApiClientOptions patient;
  patient.read_timeout = std::chrono::minutes(10);
  ApiClient client(ConfigOf(server), patient);
  std::stop_source stop;
  std::optional<ApiError> error;
  const auto begun = std::chrono::steady_clock::now();
  std::jthread asking([&] {
    const auto read = client.Get("/api/v1/nodes/x", stop.get_token());
    error = read.error();
  });
  ASSERT_TRUE(server.WaitFor("GET", 1));
  stop.request_stop();
  asking.join();
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->reason, kStopped);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
}

TEST(ApiClientTest, AStoppedCallerIsNotServed) {
  ApiServer server;
  ApiClient client(ConfigOf(server), Quick());
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(client.Get("/api/v1/nodes/x", stop.get_token()).error().reason, kStopped);
}

TEST(QueryValueTest, EscapesWhatMeansSomething) {
  EXPECT_EQ(QueryValue("a-b_c.d~9"), "a-b_c.d~9");
  EXPECT_EQ(QueryValue("a=b&c d/\xC3\xA9"), "a%3Db%26c%20d%2F%C3%A9");
}

}  // namespace
}  // namespace ballast::k8s
