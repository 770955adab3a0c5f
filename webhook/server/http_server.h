// An HTTPS server that no client can slow down for another: a few threads wait on all connections
// at once, each request is handled when it is here as a whole, and every connection has a deadline
// and a share of memory at any time. It knows nothing of admission.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "certs/tls_context.h"
#include "policy/result.h"
#include "webhook/server/connection.h"
#include "webhook/server/connection_table.h"
#include "webhook/server/http_message.h"
#include "webhook/server/listener.h"

namespace ballast::webhook {

struct HttpServerOptions {
  ListenAddress listen;
  bool tls = true;
  ConnectionLimits limits;
  // Beyond it the connection that has been idle longest makes room for a new one; where none is
  // idle the new one is closed.
  uint32_t max_connections = 2500;
  bool wants_headers = false;  // HttpRequest::headers is filled
  unsigned threads = 0;        // 0: twice the processors, at least 8
};

class HttpServer {
 public:
  using Refused = std::function<void(int status, std::string_view reason, std::string_view peer)>;

  // Listens and serves from here on. `context` may be null only without TLS.
  static policy::Result<std::unique_ptr<HttpServer>> Start(
      HttpServerOptions options, HttpHandler handler, Refused on_refused,
      std::shared_ptr<const certs::TlsContext> context);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  int port() const { return port_; }

  // New connections use it; those that are there go on with the old one.
  void SetTls(std::shared_ptr<const certs::TlsContext> context);

  // From now on every answer says Connection: close. Connections are still accepted.
  void StartDraining() { shared_.draining.store(true); }
  // Takes no new connections; what has come before is served.
  void StopAccepting();
  // Ends all connections and threads. A request whose answer is not written yet is lost: wait for
  // busy() to be 0 first.
  void Stop();

  int64_t connections() const { return table_.size(); }
  int64_t busy() const { return shared_.busy.load(); }
  uint64_t requests() const { return shared_.requests.load(); }
  uint64_t accepted() const { return accepted_.load(); }
  uint64_t turned_away() const { return turned_away_.load(); }
  uint64_t handshakes_failed() const { return shared_.handshakes_failed.load(); }
  int64_t bytes_in_flight() const { return shared_.in_flight.used(); }

 private:
  HttpServer(const HttpServerOptions& options, HttpHandler handler, Refused on_refused);

  bool Begin(const Listener& listener);
  void Work();
  void KeepTime();
  bool AcceptMany();
  void Accept(int fd, const std::string& peer);
  void Run(uint32_t slot);
  void PassOn(uint32_t slot);
  void Arm(int fd, uint64_t token, uint32_t events, int operation) const;
  void Expire(Clock::time_point now);
  bool EvictIdle(Clock::time_point now);
  bool EndSlowRequest(int64_t missing, Clock::time_point now);

  const HttpServerOptions options_;
  ConnectionShared shared_;
  ConnectionTable table_;
  std::mutex context_mutex_;
  std::shared_ptr<const certs::TlsContext> context_;
  int epoll_ = -1;
  int wake_ = -1;
  std::mutex listener_mutex_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<uint64_t> accepted_{0};
  std::atomic<uint64_t> turned_away_{0};
  std::vector<std::thread> threads_;
};

}  // namespace ballast::webhook
