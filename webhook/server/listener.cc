#include "webhook/server/listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <memory>
#include <system_error>

#include "webhook/server/transport.h"

namespace ballast::webhook {
namespace {

using policy::Error;
using policy::Result;

std::string ErrnoText() { return std::generic_category().message(errno); }

int PortOf(int fd) {
  sockaddr_storage address{};
  socklen_t length = sizeof(address);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
  return address.ss_family == AF_INET6 ? ntohs(reinterpret_cast<sockaddr_in6*>(&address)->sin6_port)
                                       : ntohs(reinterpret_cast<sockaddr_in*>(&address)->sin_port);
}

// -1 with errno set where it can't be bound.
int Open(const addrinfo& where) {
  const int fd = socket(where.ai_family, where.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int on = 1;
  const int off = 0;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));  // inherited by what is accepted
  if (where.ai_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
  EnableArrivalTimes(fd);
  // A thousand clients that connect at once wait here and not for a second try of their own.
  constexpr int kBacklog = 4096;
  if (bind(fd, where.ai_addr, where.ai_addrlen) == 0 && listen(fd, kBacklog) == 0) return fd;
  const int saved = errno;
  close(fd);
  errno = saved;
  return -1;
}

}  // namespace

Result<ListenAddress> ParseListenAddress(std::string_view text) {
  const Error error{std::string(text),
                    "not an address to listen on; write ADDR:PORT, for example 127.0.0.1:8443, "
                    ":8443 or [::1]:8443"};
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return error;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']') && host.size() > 2) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find_first_of(":[]") != std::string_view::npos) {
    return error;
  }
  ListenAddress address{std::string(host), 0};
  const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (failed != std::errc() || end != port.data() + port.size() || address.port < 0 ||
      address.port > 65535) {
    return error;
  }
  return address;
}

Result<Listener> Listen(const ListenAddress& address) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  const std::string port = std::to_string(address.port);
  const std::string text = address.host + ":" + port;
  addrinfo* found = nullptr;
  // Every address: the IPv6 wildcard takes IPv4 as well, where the machine has IPv6 at all.
  const char* host = address.host.empty() ? nullptr : address.host.c_str();
  const int failed = getaddrinfo(host, port.c_str(), &hints, &found);
  if (failed != 0) return Error{text, std::string("cannot listen: ") + gai_strerror(failed)};
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, freeaddrinfo);
  int fd = -1;
  for (const int family : {AF_INET6, AF_INET}) {
    for (const addrinfo* at = found; at != nullptr && fd < 0; at = at->ai_next) {
      if (at->ai_family == family) fd = Open(*at);
    }
  }
  if (fd < 0) return Error{text, "cannot listen: " + ErrnoText()};
  return Listener{fd, PortOf(fd)};
}

}  // namespace ballast::webhook
