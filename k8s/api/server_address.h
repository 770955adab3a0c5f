// "https://[::1]:6443/prefix" taken apart.
#pragma once

#include <string>
#include <string_view>

#include "policy/result.h"

namespace ballast::k8s {

struct ServerAddress {
  std::string text;  // as people read it: "10.96.0.1:443"
  bool tls = true;
  std::string host;  // an address of IPv6 without its brackets
  int port = 443;
  std::string path;  // "", or "/prefix" without a slash at its end

  bool operator==(const ServerAddress&) const = default;
};

// The error has no `where`: the caller knows where the text stood.
policy::Result<ServerAddress> ParseServerAddress(std::string_view url);

}  // namespace ballast::k8s
