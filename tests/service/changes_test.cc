// What changes while the program runs: files, certificates, and its end.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <ctime>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "certs/certificate.h"
#include "certs/issue.h"
#include "certs/store.h"
#include "tests/service/running_service.h"

namespace ballast::service_test {
namespace {

using namespace std::chrono_literals;
using fakes::Client;
using fakes::Get;
using fakes::Post;

// How long it takes until it is so; the test's own bound where it never is.
std::chrono::milliseconds TimeUntil(const std::function<bool()>& so) {
  const auto start = std::chrono::steady_clock::now();
  const auto passed = [&] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 start);
  };
  while (!so() && passed() < 5s) std::this_thread::sleep_for(10ms);
  return passed();
}

// Whether the application with its two executors is rewritten or refused just now.
bool IsLimited(const RunningService& service) {
  const auto answer = service.Ask(Post("/mutate", OrdinaryReview()));
  return answer.has_value() && (answer->body.find("\"patch\"") != std::string::npos ||
                                answer->body.find("\"allowed\":false") != std::string::npos);
}

TEST(Changes, AGoodPolicyTakesEffectWithinASecondABadOneNever) {
  RunningService service;
  ASSERT_FALSE(IsLimited(service));
  service.Write("policy.yaml", PolicyText(1));
  EXPECT_LT(TimeUntil([&] { return IsLimited(service); }), 1s);
  service.Write("policy.yaml", "apiVersion: policy.ballast.dev/v1alpha1\nspec: {nonsense: 1}\n");
  const std::string line = service.program->Line("\"not loaded");
  EXPECT_NE(line.find("policy.yaml:"), std::string::npos) << line;
  EXPECT_TRUE(IsLimited(service));
  EXPECT_EQ(service.Ask(Get("/readyz"))->status, 200);
  EXPECT_NE(service.Ask(Get("/metrics"))
                ->body.find("ballast_reloads_total{result=\"failure\",what=\"policy\"} 1"),
            std::string::npos);
}

TEST(Changes, AGoodClusterTakesEffectWithinASecondABadOneNever) {
  RunningService service;
  const auto metric = [&](const char* what) {
    return service.Ask(Get("/metrics"))->body.find(what) != std::string::npos;
  };
  service.Write("cluster.yaml", ClusterText(3));
  EXPECT_LT(TimeUntil([&] {
              return metric("ballast_reloads_total{result=\"success\",what=\"cluster\"} 2");
            }),
            1s);
  service.Write("cluster.yaml", "kind: Node\nstatus: {allocatable: {cpu: many}}\n");
  EXPECT_NE(service.program->Line("\"not loaded").find("cluster.yaml"), std::string::npos);
  EXPECT_EQ(service.Ask(Get("/readyz"))->status, 200);
}

TEST(Changes, DoesNotStartWithABadPolicyAndSaysWhy) {
  RunningService service({}, false);
  service.Write("policy.yaml", PolicyText(1) + "  nonsense: 1\n");
  fakes::Program program(service.arguments);
  EXPECT_EQ(program.Wait(5s), 2);
  EXPECT_NE(program.Line("policy.yaml:9:3: ").find("nonsense"), std::string::npos);
}

// Replaces certificate and key in the folder, as a mounted secret changes.
std::string NewCertificate(const std::filesystem::path& folder, const certs::KeyPair& authority) {
  const auto pair =
      certs::MakeServing(authority, {"localhost", "127.0.0.1"}, {"swap", time(nullptr)}).value();
  EXPECT_TRUE(certs::ReplaceFile(folder / "tls.key", pair.key_pem, true).ok());
  EXPECT_TRUE(certs::ReplaceFile(folder / "tls.crt", pair.certificate_pem, false).ok());
  return certs::Describe(pair.certificate_pem).value().front().fingerprint;
}

TEST(Changes, CertificatesAreSwappedUnderLoadWithoutADroppedConnection) {
  RunningService service({}, false);
  const auto folder = service.path("certs");
  std::filesystem::create_directory(folder);
  const auto authority = certs::MakeAuthority({"test CA", time(nullptr)}).value();
  NewCertificate(folder, authority);
  service.ServeFrom(folder);
  service.Start();
  service.client.authority_pem = authority.certificate_pem;
  service.plain.authority_pem = authority.certificate_pem;
  OrdinaryClient ordinary(service.client);
  const std::string next = NewCertificate(folder, authority);
  EXPECT_LT(TimeUntil([&] {
              const Client client = service.Connect();
              return client.connected() && client.PeerFingerprint() == next;
            }),
            1s);
  // A damaged one is reported, and what is in use stays.
  ASSERT_TRUE(certs::ReplaceFile(folder / "tls.crt", "damaged", false).ok());
  EXPECT_NE(service.program->Line("\"not loaded").find("certificate"), std::string::npos);
  EXPECT_EQ(service.Connect().PeerFingerprint(), next);
  EXPECT_EQ(service.Ask(Get("/readyz"))->status, 200);
  ordinary.StopAfter(100);
  EXPECT_EQ(ordinary.failed(), 0U);
}

