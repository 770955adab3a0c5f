// What the server ends, and when: too slow, or too much in all.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tests/webhook/server/http_server_fixture.h"

namespace ballast::webhook {
namespace {

TEST(HttpLimits, AHeaderBehindARequestHasItsOwnTime) {
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

TEST(HttpLimits, ABodySentAlmostWholeEarnsNoLongSilence) {
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

TEST(HttpLimits, ServesASlowBodyThatKeepsTheRate) {
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

TEST(HttpLimits, EndsABodyThatTakesTooLongInAll) {
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

TEST(HttpLimits, EndsASlowHandshakeHeaderAndBody) {
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

TEST(HttpLimits, ShedsABodyThatMissesItsDeadline) {
  Server server([](HttpServerOptions& options) { options.limits.body.grace = 5000ms; });
  Client client(server.client);
  client.Send("POST /mutate?timeout=200ms HTTP/1.1\r\nContent-Length: 5000\r\n\r\nabc");
  const auto answer = client.Receive();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(answer->body, "the request's deadline passed before its body was here\n");
}

TEST(HttpLimits, ShedsWhenAllBodiesTogetherAreTooMuch) {
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

TEST(HttpLimits, LargeBodiesLeaveRoomForSmallOnes) {
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

TEST(HttpLimits, EndsTheSlowRequestThatHoldsMostWhereRoomIsNeeded) {
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

TEST(HttpLimits, CountsTheRoomThatABodyTakes) {
  Server server([](HttpServerOptions& options) { options.limits.body.grace = 5000ms; });
  Client client(server.client);
  client.Send("POST /m HTTP/1.1\r\nContent-Length: 100000\r\n\r\n" + std::string(16'385, 'x'));
  EXPECT_TRUE(server.Holds(32 << 10));
  EXPECT_LT(server.server->bytes_in_flight(), 33 << 10);
  client.Send(std::string(100'000 - 16'385, 'x'));
  EXPECT_EQ(client.Receive()->body, "POST /m? 100000");
}

TEST(HttpLimits, MakesRoomByEndingTheConnectionThatIsIdleLongest) {
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

}  // namespace
}  // namespace ballast::webhook
