// What clients can do wrong, or mean ill: beside each of them an ordinary client is answered
// correctly and soon, and the program stays small.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "tests/service/running_service.h"

namespace ballast::service_test {
namespace {

using namespace std::chrono_literals;
using fakes::Client;
using fakes::Get;
using fakes::Post;

// AddressSanitizer keeps what was freed, and room around everything, and slows every step down:
// there the limits only say that nothing grows, and nobody waits, without bound.
#ifdef __SANITIZE_ADDRESS__
constexpr int64_t kMostMemory = int64_t{1024} << 20;
constexpr double kLongestAnswer = 1000;  // milliseconds, p99
#else
constexpr int64_t kMostMemory = int64_t{128} << 20;
constexpr double kLongestAnswer = 50;
#endif

// Runs the rude ones beside an ordinary client.
void Beside(RunningService& service, const std::function<void()>& rude) {
  OrdinaryClient ordinary(service.client);
  rude();
  ordinary.StopAfter(100);
  EXPECT_EQ(ordinary.failed(), 0U);
  EXPECT_LT(ordinary.Percentile(0.99), kLongestAnswer) << "p99 of " << ordinary.answered();
  EXPECT_LT(service.program->PeakResidentBytes(), kMostMemory);
}

std::vector<Client> ConnectMany(const RunningService& service, size_t count) {
  std::vector<Client> clients;
  clients.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    clients.push_back(service.Connect());
    EXPECT_TRUE(clients.back().connected()) << i;
  }
  return clients;
}

TEST(RudeClients, EndlessHeader) {
  RunningService service;
  Beside(service, [&] {
    for (int i = 0; i < 20; ++i) {
      Client client = service.Connect();
      client.Send("POST /mutate HTTP/1.1\r\n");
      const std::string line = "X-A: " + std::string(1000, 'a') + "\r\n";
      for (int lines = 0; lines < 500 && client.Send(line); ++lines) {
      }
      EXPECT_EQ(client.Receive()->status, 431);
    }
  });
}

TEST(RudeClients, OneEndlessHeaderLine) {
  RunningService service;
  Beside(service, [&] {
    for (int i = 0; i < 20; ++i) {
      Client client = service.Connect();
      client.Send("POST /mutate HTTP/1.1\r\nX-A: ");
      const std::string part(16384, 'a');
      for (int parts = 0; parts < 100 && client.Send(part); ++parts) {
      }
    }
  });
}

TEST(RudeClients, EndlessBody) {
  RunningService service;
  Beside(service, [&] {
    const std::string part(1 << 20, 'x');
    for (int i = 0; i < 5; ++i) {
      Client client = service.Connect();
      client.Send("POST /mutate HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n");
      for (int parts = 0; parts < 30 && client.Send(part); ++parts) {
      }
    }
  });
}

TEST(RudeClients, BodyOverTheCapIsAnswered413) {
  RunningService service;
  Client client = service.Connect();
  client.Send(Post("/mutate", std::string((7U << 20) + 1, ' ')));
  EXPECT_EQ(client.Receive()->status, 413);
  EXPECT_EQ(service.Ask(Post("/mutate", std::string(7U << 20, ' ')))->status, 400);
}

TEST(RudeClients, EndlessChunkedBody) {
  RunningService service;
  Beside(service, [&] {
    const std::string chunk = "10000\r\n" + std::string(65536, 'x') + "\r\n";
    for (int i = 0; i < 20; ++i) {
      Client client = service.Connect();
      client.Send("POST /mutate HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int chunks = 0; chunks < 20 && client.Send(chunk); ++chunks) {
      }
    }
    Client client = service.Connect();
    client.Send("POST /mutate HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
    EXPECT_EQ(client.Receive()->status, 411);
  });
}

TEST(RudeClients, TwoHundredSendersOfOneByteASecond) {
  RunningService service;
  std::vector<Client> slow = ConnectMany(service, 200);
  for (size_t i = 0; i < slow.size(); ++i) {
    // Half of them in the header, half in a body that is announced as large as it may be.
    slow[i].Send(i % 2 == 0 ? "POST /mutate HTTP/1.1\r\n"
                            : "POST /mutate HTTP/1.1\r\nContent-Length: 7000000\r\n\r\n");
  }
  Beside(service, [&] {
    for (int second = 0; second < 3; ++second) {
      for (Client& client : slow) client.Send("x");
      std::this_thread::sleep_for(1s);
    }
  });
}

TEST(RudeClients, SlowHeaderEndsWithinFiveSecondsSlowBodyAfterTen) {
  RunningService service;
  Client header = service.Connect();
  Client body = service.Connect();
  Client almost = service.Connect();
  Client silent(service.plain);
  const auto start = std::chrono::steady_clock::now();
  header.Send("POST /mutate HTTP/1.1\r\n");
  body.Send("POST /mutate HTTP/1.1\r\nContent-Length: 100000\r\n\r\n" + std::string(5000, 'x'));
  // What it sends at once earns it no longer silence.
  almost.Send("POST /mutate HTTP/1.1\r\nContent-Length: 7340032\r\n\r\n" +
              std::string(7'340'000, ' '));
  EXPECT_TRUE(silent.ClosedWithin(6s));
  EXPECT_TRUE(header.ClosedWithin(2s));
  EXPECT_FALSE(body.ClosedWithin(1s));
  EXPECT_TRUE(body.ClosedWithin(7s));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 12s);
  EXPECT_TRUE(almost.ClosedWithin(2s));
}

TEST(RudeClients, FiveHundredIdleConnections) {
  RunningService service;
  std::vector<Client> idle = ConnectMany(service, 500);
  Beside(service, [&] {
    for (Client& client : idle) {
      client.Send(Get("/healthz"));
      EXPECT_EQ(client.Receive()->status, 200);
    }
    std::this_thread::sleep_for(300ms);
  });
  // And they are still there.
  for (Client& client : idle) {
    ASSERT_TRUE(client.Send(Get("/healthz")));
    EXPECT_EQ(client.Receive()->status, 200);
  }
}

TEST(RudeClients, TwoThousandConnections) {
  RunningService service;
  std::vector<Client> many = ConnectMany(service, 1990);
  Beside(service, [&] {
    const std::string request = Post("/mutate?timeout=5s", OrdinaryReview());
    for (Client& client : many) {
      ASSERT_TRUE(client.Send(request));
      const auto answer = client.Receive();
      ASSERT_TRUE(answer.has_value());
      EXPECT_EQ(answer->status, 200);
    }
  });
}

TEST(RudeClients, GarbageBeforeTls) {
  RunningService service;
  Beside(service, [&] {
    for (int i = 0; i < 300; ++i) {
      Client client(service.plain);
      client.Send(std::string(500, static_cast<char>(i)));
    }
  });
}

TEST(RudeClients, AThousandConnectionsOpenedAndDropped) {
  RunningService service;
  Beside(service, [&] {
    for (int i = 0; i < 1000; ++i) Client client(service.plain);
    for (int i = 0; i < 100; ++i) {
      Client client = service.Connect();
      client.Send("POST /mutate HTTP/1.1\r\nContent-Length: 9000\r\n\r\nabc");
    }
  });
}

TEST(RudeClients, SendersOfLargeBodiesThatStopShortOfTheEnd) {
  RunningService service;
  std::vector<Client> silent = ConnectMany(service, 7);
  Beside(service, [&] {
    const std::string almost =
        "POST /mutate HTTP/1.1\r\nContent-Length: 7340032\r\n\r\n" + std::string(7'340'000, ' ');
    for (Client& client : silent) client.Send(almost);
    std::this_thread::sleep_for(1500ms);
    // By now a large one takes the room of one that has stopped sending.
    const auto large = service.Ask(Post("/mutate", std::string(7U << 20, ' ')));
    ASSERT_TRUE(large.has_value());
    EXPECT_EQ(large->status, 400);
  });
}

TEST(RudeClients, MoreThan48MebibytesOfBodies) {
  RunningService service;
  std::vector<Client> large = ConnectMany(service, 8);
  const std::string head = "POST /mutate HTTP/1.1\r\nContent-Length: 7340032\r\n\r\n";
  int refused = 0;
  for (Client& client : large) {
    client.Send(head + std::string(7'340'000, ' '));  // all but its end
  }
  for (Client& client : large) {
    client.Send(std::string(32, ' '));
    const auto last = client.Receive();
    // One that was refused long ago may have missed why.
    if (!last.has_value() || last->status == 503) ++refused;
  }
  // Six of them fit.
  EXPECT_EQ(refused, 2);
  EXPECT_LT(service.program->PeakResidentBytes(), kMostMemory);
  large.clear();
  EXPECT_EQ(service.Ask(Post("/mutate", OrdinaryReview()))->status, 200);
}

}  // namespace
}  // namespace ballast::service_test