TEST(Changes, AnExpiredCertificateIsNotReady) {
  RunningService service({"--metrics-listen", "127.0.0.1:0"}, false);
  const auto folder = service.path("certs");
  std::filesystem::create_directory(folder);
  const int64_t past = time(nullptr) - 100 * certs::kDay;
  const auto authority = certs::MakeAuthority({"test CA", past}).value();
  const auto pair =
      certs::MakeServing(authority, {"localhost"}, {"old", past, 10 * certs::kDay}).value();
  ASSERT_TRUE(certs::ReplaceFile(folder / "tls.key", pair.key_pem, true).ok());
  ASSERT_TRUE(certs::ReplaceFile(folder / "tls.crt", pair.certificate_pem, false).ok());
  service.ServeFrom(folder);
  service.Start();
  service.plain.port = service.program->Port("listening for metrics");
  const auto answer = fakes::Ask(service.plain, Get("/readyz"));
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 503);
  EXPECT_NE(answer->body.find("[-]certificate failed: expired at "), std::string::npos);
  EXPECT_EQ(fakes::Ask(service.plain, Get("/healthz"))->status, 200);
}

TEST(Changes, ClientsShowACertificateWhereOneIsAskedFor) {
  RunningService service({}, false);
  const auto authority = certs::MakeAuthority({"clients", time(nullptr)}).value();
  const auto pair = certs::MakeClient(authority, {"kube-apiserver", time(nullptr)}).value();
  service.Write("client-ca.crt", authority.certificate_pem);
  service.arguments.insert(service.arguments.end(), {"--client-ca", service.path("client-ca.crt")});
  service.Start();
  EXPECT_FALSE(service.Ask(Post("/mutate", OrdinaryReview())).has_value());
  service.client.certificate_pem = pair.certificate_pem;
  service.client.key_pem = pair.key_pem;
  EXPECT_EQ(service.Ask(Post("/mutate", OrdinaryReview()))->status, 200);
}

TEST(Changes, PastItsDeadlineARequestIsShed) {
  RunningService service;
  Client client = service.Connect();
  ASSERT_TRUE(client.connected());
  // The kernel begins to stamp what arrives a moment after the first socket has asked for it.
  ASSERT_TRUE(client.Send(Post("/mutate?timeout=5s", OrdinaryReview())));
  ASSERT_TRUE(client.Receive().has_value());
  service.program->Freeze();
  ASSERT_TRUE(client.Send(Post("/mutate?timeout=300ms", OrdinaryReview())));
  std::this_thread::sleep_for(500ms);
  service.program->Signal(SIGCONT);
  const auto answer = client.Receive();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(service.Ask(Post("/mutate?timeout=1s", OrdinaryReview()))->status, 200);
}

TEST(Changes, SigtermUnderLoadLosesNoRequest) {
  RunningService service;
  std::atomic<bool> stop{false};
  std::atomic<int> answered{0};
  std::atomic<int> lost{0};
  std::atomic<int> closed{0};
  std::vector<std::thread> clients;
  const std::string request = Post("/mutate?timeout=5s", OrdinaryReview());
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      while (!stop) {
        Client client = service.Connect();
        if (!client.connected()) break;  // it takes no new connections any more
        bool closes = false;
        while (!closes && !stop) {
          const bool sent = client.Send(request);
          const auto answer = sent ? client.Receive() : std::nullopt;
          if (answer.has_value() && answer->status == 200) {
            ++answered;
          } else {
            ++lost;
          }
          closes = !answer.has_value() || answer->closes();
          if (closes) ++closed;
        }
      }
    });
  }
  while (answered < 100) std::this_thread::sleep_for(1ms);
  Client idle = service.Connect();
  service.program->Signal(SIGTERM);
  ASSERT_FALSE(service.program->Line("\"draining\"").empty());
  const auto ready = service.Ask(Get("/readyz"));
  ASSERT_TRUE(ready.has_value());
  EXPECT_EQ(ready->status, 503);
  // A connection that was idle when the signal came is answered, and ended with its answer.
  ASSERT_TRUE(idle.Send(request));
  const auto late = idle.Receive();
  ASSERT_TRUE(late.has_value());
  EXPECT_EQ(late->status, 200);
  EXPECT_TRUE(late->closes());
  const int before = answered;
  while (answered < before + 100 && lost == 0) std::this_thread::sleep_for(1ms);
  stop = true;
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(lost, 0);
  EXPECT_GT(closed, 0);
  EXPECT_EQ(service.program->Wait(15s), 0);
}

TEST(Changes, SigtermWithoutLoadEndsSoon) {
  RunningService service;
  const auto start = std::chrono::steady_clock::now();
  service.program->Signal(SIGTERM);
  EXPECT_EQ(service.program->Wait(10s), 0);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 4s);
}

}  // namespace
}  // namespace ballast::service_test
