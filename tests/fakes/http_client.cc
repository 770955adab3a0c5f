#include "tests/fakes/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <utility>

#include "certs/openssl_ptr.h"

namespace ballast::fakes {
namespace {

std::shared_ptr<SSL_CTX> MakeContext(const ClientOptions& options) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (options.max_version != 0) {
    // What is refused must be refused by the server.
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), options.max_version);
  }
  SSL_CTX_set_options(context.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
  if (!options.authority_pem.empty()) {
    const certs::CertificatePtr authority(
        PEM_read_bio_X509(certs::ReadFrom(options.authority_pem).get(), nullptr, nullptr, nullptr));
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), authority.get());
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  }
  if (!options.certificate_pem.empty()) {
    const certs::CertificatePtr certificate(PEM_read_bio_X509(
        certs::ReadFrom(options.certificate_pem).get(), nullptr, nullptr, nullptr));
    const certs::KeyPtr key(
        PEM_read_bio_PrivateKey(certs::ReadFrom(options.key_pem).get(), nullptr, nullptr, nullptr));
    SSL_CTX_use_certificate(context.get(), certificate.get());
    SSL_CTX_use_PrivateKey(context.get(), key.get());
  }
  return context;
}

timeval Timeval(std::chrono::milliseconds time) {
  timeval value{};
  value.tv_sec = static_cast<time_t>(time.count() / 1000);
  value.tv_usec = static_cast<suseconds_t>(time.count() % 1000 * 1000);
  return value;
}

}  // namespace

Client::Client(const ClientOptions& options) {
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval time = Timeval(options.timeout);
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time));
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time));
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(options.port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) return;
  if (!options.tls) {
    connected_ = true;
    return;
  }
  context_ = MakeContext(options);
  ssl_ = SSL_new(context_.get());
  SSL_set_fd(ssl_, fd_);
  SSL_set_tlsext_host_name(ssl_, "localhost");
  if (!options.authority_pem.empty()) SSL_set1_host(ssl_, "localhost");
  ERR_clear_error();
  connected_ = SSL_connect(ssl_) == 1;
}

Client::Client(Client&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      connected_(other.connected_),
      context_(std::move(other.context_)),
      ssl_(std::exchange(other.ssl_, nullptr)),
      received_(std::move(other.received_)) {}

Client::~Client() {
  SSL_free(ssl_);
  if (fd_ >= 0) close(fd_);
}

bool Client::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    size_t sent = 0;
    if (ssl_ != nullptr) {
      ERR_clear_error();
      if (SSL_write_ex(ssl_, bytes.data(), bytes.size(), &sent) != 1) return false;
    } else {
      const ssize_t count = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      sent = static_cast<size_t>(count);
    }
    bytes.remove_prefix(sent);
  }
  return true;
}

bool Client::Fill() {
  std::array<char, 16384> chunk;
  size_t got = 0;
  if (ssl_ != nullptr) {
    ERR_clear_error();
    if (SSL_read_ex(ssl_, chunk.data(), chunk.size(), &got) != 1) return false;
  } else {
    const ssize_t count = recv(fd_, chunk.data(), chunk.size(), 0);
    if (count <= 0) return false;
    got = static_cast<size_t>(count);
  }
  received_.append(chunk.data(), got);
  return true;
}

std::optional<Answer> Client::Receive() {
  Answer answer;
  size_t end = 0;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return std::nullopt;
  }
  answer.head = received_.substr(0, end + 4);
  received_.erase(0, end + 4);
  if (answer.head.size() < 12) return std::nullopt;
  std::from_chars(answer.head.data() + 9, answer.head.data() + 12, answer.status);
  if (answer.status == 100) return answer;
  const size_t at = answer.head.find("Content-Length: ");
  if (at == std::string::npos) return std::nullopt;  // every answer has one
  size_t length = 0;
  std::from_chars(answer.head.data() + at + 16, answer.head.data() + answer.head.size(), length);
  while (received_.size() < length) {
    if (!Fill()) return std::nullopt;
  }
  answer.body = received_.substr(0, length);
  received_.erase(0, length);
  return answer;
}

bool Client::ClosedWithin(std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  std::array<char, 4096> chunk;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    pollfd waiting{fd_, POLLIN, 0};
    if (left.count() <= 0 || poll(&waiting, 1, static_cast<int>(left.count())) <= 0) return false;
    if (recv(fd_, chunk.data(), chunk.size(), MSG_DONTWAIT) <= 0) return true;
  }
}

std::string Client::PeerFingerprint() const {
  const certs::CertificatePtr peer(SSL_get1_peer_certificate(ssl_));
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  X509_digest(peer.get(), EVP_sha256(), digest.data(), &length);
  std::string text;
  for (unsigned int i = 0; i < length; ++i) {
    text += "0123456789abcdef"[digest[i] >> 4];
    text += "0123456789abcdef"[digest[i] & 15];
  }
  return text;
}

std::string Post(std::string_view target, std::string_view body) {
  std::string request = "POST " + std::string(target) +
                        " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        "Accept-Encoding: gzip\r\nUser-Agent: kube-apiserver-admission\r\n"
                        "Content-Length: " +
                        std::to_string(body.size()) + "\r\n\r\n";
  request += body;
  return request;
}

std::string Get(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

std::optional<Answer> Ask(const ClientOptions& options, std::string_view request) {
  Client client(options);
  if (!client.connected() || !client.Send(request)) return std::nullopt;
  return client.Receive();
}

}  // namespace ballast::fakes
