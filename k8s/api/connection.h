// One connection to the API server, kept open from request to request. The only part that knows
// cpp-httplib. One thread at a time, but for Interrupt.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "k8s/api/api_result.h"
#include "k8s/api/config.h"

namespace ballast::k8s {

struct ConnectionOptions {
  std::chrono::milliseconds connect_timeout;
  std::string user_agent;
};

struct Call {
  std::string method;
  std::string path;
  std::string content_type;  // of the body; empty: there is none
  std::string body;
  std::string accept = "application/json";
  std::string authorization;  // the header's value; empty: not sent
  std::chrono::milliseconds read_timeout{30000};
  // The head is here, with its Retry-After (empty: none); false ends the call, which then is no
  // failure.
  std::function<bool(int status, const std::string& retry_after)> head;
  std::function<bool(std::string_view piece)> receive;
};

class Connection {
 public:
  // Reads certificates and keys as they are now; does not connect yet.
  static ApiResult<std::unique_ptr<Connection>> Make(const ApiConfig& config,
                                                     const ConnectionOptions& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Connects first where there is no connection (any more). The error is empty where the answer
  // came as a whole, or where head or receive ended it.
  std::string Send(const Call& call);
  // Whether the last call left the connection in a state to be used again.
  bool reusable() const;
  // Ends what is under way, now and for good; any thread, any time.
  void Interrupt();

 private:
  struct State;
  explicit Connection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ballast::k8s
