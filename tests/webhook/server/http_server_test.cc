// The server by itself, with short limits: what it refuses, and that nothing is left over.
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

#include "certs/issue.h"
#include "tests/fakes/http_client.h"

namespace ballast::webhook {
namespace {

using namespace std::chrono_literals;
using fakes::Answer;
using fakes::Ask;
using fakes::Client;
using fakes::ClientOptions;
using fakes::Get;
using fakes::Post;

// Answers with what it was sent; the limits are those of the product, with shorter times.
struct Server {
  explicit Server(void (*change)(HttpServerOptions&) = nullptr, HttpHandler handler = Echo) {
    authority = certs::MakeAuthority({"test CA", time(nullptr)}).value();
    HttpServerOptions options;
    options.listen = {"127.0.0.1", 0};
    options.limits.handshake = 300ms;
    options.limits.header = 300ms;
    options.limits.body.grace = 500ms;
    options.limits.idle = 5000ms;
    if (change != nullptr) change(options);
    context = MakeContext();
    auto started = HttpServer::Start(
        options, std::move(handler),
        [this](int status, std::string_view, std::string_view) {
          const std::scoped_lock lock(mutex);
          refused.push_back(status);
        },
        options.tls ? context : nullptr);
    server = std::move(started).value();
    client.port = server->port();
    client.tls = options.tls;
    client.authority_pem = options.tls ? authority.certificate_pem : "";
  }

  std::shared_ptr<const certs::TlsContext> MakeContext(const std::string& client_authority = "") {
    const auto pair = certs::MakeServing(authority, {"localhost"}, {"test", time(nullptr)}).value();
    return certs::TlsContext::Make(pair.certificate_pem, pair.key_pem, client_authority).value();
  }

  static void Echo(const HttpRequest& request, HttpResponse& response) {
    response.body = std::string(request.method) + " " + std::string(request.path) + "?" +
                    std::string(request.query) + " " + std::to_string(request.body.size());
  }

  // Until all connections together hold so much; the test fails where that takes too long.
  bool Holds(int64_t bytes) {
    for (int i = 0; i < 500; ++i) {
      if (server->bytes_in_flight() >= bytes) return true;
      std::this_thread::sleep_for(10ms);
    }
    return false;
  }

  // Until no connection holds anything; the test fails where that takes too long.
  bool Empty() {
    for (int i = 0; i < 500; ++i) {
      if (server->connections() == 0 && server->bytes_in_flight() == 0) return true;
      std::this_thread::sleep_for(10ms);
    }
    return false;
  }

  size_t Refused() {
    const std::scoped_lock lock(mutex);
    return refused.size();
  }

