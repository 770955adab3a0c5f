#include "k8s/api/client.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "k8s/api/connection.h"
#include "k8s/json_text.h"

namespace ballast::k8s {
namespace {

using nlohmann::json;

constexpr size_t kLargestStatus = size_t{64} << 10;
constexpr size_t kMostIdle = 4;

std::string_view ContentType(PatchType type) {
  switch (type) {
    case PatchType::kJson:
      return "application/json-patch+json";
    case PatchType::kApply:
      return "application/apply-patch+yaml";
    case PatchType::kMerge:
      break;
  }
  return "application/merge-patch+json";
}

std::string TextOf(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// The server's Status object, or what can be said without one (a proxy's page, for example).
ApiError ErrorOf(int status, const std::string& body) {
  ApiError error;
  error.status = status;
  const json parsed = ParseJson(body);
  if (parsed.is_object()) {
    error.reason = TextOf(parsed, "reason");
    error.message = TextOf(parsed, "message");
    const auto metadata = parsed.find("metadata");
    if (error.gone() && metadata != parsed.end() && metadata->is_object()) {
      error.next = TextOf(*metadata, "continue");
    }
  }
  if (error.message.empty()) {
    constexpr size_t kShown = 200;
    error.message = body.substr(0, kShown);
  }
  return error;
}

// Seconds, as an API server writes it; a date is not waited for.
std::chrono::seconds ReadRetryAfter(const std::string& text) {
  constexpr int64_t kLongest = 60;
  int64_t seconds = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc() || stopped != end || seconds < 0) return {};
  return std::chrono::seconds(std::min(seconds, kLongest));
}

// The header that says who we are; empty: a certificate does, or nothing.
policy::Result<std::string> Authorization(const ApiConfig& config) {
  if (config.token.empty()) return std::string();
  auto token = config.token.Read();
  if (!token) return token.error();
  // Files end in a line end; nothing else but a token may go into a head.
  token->erase(token->find_last_not_of(" \t\r\n") + 1);
  const bool plain = std::all_of(token->begin(), token->end(),
                                 [](unsigned char c) { return c > 0x20 && c < 0x7F; });
  if (token->empty() || !plain) {
    const std::string where =
        config.token.text.empty() ? config.token.file.string() : config.origin;
    return policy::Error{where, "holds no token"};
  }
  return "Bearer " + *token;
}

}  // namespace

std::string Describe(const ApiError& error) {
  if (error.status == 0) return error.message;
  std::string text = "the API server answered " + std::to_string(error.status);
  if (!error.reason.empty()) text += " " + error.reason;
  if (!error.message.empty()) text += ": " + error.message;
  return text;
}

struct ApiClient::State {
  ApiConfig config;
  ApiClientOptions options;
  std::mutex mutex;
  std::vector<std::unique_ptr<Connection>> idle;  // under mutex

  std::unique_ptr<Connection> TakeIdle() {
    const std::scoped_lock lock(mutex);
    if (idle.empty()) return nullptr;
    auto connection = std::move(idle.back());
    idle.pop_back();
    return connection;
  }
  void GiveBack(std::unique_ptr<Connection> connection) {
    const std::scoped_lock lock(mutex);
    if (idle.size() < kMostIdle) idle.push_back(std::move(connection));
  }

