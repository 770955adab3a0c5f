#include "k8s/api/server_address.h"

#include <charconv>

namespace ballast::k8s {
namespace {

policy::Error Mistake(std::string_view url) {
  return {"", "the server \"" + std::string(url) +
                  "\" is no address: write https://HOST:PORT, with brackets around IPv6"};
}

// "host:port", "[::1]:port", "host"; false where it is neither.
bool TakeApart(std::string_view authority, ServerAddress& address) {
  std::string_view port;
  if (authority.starts_with('[')) {
    const size_t end = authority.find(']');
    if (end == std::string_view::npos) return false;
    address.host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
  } else {
    const size_t colon = authority.find(':');
    address.host = authority.substr(0, colon);
    port = colon == std::string_view::npos ? std::string_view() : authority.substr(colon);
  }
  if (address.host.empty()) return false;
  if (port.empty()) return true;
  if (!port.starts_with(':')) return false;
  port.remove_prefix(1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  return error == std::errc() && end == port.data() + port.size() && address.port > 0 &&
         address.port <= 65535;
}

}  // namespace

policy::Result<ServerAddress> ParseServerAddress(std::string_view url) {
  ServerAddress address;
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
    address.tls = false;
    address.port = 80;
  } else if (rest.find("://") != std::string_view::npos) {
    return Mistake(url);
  }
  const size_t slash = rest.find('/');
  const std::string_view authority = rest.substr(0, slash);
  if (authority.find_first_of("@?# \t\r\n") != std::string_view::npos) return Mistake(url);
  if (!TakeApart(authority, address)) return Mistake(url);
  if (slash != std::string_view::npos) {
    address.path = rest.substr(slash);
    while (address.path.ends_with('/')) address.path.pop_back();
    if (address.path.find_first_of("?# \t\r\n") != std::string::npos) return Mistake(url);
  }
  const bool brackets = address.host.find(':') != std::string::npos;
  address.text = (brackets ? "[" + address.host + "]" : address.host) + ":" +
                 std::to_string(address.port) + address.path;
  return address;
}

}  // namespace ballast::k8s
