// The server by itself: what it serves and refuses, and that nothing is left over.
#include "webhook/server/http_server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/webhook/server/http_server_fixture.h"

namespace ballast::webhook {
namespace {

TEST(HttpServer, AnswersRequestAfterRequestOnOneConnection) {
  Server server;
  Client client(server.client);
  ASSERT_TRUE(client.connected());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.Send(Post("/mutate?timeout=5s", std::string(20000, 'x'))));
    const auto answer = client.Receive();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "POST /mutate?timeout=5s 20000");
    EXPECT_FALSE(answer->closes());
    EXPECT_FALSE(answer->has("Content-Encoding"));
  }
  EXPECT_EQ(server.server->accepted(), 1U);
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  Server server;
  Client client(server.client);
  ASSERT_TRUE(client.Send(Post("/a", "12") + Get("/b") + Post("/c", "")));
  EXPECT_EQ(client.Receive()->body, "POST /a? 2");
  EXPECT_EQ(client.Receive()->body, "GET /b? 0");
  EXPECT_EQ(client.Receive()->body, "POST /c? 0");
}

TEST(HttpServer, ServesWithoutTls) {
  Server server([](HttpServerOptions& options) { options.tls = false; });
  EXPECT_EQ(Ask(server.client, Get("/metrics"))->body, "GET /metrics? 0");
}

TEST(HttpServer, TellsPlainHttpThatItSpeaksTls) {
  Server server;
  ClientOptions plain = server.client;
  plain.tls = false;
  const auto answer = Ask(plain, Get("/healthz"));
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 400);
  EXPECT_EQ(answer->body, "this port speaks HTTPS only\n");
}

struct RefusalCase {
  const char* name;
  std::string request;
  int status;
  const char* body;
};

class Refusals : public testing::TestWithParam<RefusalCase> {};

TEST_P(Refusals, AreAnsweredAndEndTheConnection) {
  Server server;
  Client client(server.client);
  ASSERT_TRUE(client.connected());
  client.Send(GetParam().request);
  const auto answer = client.Receive();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, GetParam().status);
  EXPECT_EQ(answer->body, GetParam().body);
  EXPECT_TRUE(answer->closes());
  EXPECT_TRUE(client.ClosedWithin(1000ms));
}

std::string Lines(size_t count) {
  std::string lines = "GET / HTTP/1.1\r\n";
  for (size_t i = 0; i < count; ++i) lines += "X-" + std::to_string(i) + ": y\r\n";
  return lines + "\r\n";
}

INSTANTIATE_TEST_SUITE_P(
    Table, Refusals,
    testing::Values(
        RefusalCase{"BodyOverTheCap", "POST /mutate HTTP/1.1\r\nContent-Length: 7340033\r\n\r\n",
                    413, "body too large\n"},
        RefusalCase{"LengthBeyondAnyNumber",
                    "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n", 413,
                    "body too large\n"},
        RefusalCase{"Chunked",
                    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", 411,
                    "Transfer-Encoding is not taken; send Content-Length\n"},
        RefusalCase{"NoLength", "POST / HTTP/1.1\r\nHost: x\r\n\r\n", 411, "send Content-Length\n"},
        RefusalCase{"NegativeLength", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400,
                    "Content-Length must be one number\n"},
        RefusalCase{"TwoLengths",
                    "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400,
                    "Content-Length must be one number\n"},
        RefusalCase{"UnknownExpectation",
                    "POST / HTTP/1.1\r\nContent-Length: 1\r\nExpect: cake\r\n\r\n", 417,
                    "unknown expectation\n"},
        RefusalCase{"FoldedHeader", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", 400,
                    "malformed header line\n"},
        RefusalCase{"NoSuchMethod", "BREW / HTTP/1.1\r\n\r\n", 400, ""},
        RefusalCase{"NoRequestAtAll", "hello\r\n\r\n", 400, "malformed request line\n"},
        RefusalCase{"OneHeaderLineTooMany", Lines(101), 431, "too many header lines\n"},
        RefusalCase{"HeaderTooLarge", "GET / HTTP/1.1\r\nA: " + std::string(70000, 'a'), 431,
                    "header too large\n"}),
    [](const testing::TestParamInfo<RefusalCase>& row) { return std::string(row.param.name); });

TEST(HttpServer, TakesWhatIsJustWithinTheLimits) {
  Server server;
  EXPECT_EQ(Ask(server.client, Lines(100))->status, 200);
  EXPECT_EQ(Ask(server.client, Post("/m", std::string(7U << 20, 'x')))->body, "POST /m? 7340032");
}