  std::optional<ApiError> Send(Call call, const std::stop_token& stop);
  ApiResult<json> Ask(std::string_view method, std::string_view path, std::string_view content_type,
                      const json* body, const std::stop_token& stop);
};

// Sends a call whose pieces go to call.receive where the status is good.
std::optional<ApiError> ApiClient::State::Send(Call call, const std::stop_token& stop) {
  if (stop.stop_requested()) return ApiError{0, std::string(kStopped), "stopped"};
  const auto authorization = Authorization(config);
  if (!authorization) {
    return ApiError{0, std::string(kMisconfigured),
                    authorization.error().where + ": " + authorization.error().what};
  }
  call.authorization = *authorization;
  int status = 0;
  std::string retry_after;
  std::string failure_body;
  const auto receive = std::move(call.receive);
  call.head = [&](int got, const std::string& retry) {
    status = got;
    retry_after = retry;
    return true;
  };
  call.receive = [&](std::string_view piece) {
    if (status >= 200 && status < 300) return receive(piece);
    failure_body.append(piece.substr(0, kLargestStatus - failure_body.size()));
    return failure_body.size() < kLargestStatus;
  };
  std::unique_ptr<Connection> connection = TakeIdle();
  while (true) {
    const bool reused = connection != nullptr;
    if (!reused) {
      auto made = Connection::Make(config, {options.connect_timeout, options.user_agent});
      if (!made) return made.error();
      connection = *std::move(made);
    }
    std::string failure;
    {
      const std::stop_callback interrupt(stop, [&] { connection->Interrupt(); });
      failure = connection->Send(call);
    }
    if (stop.stop_requested()) return ApiError{0, std::string(kStopped), "stopped"};
    if (failure.empty() && status != 0) {
      if (connection->reusable()) GiveBack(std::move(connection));
      if (status >= 200 && status < 300) return std::nullopt;
      ApiError error = ErrorOf(status, failure_body);
      error.retry_after = ReadRetryAfter(retry_after);
      return error;
    }
    // An idle connection that the server had closed by then: reading may be tried on a new one.
    if (!reused || status != 0 || call.method != "GET") {
      return ApiError{0, std::string(kUnreachable), failure};
    }
    connection = nullptr;
  }
}

ApiResult<json> ApiClient::State::Ask(std::string_view method, std::string_view path,
                                      std::string_view content_type, const json* body,
                                      const std::stop_token& stop) {
  Call call;
  call.method = method;
  call.path = path;
  call.read_timeout = options.read_timeout;
  if (body != nullptr) {
    call.content_type = content_type;
    // A string that is not UTF-8 is ours; it must not throw.
    call.body = PrintJson(*body);
  }
  std::string answer;
  bool too_large = false;
  call.receive = [&](std::string_view piece) {
    too_large = answer.size() + piece.size() > options.largest_body;
    if (!too_large) answer.append(piece);
    return !too_large;
  };
  if (auto error = Send(std::move(call), stop)) return *std::move(error);
  if (too_large) {
    return ApiError{0, std::string(kTooLarge),
                    "the answer to " + std::string(path) + " is larger than " +
                        std::to_string(options.largest_body) + " bytes"};
  }
  json parsed = ParseJson(answer);
  if (parsed.is_discarded()) {
    return ApiError{0, std::string(kMalformed),
                    "the answer to " + std::string(path) + " is not JSON"};
  }
  return parsed;
}

ApiClient::ApiClient(ApiConfig config, ApiClientOptions options)
    : state_(std::make_unique<State>()) {
  state_->config = std::move(config);
  state_->options = std::move(options);
}

ApiClient::~ApiClient() = default;

ApiResult<json> ApiClient::Get(std::string_view path, const std::stop_token& stop) {
  return state_->Ask("GET", path, {}, nullptr, stop);
}

ApiResult<json> ApiClient::Post(std::string_view path, const json& body,
                                const std::stop_token& stop) {
  return state_->Ask("POST", path, "application/json", &body, stop);
}

ApiResult<json> ApiClient::Put(std::string_view path, const json& body,
                               const std::stop_token& stop) {
  return state_->Ask("PUT", path, "application/json", &body, stop);
}

ApiResult<json> ApiClient::Patch(std::string_view path, PatchType type, const json& body,
                                 const std::stop_token& stop) {
  return state_->Ask("PATCH", path, ContentType(type), &body, stop);
}

ApiResult<json> ApiClient::Delete(std::string_view path, const json& options,
                                  const std::stop_token& stop) {
  return state_->Ask("DELETE", path, "application/json", options.is_null() ? nullptr : &options,
                     stop);
}

std::optional<ApiError> ApiClient::Stream(std::string_view path, const Streaming& streaming,
                                          const std::stop_token& stop) {
  Call call;
  call.method = "GET";
  call.path = path;
  call.accept = streaming.accept;
  call.read_timeout = streaming.read_timeout;
  call.receive = streaming.receive;
  return state_->Send(std::move(call), stop);
}

const ApiConfig& ApiClient::config() const { return state_->config; }

std::string QueryValue(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += kHex[byte >> 4];
      encoded += kHex[byte & 15];
    }
  }
  return encoded;
}

}  // namespace ballast::k8s
