#include "tests/bench/load.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <deque>
#include <memory>

namespace ballast::bench {
namespace {

using Clock = std::chrono::steady_clock;

// One keep-alive connection with at most one request under way.
class Connection {
 public:
  Connection(int port, SSL_CTX* context) {
    fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ssl_ = SSL_new(context);
    SSL_set_fd(ssl_, fd_);
    good_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&
            SSL_connect(ssl_) == 1;
    fcntl(fd_, F_SETFL, O_NONBLOCK);
  }
  ~Connection() {
    SSL_free(ssl_);
    close(fd_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int fd() const { return fd_; }
  bool good() const { return good_; }
  bool waiting() const { return waiting_; }
  Clock::time_point due() const { return due_; }
  const std::string& body() const { return body_; }

  void Send(const std::string& request, Clock::time_point due) {
    due_ = due;
    waiting_ = true;
    received_.clear();
    size_t done = 0;
    while (done < request.size() && good_) {
      size_t sent = 0;
      if (SSL_write_ex(ssl_, request.data() + done, request.size() - done, &sent) == 1) {
        done += sent;
      } else {
        good_ = SSL_get_error(ssl_, 0) == SSL_ERROR_WANT_WRITE;
      }
    }
  }

  // True once the answer is here as a whole; ok says whether it is a good one.
  bool Receive(bool& ok) {
    std::array<char, 16384> chunk;
    size_t got = 0;
    while (SSL_read_ex(ssl_, chunk.data(), chunk.size(), &got) == 1) {
      received_.append(chunk.data(), got);
      if (Complete()) {
        waiting_ = false;
        ok = received_.starts_with("HTTP/1.1 200");
        return true;
      }
    }
    const int error = SSL_get_error(ssl_, 0);
    ERR_clear_error();
    if (error == SSL_ERROR_WANT_READ) return false;
    good_ = false;
    waiting_ = false;
    ok = false;
    return true;
  }

 private:
  bool Complete() {
    const size_t end = received_.find("\r\n\r\n");
    const size_t at = received_.find("Content-Length: ");
    if (end == std::string::npos || at == std::string::npos) return false;
    size_t length = 0;
    std::from_chars(received_.data() + at + 16, received_.data() + end, length);
    if (received_.size() < end + 4 + length) return false;
    body_ = received_.substr(end + 4);
    return true;
  }

  int fd_ = -1;
  SSL* ssl_ = nullptr;
  bool good_ = false;
  bool waiting_ = false;
  Clock::time_point due_;
  std::string received_;
  std::string body_;
};

class Generator {
 public:
  explicit Generator(const Load& load) : load_(load) {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_options(context_.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
    for (size_t i = 0; i < load.connections; ++i) {
      all_.push_back(std::make_unique<Connection>(load.port, context_.get()));
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.ptr = all_.back().get();
      epoll_ctl(epoll_, EPOLL_CTL_ADD, all_.back()->fd(), &event);
      if (all_.back()->good()) free_.push_back(all_.back().get());
    }
  }
  ~Generator() { close(epoll_); }
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;

  Measured Run() {
    const auto start = Clock::now();
    const auto end = start + load_.time;
    next_ = start;
    while (Clock::now() < end || waiting_ > 0) {
      if (Clock::now() < end) Issue();
      Wait(0);
      if (Clock::now() > end + std::chrono::seconds(5)) break;
    }
    measured_.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    std::sort(measured_.micros.begin(), measured_.micros.end());
    return std::move(measured_);
  }

 private:
  void Issue() {
    const auto now = Clock::now();
    if (load_.per_second <= 0) {
      while (!free_.empty()) Start(now);
      return;
    }
    const auto step = std::chrono::nanoseconds(static_cast<int64_t>(1e9 / load_.per_second));
    while (next_ <= now && !free_.empty()) {
      Start(next_);
      next_ += step;
    }
  }

  void Start(Clock::time_point due) {
    // The one that was used last: as an API server takes its connections.
    Connection* connection = free_.back();
    free_.pop_back();
    connection->Send(load_.request, due);
    ++waiting_;
  }

  void Wait(int milliseconds) {
    std::array<epoll_event, 64> events{};
    const int count = epoll_wait(epoll_, events.data(), events.size(), milliseconds);
    for (int i = 0; i < count; ++i) {
      auto* connection = static_cast<Connection*>(events[static_cast<size_t>(i)].data.ptr);
      bool ok = false;
      if (!connection->waiting() || !connection->Receive(ok)) continue;
      --waiting_;
      ++(ok ? measured_.answered : measured_.failed);
      const std::chrono::duration<double, std::micro> time = Clock::now() - connection->due();
      measured_.micros.push_back(time.count());
      if (measured_.answer.empty()) measured_.answer = connection->body();
      if (connection->good()) free_.push_back(connection);
    }
  }

  struct FreeContext {
    void operator()(SSL_CTX* c) const { SSL_CTX_free(c); }
  };

  const Load& load_;
  std::unique_ptr<SSL_CTX, FreeContext> context_;
  const int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  std::vector<std::unique_ptr<Connection>> all_;
  std::vector<Connection*> free_;
  size_t waiting_ = 0;
  Clock::time_point next_;
  Measured measured_;
};

}  // namespace

double Measured::Percentile(double share) const {
  if (micros.empty()) return 0;
  return micros[static_cast<size_t>(share * static_cast<double>(micros.size() - 1))];
}

Measured Run(const Load& load) { return Generator(load).Run(); }

}  // namespace ballast::bench