  certs::KeyPair authority;
  std::shared_ptr<const certs::TlsContext> context;
  ClientOptions client;
  std::mutex mutex;
  std::vector<int> refused;
  std::unique_ptr<HttpServer> server;
};

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

TEST(HttpServer, AHeaderBehindARequestHasItsOwnTime) {
  Server server([](HttpServerOptions& options) { options.limits.header = 1000ms; });
  Client client(server.client);
  // One record: the beginning of the second header is read with the first request.
  client.Send(Get("/a") + "GET /b HTTP/1.1\r\nX: " + std::string(10'000, 'a'));
  EXPECT_EQ(client.Receive()->body, "GET /a? 0");
  EXPECT_TRUE(server.Holds(10'000));
  EXPECT_EQ(server.server->busy(), 1);
  // An idle connection would have had 5 s, and no answer at their end.
  const auto second = client.Receive();
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->status, 408);
  EXPECT_EQ(second->body, "the request's header took too long\n");
}

TEST(HttpServer, ABodySentAlmostWholeEarnsNoLongSilence) {
  Server server;
  Client client(server.client);
  const auto start = std::chrono::steady_clock::now();
  // At 1 KiB/s it would have taken 97 s.
  client.Send("POST /m HTTP/1.1\r\nContent-Length: 100000\r\n\r\n" + std::string(99'999, 'x'));
  const auto answer = client.Receive();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 408);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 4s);
}

TEST(HttpServer, ServesASlowBodyThatKeepsTheRate) {
  Server server;
  Client client(server.client);
  client.Send("POST /m HTTP/1.1\r\nContent-Length: 32000\r\n\r\n");
  // For twice the time in which no body is too slow.
  for (int i = 0; i < 20; ++i) {
    client.Send(std::string(1600, 'x'));
    std::this_thread::sleep_for(50ms);
  }
  const auto answer = client.Receive();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->body, "POST /m? 32000");
}

TEST(HttpServer, EndsABodyThatTakesTooLongInAll) {
  Server server([](HttpServerOptions& options) { options.limits.body.total = 600ms; });
  Client client(server.client);
  client.Send("POST /m HTTP/1.1\r\nContent-Length: 7000000\r\n\r\n");
  int sent = 0;
  while (sent < 60 && client.Send(std::string(1600, 'x')) && server.Refused() == 0) {
    std::this_thread::sleep_for(50ms);
    ++sent;
  }
  EXPECT_LT(sent, 60);
  EXPECT_EQ(client.Receive()->status, 408);
}

TEST(HttpServer, EndsASlowHandshakeHeaderAndBody) {
  Server server;
  ClientOptions plain = server.client;
  plain.tls = false;
  Client silent(plain);
  Client slow_header(server.client);
  slow_header.Send("POST /mutate HTTP/1.1\r\n");
  Client slow_body(server.client);
  slow_body.Send("POST /mutate HTTP/1.1\r\nContent-Length: 5000\r\n\r\nabc");
  EXPECT_TRUE(silent.ClosedWithin(2000ms));
  EXPECT_EQ(slow_header.Receive()->status, 408);
  EXPECT_EQ(slow_body.Receive()->status, 408);
}

TEST(HttpServer, ShedsABodyThatMissesItsDeadline) {
  Server server([](HttpServerOptions& options) { options.limits.body.grace = 5000ms; });
  Client client(server.client);
  client.Send("POST /mutate?timeout=200ms HTTP/1.1\r\nContent-Length: 5000\r\n\r\nabc");
  const auto answer = client.Receive();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(answer->body, "the request's deadline passed before its body was here\n");
}

TEST(HttpServer, ShedsWhenAllBodiesTogetherAreTooMuch) {
  Server server([](HttpServerOptions& options) {
    options.limits.max_bytes_in_flight = 100'000;
    options.limits.kept_for_small = 0;
    options.limits.patience = 60s;
    options.limits.body.grace = 5000ms;
  });
  Client first(server.client);
  first.Send("POST / HTTP/1.1\r\nContent-Length: 90000\r\n\r\n" + std::string(80000, 'x'));
  ASSERT_TRUE(server.Holds(90'000));
  const auto second = Ask(server.client, Post("/", std::string(50000, 'x')));
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->status, 503);
  EXPECT_EQ(second->body, "too many requests are being read\n");
  first.Send(std::string(10000, 'x'));
  EXPECT_EQ(first.Receive()->status, 200);
  EXPECT_EQ(Ask(server.client, Post("/", std::string(50000, 'x')))->status, 200);
}

TEST(HttpServer, LargeBodiesLeaveRoomForSmallOnes) {
  Server server([](HttpServerOptions& options) {
    options.limits.max_bytes_in_flight = 200'000;
    options.limits.kept_for_small = 60'000;
    options.limits.patience = 60s;
    options.limits.body.grace = 5000ms;
  });
  Client first(server.client);
  first.Send("POST /m HTTP/1.1\r\nContent-Length: 135000\r\n\r\n" + std::string(134'999, 'x'));
  ASSERT_TRUE(server.Holds(135'000));
  const auto large = Ask(server.client, Post("/m", std::string(70'000, 'x')));
  ASSERT_TRUE(large.has_value());
  EXPECT_EQ(large->status, 503);
  EXPECT_EQ(large->body, "too many requests are being read\n");
  EXPECT_EQ(Ask(server.client, Post("/m", std::string(50'000, 'x')))->status, 200);
  first.Send("x");
  EXPECT_EQ(first.Receive()->status, 200);
}

TEST(HttpServer, EndsTheSlowRequestThatHoldsMostWhereRoomIsNeeded) {
  Server server([](HttpServerOptions& options) {
    options.limits.max_bytes_in_flight = 200'000;
    options.limits.kept_for_small = 0;
    options.limits.patience = 200ms;
    options.limits.body.grace = 5000ms;
  });
  Client slow(server.client);
  slow.Send("POST /m HTTP/1.1\r\nContent-Length: 5000\r\n\r\nabc");
  ASSERT_TRUE(server.Holds(5000));
  Client large(server.client);
  large.Send("POST /m HTTP/1.1\r\nContent-Length: 190000\r\n\r\n" + std::string(189'999, 'x'));
  ASSERT_TRUE(server.Holds(195'000));
  std::this_thread::sleep_for(300ms);
  const auto other = Ask(server.client, Post("/m", std::string(50'000, 'x')));
  ASSERT_TRUE(other.has_value());
  EXPECT_EQ(other->status, 200);
  const auto ended = large.Receive();
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->status, 503);
  EXPECT_EQ(ended->body, "too slow while too many requests are being read\n");
  slow.Send(std::string(4997, 'x'));
  EXPECT_EQ(slow.Receive()->body, "POST /m? 5000");
}

TEST(HttpServer, CountsTheRoomThatABodyTakes) {
  Server server([](HttpServerOptions& options) { options.limits.body.grace = 5000ms; });
  Client client(server.client);
  client.Send("POST /m HTTP/1.1\r\nContent-Length: 100000\r\n\r\n" + std::string(16'385, 'x'));
  EXPECT_TRUE(server.Holds(32 << 10));
  EXPECT_LT(server.server->bytes_in_flight(), 33 << 10);
  client.Send(std::string(100'000 - 16'385, 'x'));
  EXPECT_EQ(client.Receive()->body, "POST /m? 100000");
}

TEST(HttpServer, MakesRoomByEndingTheConnectionThatIsIdleLongest) {
  Server server([](HttpServerOptions& options) { options.max_connections = 2; });
  Client first(server.client);
  first.Send(Get("/"));
  EXPECT_EQ(first.Receive()->status, 200);
  Client second(server.client);
  second.Send(Get("/"));
  EXPECT_EQ(second.Receive()->status, 200);
  // Both were in use a moment ago: a third one is turned away until one has been idle for a second.
  std::optional<Answer> third;
  for (int i = 0; i < 300 && !third.has_value(); ++i) {
    third = Ask(server.client, Get("/"));
    if (!third.has_value()) std::this_thread::sleep_for(10ms);
  }
  ASSERT_TRUE(third.has_value());
  EXPECT_EQ(third->status, 200);
  EXPECT_GT(server.server->turned_away(), 0U);
  EXPECT_TRUE(first.ClosedWithin(1000ms));
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
