#include "webhook/page/page_guard.h"

#include <algorithm>
#include <charconv>

namespace ballast::webhook {
namespace {

// "1" to "65535"; an empty one is no port.
bool IsPort(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port > 0 && port < 65536;
}

// "127.0.0.1": four numbers, the first of them 127.
bool IsLoopbackAddress(std::string_view text) {
  int parts = 0;
  bool first = true;
  while (true) {
    const size_t dot = text.find('.');
    const std::string_view part = text.substr(0, dot);
    int number = -1;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error != std::errc() || end != part.data() + part.size() || number < 0 || number > 255 ||
        part.size() > 3) {
      return false;
    }
    if (first && number != 127) return false;
    first = false;
    ++parts;
    if (dot == std::string_view::npos) break;
    text.remove_prefix(dot + 1);
  }
  return parts == 4;
}

bool EqualsIgnoringCase(std::string_view text, std::string_view lower_case) {
  return text.size() == lower_case.size() &&
         std::equal(text.begin(), text.end(), lower_case.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
         });
}

}  // namespace

bool IsLoopbackHost(std::string_view host) {
  std::string_view name = host;
  std::string_view port;
  const bool bracketed = host.starts_with('[');
  const size_t colon = bracketed ? host.find("]:") : host.find(':');
  if (colon != std::string_view::npos) {
    name = host.substr(0, bracketed ? colon + 1 : colon);
    port = host.substr(bracketed ? colon + 2 : colon + 1);
    if (!IsPort(port)) return false;
  }
  return name == "[::1]" || EqualsIgnoringCase(name, "localhost") || IsLoopbackAddress(name);
}

std::string_view WhyRefused(const PageRequestHeaders& headers) {
  if (!IsLoopbackHost(headers.host)) {
    return "this page is for localhost alone: use kubectl port-forward and open http://localhost";
  }
  const bool own = headers.fetch_site.empty() || headers.fetch_site == "same-origin";
  if (headers.method == "GET" || headers.method == "HEAD") {
    // By hand (none), or by a link from elsewhere, which shows the page and tells that site
    // nothing.
    if (own || headers.fetch_site == "none" || headers.fetch_mode == "navigate") return "";
    return "another site may not read this page";
  }
  if (!own) return "another site may not send to this page";
  if (headers.origin.empty()) {
    // No browser: those name the origin of whatever they send.
    return headers.fetch_site.empty() ? "" : "the request names no origin";
  }
  constexpr std::string_view kScheme = "http://";
  const bool same =
      headers.origin.starts_with(kScheme) && headers.origin.substr(kScheme.size()) == headers.host;
  return same ? "" : "another origin may not send to this page";
}

}  // namespace ballast::webhook
