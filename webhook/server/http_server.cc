#include "webhook/server/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace ballast::webhook {
namespace {

// Slots' tokens have a slot number below these in their lower half.
constexpr uint64_t kListenerToken = 0xffffffff;
constexpr uint64_t kWakeToken = 0xfffffffe;

// How exactly deadlines are kept.
constexpr std::chrono::milliseconds kTick{100};

std::string PeerText(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    const auto& in = reinterpret_cast<const sockaddr_in&>(address);
    inet_ntop(AF_INET, &in.sin_addr, text.data(), text.size());
    return std::string(text.data()) + ":" + std::to_string(ntohs(in.sin_port));
  }
  const auto& in = reinterpret_cast<const sockaddr_in6&>(address);
  inet_ntop(AF_INET6, &in.sin6_addr, text.data(), text.size());
  return "[" + std::string(text.data()) + "]:" + std::to_string(ntohs(in.sin6_port));
}

unsigned ThreadsOr(unsigned wanted) {
  return wanted != 0 ? wanted : std::max(8U, 2 * std::thread::hardware_concurrency());
}

}  // namespace

HttpServer::HttpServer(const HttpServerOptions& options, HttpHandler handler, Refused on_refused)
    : options_(options), shared_(options.limits), table_(options.max_connections) {
  shared_.handler = std::move(handler);
  shared_.wants_headers = options.wants_headers;
  shared_.on_refused = std::move(on_refused);
  shared_.end_slow_request = [this](int64_t missing, Clock::time_point now) {
    return EndSlowRequest(missing, now);
  };
}

policy::Result<std::unique_ptr<HttpServer>> HttpServer::Start(
    HttpServerOptions options, HttpHandler handler, Refused on_refused,
    std::shared_ptr<const certs::TlsContext> context) {
  const auto listener = Listen(options.listen);
  if (!listener.ok()) return listener.error();
  std::unique_ptr<HttpServer> server(
      new HttpServer(options, std::move(handler), std::move(on_refused)));
  server->context_ = std::move(context);
  if (!server->Begin(*listener)) {
    return policy::Error{"", "cannot serve: " + std::generic_category().message(errno)};
  }
  return server;
}

bool HttpServer::Begin(const Listener& listener) {
  listener_ = listener.fd;
  port_ = listener.port;
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  wake_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (epoll_ < 0 || wake_ < 0) return false;
  Arm(wake_, kWakeToken, EPOLLIN, EPOLL_CTL_ADD);
  Arm(listener_, kListenerToken, EPOLLIN | EPOLLONESHOT, EPOLL_CTL_ADD);
  for (unsigned i = 0; i < ThreadsOr(options_.threads); ++i) {
    threads_.emplace_back([this] { Work(); });
  }
  threads_.emplace_back([this] { KeepTime(); });
  return true;
}

HttpServer::~HttpServer() {
  Stop();
  if (listener_ >= 0) close(listener_);
  if (epoll_ >= 0) close(epoll_);
  if (wake_ >= 0) close(wake_);
}

void HttpServer::SetTls(std::shared_ptr<const certs::TlsContext> context) {
  const std::scoped_lock lock(context_mutex_);
  context_ = std::move(context);
}

void HttpServer::StopAccepting() {
  const std::scoped_lock lock(listener_mutex_);
  if (listener_ < 0) return;
  // Connections that the kernel made already are taken, or their clients would see them break.
  listen(listener_, 0);
  while (AcceptMany()) {
  }
  close(listener_);
  listener_ = -1;
}

void HttpServer::Stop() {
  if (stopping_.exchange(true)) return;
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof(one));
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  for (uint32_t slot = 0; slot < table_.capacity(); ++slot) {
    if (table_.ClaimParked(slot)) table_.Free(slot);
  }
}

void HttpServer::Arm(int fd, uint64_t token, uint32_t events, int operation) const {
  epoll_event event{};
  event.events = events;
  event.data.u64 = token;
  epoll_ctl(epoll_, operation, fd, &event);
}

void HttpServer::Work() {
  while (true) {
    epoll_event event{};
    const int count = epoll_wait(epoll_, &event, 1, -1);
    if (count < 1) continue;  // a signal that is none of ours
    const uint64_t token = event.data.u64;
    if (token == kWakeToken) return;
    uint32_t slot = 0;
    if (token == kListenerToken) {
      const std::scoped_lock lock(listener_mutex_);
      if (listener_ < 0) continue;
      AcceptMany();
      Arm(listener_, kListenerToken, EPOLLIN | EPOLLONESHOT, EPOLL_CTL_MOD);
    } else if (table_.ClaimForEvent(token, slot)) {
      Run(slot);
    }
  }
}

// The caller holds listener_mutex_. True: there may be more.
bool HttpServer::AcceptMany() {
  constexpr int kAtOnce = 256;
  for (int i = 0; i < kAtOnce; ++i) {
    sockaddr_storage address{};
    socklen_t length = sizeof(address);
    const int fd = accept4(listener_, reinterpret_cast<sockaddr*>(&address), &length,
                           SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      // Out of file descriptors: the idle give theirs up, and the next event tries again.
      if (errno == EMFILE || errno == ENFILE) EvictIdle(Clock::now());
      return false;
    }
    accepted_.fetch_add(1, std::memory_order_relaxed);
    Accept(fd, PeerText(address));
  }
  return true;
}