TEST(HttpServer, AnswersTheExpectationToContinue) {
  Server server;
  Client client(server.client);
  client.Send("POST /m HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.Receive()->status, 100);
  client.Send("abc");
  EXPECT_EQ(client.Receive()->body, "POST /m? 3");
  client.Send("POST /m HTTP/1.1\r\nContent-Length: 8000000\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.Receive()->status, 413);
}

TEST(HttpServer, SendsNoContinueToHttp10) {
  Server server;
  Client client(server.client);
  client.Send("POST /m HTTP/1.0\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_TRUE(server.Holds(1));
  client.Send("abc");
  EXPECT_EQ(client.Receive()->body, "POST /m? 3");
}

TEST(HttpServer, EndsTheConnectionThatTheClientWantsEnded) {
  Server server;
  for (const char* value : {"close", "Close", "foo, close"}) {
    Client client(server.client);
    client.Send("GET / HTTP/1.1\r\nConnection: " + std::string(value) + "\r\n\r\n");
    const auto answer = client.Receive();
    ASSERT_TRUE(answer.has_value()) << value;
    EXPECT_EQ(answer->status, 200) << value;
    EXPECT_TRUE(answer->closes()) << value;
    EXPECT_TRUE(client.ClosedWithin(1000ms)) << value;
  }
}

TEST(HttpServer, SwapsTheCertificateWithoutEndingConnections) {
  Server server;
  Client before(server.client);
  ASSERT_TRUE(before.connected());
  const auto next = server.MakeContext();
  server.server->SetTls(next);
  Client after(server.client);
  ASSERT_TRUE(after.connected());
  EXPECT_EQ(before.PeerFingerprint(), server.context->certificate().fingerprint);
  EXPECT_EQ(after.PeerFingerprint(), next->certificate().fingerprint);
  before.Send(Get("/"));
  EXPECT_EQ(before.Receive()->status, 200);
}

TEST(HttpServer, AsksClientsForACertificate) {
  Server server;
  const auto authority = certs::MakeAuthority({"clients", time(nullptr)}).value();
  const auto shown = certs::MakeClient(authority, {"kube-apiserver", time(nullptr)}).value();
  const auto forged =
      certs::MakeClient(server.authority, {"kube-apiserver", time(nullptr)}).value();
  server.server->SetTls(server.MakeContext(authority.certificate_pem));
  EXPECT_FALSE(Ask(server.client, Get("/")).has_value());
  ClientOptions client = server.client;
  client.certificate_pem = forged.certificate_pem;
  client.key_pem = forged.key_pem;
  EXPECT_FALSE(Ask(client, Get("/")).has_value());
  client.certificate_pem = shown.certificate_pem;
  client.key_pem = shown.key_pem;
  const auto answer = Ask(client, Get("/"));
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 200);
}

TEST(HttpServer, RefusesTlsBefore12) {
  Server server;
  server.client.max_version = TLS1_1_VERSION;
  EXPECT_FALSE(Client(server.client).connected());
  server.client.max_version = TLS1_2_VERSION;
  EXPECT_TRUE(Client(server.client).connected());
}

TEST(HttpServer, DrainingLosesNothing) {
  Server server;
  std::atomic<bool> stop{false};
  std::atomic<int> answered{0};
  std::atomic<int> lost{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      while (!stop) {
        Client client(server.client);
        if (!client.connected()) break;  // no longer accepted
        bool closes = false;
        while (!closes) {
          if (!client.Send(Post("/m", std::string(5000, 'x')))) break;
          const auto answer = client.Receive();
          if (answer.has_value() && answer->status == 200) {
            ++answered;
          } else {
            ++lost;
          }
          closes = !answer.has_value() || answer->closes();
        }
      }
    });
  }
  while (answered < 200) std::this_thread::sleep_for(1ms);
  server.server->StartDraining();
  const int before = answered;
  while (answered < before + 50) std::this_thread::sleep_for(1ms);
  server.server->StopAccepting();
  stop = true;
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(lost, 0);
  EXPECT_TRUE(server.Empty());
}

TEST(HttpServer, ForgetsRudeClients) {
  Server server;
  for (int i = 0; i < 20; ++i) {
    ClientOptions plain = server.client;
    plain.tls = false;
    Client garbage(plain);
    garbage.Send(std::string(100, '\xff'));
    Client half(server.client);
    half.Send("POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nabc");
  }
  EXPECT_TRUE(server.Empty());
  EXPECT_EQ(server.server->busy(), 0);
}

}  // namespace
}  // namespace ballast::webhook
