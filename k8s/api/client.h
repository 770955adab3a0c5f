// Speaks to the API server: JSON in and out over TLS that is verified, every answer bounded in size
// and time. Any number of threads may use one client; each call takes a connection of its own and
// gives it back. Errors are values; nothing is thrown.
//
//   ApiClient client(config);
//   const auto lease = client.Get("/apis/coordination.k8s.io/v1/namespaces/x/leases/ballast");
//   if (!lease && lease.error().not_found()) ...
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "k8s/api/api_result.h"
#include "k8s/api/config.h"

namespace ballast::k8s {

struct ApiClientOptions {
  std::chrono::milliseconds connect_timeout{5000};  // TCP, and TLS after it
  std::chrono::milliseconds read_timeout{30000};    // from one piece of an answer to the next
  size_t largest_body = size_t{4} << 20;            // of an answer that is not streamed
  std::string user_agent = "ballast";
};

enum class PatchType {
  kMerge,  // application/merge-patch+json
  kJson,   // application/json-patch+json: the body is an array
  kApply,  // application/apply-patch+yaml: the path ends in ?fieldManager=...&force=true
};

class ApiClient {
 public:
  explicit ApiClient(ApiConfig config, ApiClientOptions options = {});
  ~ApiClient();
  ApiClient(const ApiClient&) = delete;
  ApiClient& operator=(const ApiClient&) = delete;

  // `path` begins with a slash and may have a query, whose values are escaped with QueryValue. A
  // stop that is requested ends the call at once, with kStopped, from whichever thread it comes.
  ApiResult<nlohmann::json> Get(std::string_view path, const std::stop_token& stop = {});
  ApiResult<nlohmann::json> Post(std::string_view path, const nlohmann::json& body,
                                 const std::stop_token& stop = {});
  ApiResult<nlohmann::json> Put(std::string_view path, const nlohmann::json& body,
                                const std::stop_token& stop = {});
  ApiResult<nlohmann::json> Patch(std::string_view path, PatchType type, const nlohmann::json& body,
                                  const std::stop_token& stop = {});
  // `options`: metav1.DeleteOptions, or null.
  ApiResult<nlohmann::json> Delete(std::string_view path, const nlohmann::json& options = nullptr,
                                   const std::stop_token& stop = {});

  // GET, handing on the body's pieces as they come; never the body of an error. `receive` returns
  // false to end the call, which is no error. nullopt: the body ended, or receive ended it.
  struct Streaming {
    std::function<bool(std::string_view piece)> receive;
    std::chrono::milliseconds read_timeout{30000};
    std::string accept = "application/json";
  };
  std::optional<ApiError> Stream(std::string_view path, const Streaming& streaming,
                                 const std::stop_token& stop = {});

  const ApiConfig& config() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A value of a query, percent-encoded.
std::string QueryValue(std::string_view text);

}  // namespace ballast::k8s
