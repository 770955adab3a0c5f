// One HTTP request and its answer, as a handler sees them.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ballast::webhook {

using Clock = std::chrono::steady_clock;

// So much capacity a body has to spare (what simdjson reads past the end).
constexpr size_t kBodyPadding = 64;

// The headers that some handler looks at, as sent; empty where there is none, or more than one.
struct RequestHeaders {
  std::string host;
  std::string origin;
  std::string fetch_site;  // Sec-Fetch-Site
  std::string fetch_mode;  // Sec-Fetch-Mode
  std::string content_type;
};

struct HttpRequest {
  std::string_view method;  // "GET", "POST", ...
  std::string_view path;    // decoded, without the query
  std::string_view query;   // behind the '?', as sent
  std::string& body;        // the handler's to change
  std::string_view peer;    // "10.0.0.1:43210"
  Clock::time_point arrival;
  Clock::time_point deadline = Clock::time_point::max();  // arrival + ?timeout=, where given
  RequestHeaders headers = {};
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers = {};  // besides what every answer has
};

// Called by several threads at once. The request lives as long as the call.
using HttpHandler = std::function<void(const HttpRequest&, HttpResponse&)>;

}  // namespace ballast::webhook
