// A server on loopback with short limits, for the tests of what it serves and of what it ends.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "certs/issue.h"
#include "tests/fakes/http_client.h"
#include "webhook/server/http_server.h"

namespace ballast::webhook {

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

}  // namespace ballast::webhook
