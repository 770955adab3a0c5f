// A listening socket and how its address is written.
#pragma once

#include <string>
#include <string_view>

#include "policy/result.h"

namespace ballast::webhook {

struct ListenAddress {
  std::string host;  // empty: every address of this machine
  int port = 0;      // 0: one that is free

  bool operator==(const ListenAddress&) const = default;
};

// "127.0.0.1:8443", ":8443", "[::1]:8443", "localhost:0".
policy::Result<ListenAddress> ParseListenAddress(std::string_view text);

// Open and listening, non-blocking. The caller closes it.
struct Listener {
  int fd = -1;
  int port = 0;  // the real one
};
policy::Result<Listener> Listen(const ListenAddress& address);

}  // namespace ballast::webhook