void HttpServer::Accept(int fd, const std::string& peer) {
  const Clock::time_point now = Clock::now();
  uint32_t slot = 0;
  if (!table_.Allocate(slot) && !(EvictIdle(now) && table_.Allocate(slot))) {
    turned_away_.fetch_add(1, std::memory_order_relaxed);
    close(fd);
    return;
  }
  SSL* ssl = nullptr;
  if (options_.tls) {
    std::shared_ptr<const certs::TlsContext> context;
    {
      const std::scoped_lock lock(context_mutex_);
      context = context_;
    }
    ssl = context->NewConnection();
  }
  if (options_.tls && ssl == nullptr) {
    close(fd);
    table_.Free(slot);
    return;
  }
  table_.at(slot) = std::make_unique<Connection>(fd, ssl, peer, shared_, now);
  Arm(fd, table_.TokenOf(slot), EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, EPOLL_CTL_ADD);
  if (!table_.Park(slot)) PassOn(slot);
}

// Parks a connection that another thread is to go on with at once, for who holds a lock or is at
// a connection of its own. Whatever it waited for is waited for again.
void HttpServer::PassOn(uint32_t slot) {
  do {
    Arm(table_.at(slot)->fd(), table_.TokenOf(slot), EPOLLIN | EPOLLRDHUP | EPOLLOUT | EPOLLONESHOT,
        EPOLL_CTL_MOD);
  } while (!table_.Park(slot));
}

// Goes on with a connection that this thread owns until it has to wait.
void HttpServer::Run(uint32_t slot) {
  Connection& connection = *table_.at(slot);
  do {
    const Want want = connection.Advance(Clock::now());
    if (want == Want::kClose) {
      table_.Free(slot);
      return;
    }
    // To yield is to wait for what is the case already: being writable.
    const uint32_t events =
        want == Want::kRead ? uint32_t{EPOLLIN | EPOLLRDHUP} : uint32_t{EPOLLOUT};
    // Armed while it is still owned: once it is parked another thread may end it at any moment,
    // and its number may then name another connection.
    Arm(connection.fd(), table_.TokenOf(slot), events | EPOLLONESHOT, EPOLL_CTL_MOD);
  } while (!table_.Park(slot));
}

void HttpServer::KeepTime() {
  while (!stopping_.load()) {
    std::this_thread::sleep_for(kTick);
    Expire(Clock::now());
  }
}

void HttpServer::Expire(Clock::time_point now) {
  for (uint32_t slot = 0; slot < table_.capacity(); ++slot) {
    if (table_.deadline(slot) > now || !table_.ClaimParked(slot)) continue;
    Connection& connection = *table_.at(slot);
    if (connection.deadline() > now) {  // claimed and parked again meanwhile
      if (!table_.Park(slot)) Run(slot);
      continue;
    }
    if (connection.OnDeadline(now) == Want::kClose) {
      table_.Free(slot);
    } else {
      Run(slot);
    }
  }
}

// Ends the connection that has been idle longest, if it has been for a moment at least.
bool HttpServer::EvictIdle(Clock::time_point now) {
  constexpr std::chrono::seconds kAtLeast{1};
  uint32_t oldest = table_.capacity();
  Clock::time_point since = now - kAtLeast;
  for (uint32_t slot = 0; slot < table_.capacity(); ++slot) {
    const auto parked = table_.parked(slot);
    if (!parked.has_value() || !parked->idle || parked->since >= since) continue;
    since = parked->since;
    oldest = slot;
  }
  if (oldest == table_.capacity() || !table_.ClaimParked(oldest)) return false;
  if (!table_.at(oldest)->idle()) {
    if (!table_.Park(oldest)) PassOn(oldest);
    return false;
  }
  table_.Free(oldest);
  return true;
}

// Ends the request that holds most among those that have been coming for a while: so few are ended,
// and a slow sender of a small body is the last of them. True also where that one went on just now:
// then the caller finds room, or another one.
bool HttpServer::EndSlowRequest(int64_t missing, Clock::time_point now) {
  const Clock::time_point begun = now - options_.limits.patience;
  uint32_t largest = table_.capacity();
  int64_t held = 0;
  int64_t all_held = 0;
  for (uint32_t slot = 0; slot < table_.capacity(); ++slot) {
    const auto parked = table_.parked(slot);
    if (!parked.has_value() || parked->since > begun) continue;
    all_held += parked->held;
    if (parked->held <= held) continue;
    held = parked->held;
    largest = slot;
  }
  if (largest == table_.capacity() || all_held < missing) return false;
  if (!table_.ClaimParked(largest)) return true;
  Connection& connection = *table_.at(largest);
  const bool still = connection.held() > 0 && connection.since() <= begun;
  if (still && connection.GiveWay(now) == Want::kClose) {
    table_.Free(largest);
  } else {
    PassOn(largest);
  }
  return true;
}

}  // namespace ballast::webhook
