#include "webhook/server/transport.h"

#include <openssl/err.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

namespace ballast::webhook {
namespace {

// The kernel's clock is the wall clock: a time in the future or absurdly old means that it was set
// meanwhile, and then the bytes count as having come just now.
Clock::time_point ArrivalOf(const timespec& stamp) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  const auto age = std::chrono::seconds(now.tv_sec - stamp.tv_sec) +
                   std::chrono::nanoseconds(now.tv_nsec - stamp.tv_nsec);
  const bool sane = age >= std::chrono::nanoseconds(0) && age < std::chrono::minutes(10);
  return Clock::now() - (sane ? age : std::chrono::nanoseconds(0));
}

// recv with the time at which the bytes came.
ssize_t Receive(Socket& socket, char* data, size_t size) {
  alignas(cmsghdr) char control[128];
  iovec part{data, size};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  const ssize_t got = recvmsg(socket.fd, &message, MSG_DONTWAIT);
  if (got <= 0) return got;
  socket.received = Clock::time_point();
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec stamp{};
    std::memcpy(&stamp, CMSG_DATA(c), sizeof(stamp));
    socket.received = ArrivalOf(stamp);
  }
  if (socket.received == Clock::time_point()) socket.received = Clock::now();
  return got;
}

ssize_t Send(const Socket& socket, const char* data, size_t size) {
  return send(socket.fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
}

bool IsTransient() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

int BioRead(BIO* bio, char* data, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t got =
      Receive(*static_cast<Socket*>(BIO_get_data(bio)), data, static_cast<size_t>(size));
  if (got < 0 && IsTransient()) BIO_set_retry_read(bio);
  return static_cast<int>(got);
}

int BioWrite(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t sent =
      Send(*static_cast<const Socket*>(BIO_get_data(bio)), data, static_cast<size_t>(size));
  if (sent < 0 && IsTransient()) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

long BioControl(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BIO* MakeBio(Socket* socket) {
  static BIO_METHOD* method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "ballast socket");
    BIO_meth_set_read(made, BioRead);
    BIO_meth_set_write(made, BioWrite);
    BIO_meth_set_ctrl(made, BioControl);
    return made;
  }();
  BIO* bio = BIO_new(method);
  BIO_set_data(bio, socket);
  BIO_set_init(bio, 1);
  return bio;
}

IoResult PlainResult(ssize_t count, IoStatus again) {
  if (count > 0) return {IoStatus::kDone, static_cast<size_t>(count)};
  if (count < 0 && IsTransient()) return {again, 0};
  return {IoStatus::kEnd, 0};
}

}  // namespace

Transport::Transport(int fd, SSL* ssl) : socket_(std::make_unique<Socket>()), ssl_(ssl) {
  socket_->fd = fd;
  if (ssl_ == nullptr) return;
  BIO* bio = MakeBio(socket_.get());
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_accept_state(ssl_.get());
}

Transport::~Transport() {
  ssl_.reset();
  close(socket_->fd);
}

IoResult Transport::Failed(int returned) {
  switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_WANT_READ:
      return {IoStatus::kWantRead, 0};
    case SSL_ERROR_WANT_WRITE:
      return {IoStatus::kWantWrite, 0};
    default:
      break;
  }
  const int reason = ERR_GET_REASON(ERR_peek_error());
  ERR_clear_error();
  return {reason == SSL_R_HTTP_REQUEST ? IoStatus::kPlainHttp : IoStatus::kEnd, 0};
}

IoResult Transport::Handshake() {
  if (ssl_ == nullptr) return {IoStatus::kDone, 0};
  ERR_clear_error();
  const int done = SSL_do_handshake(ssl_.get());
  return done == 1 ? IoResult{IoStatus::kDone, 0} : Failed(done);
}

IoResult Transport::Read(char* data, size_t size) {
  if (ssl_ == nullptr) return PlainResult(Receive(*socket_, data, size), IoStatus::kWantRead);
  ERR_clear_error();
  size_t got = 0;
  const int done = SSL_read_ex(ssl_.get(), data, size, &got);
  return done == 1 ? IoResult{IoStatus::kDone, got} : Failed(done);
}

IoResult Transport::Write(std::string_view data) {
  if (ssl_ == nullptr) {
    return PlainResult(Send(*socket_, data.data(), data.size()), IoStatus::kWantWrite);
  }
  ERR_clear_error();
  size_t sent = 0;
  const int done = SSL_write_ex(ssl_.get(), data.data(), data.size(), &sent);
  return done == 1 ? IoResult{IoStatus::kDone, sent} : Failed(done);
}

bool Transport::HasBuffered() const { return ssl_ != nullptr && SSL_has_pending(ssl_.get()) == 1; }

void Transport::EndWriting() {
  if (ssl_ != nullptr && SSL_is_init_finished(ssl_.get()) == 1) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  shutdown(socket_->fd, SHUT_WR);
}

IoResult Transport::Discard(char* scratch, size_t size) {
  return PlainResult(recv(socket_->fd, scratch, size, MSG_DONTWAIT), IoStatus::kWantRead);
}

void Transport::WritePlain(std::string_view data) { Send(*socket_, data.data(), data.size()); }

void EnableArrivalTimes(int listening_fd) {
  const int on = 1;
  // Without it (an odd kernel) a request counts as having come when it is read.
  static_cast<void>(setsockopt(listening_fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)));
}

}  // namespace ballast::webhook
