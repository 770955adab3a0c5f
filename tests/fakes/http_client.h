// A client for tests: raw bytes over TLS or plain TCP, each call bounded in time, so that a test
// can be as rude as it likes.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ballast::fakes {

struct ClientOptions {
  int port = 0;
  bool tls = true;
  std::string authority_pem;  // verified against, if not empty, for the name "localhost"
  std::string certificate_pem;
  std::string key_pem;
  int max_version = 0;  // of TLS, 0: the newest
  std::chrono::milliseconds timeout{5000};
};

struct Answer {
  int status = 0;
  std::string head;  // with its empty line
  std::string body;

  bool closes() const { return head.find("Connection: close\r\n") != std::string::npos; }
  bool has(std::string_view line) const { return head.find(line) != std::string::npos; }
};

class Client {
 public:
  explicit Client(const ClientOptions& options);  // connected() tells whether it worked
  ~Client();
  Client(Client&& other) noexcept;
  Client& operator=(Client&&) = delete;

  bool connected() const { return connected_; }
  // All of it, or false.
  bool Send(std::string_view bytes);
  // One whole answer; nullopt where the connection ended (or nothing came in time) before.
  std::optional<Answer> Receive();
  // Whether the server ended the connection within the time; what it sent before is thrown away.
  bool ClosedWithin(std::chrono::milliseconds time);
  // The peer's certificate: its SHA-256 fingerprint.
  std::string PeerFingerprint() const;
  int fd() const { return fd_; }

 private:
  bool Fill();

  int fd_ = -1;
  bool connected_ = false;
  std::shared_ptr<SSL_CTX> context_;
  SSL* ssl_ = nullptr;
  std::string received_;
};

std::string Post(std::string_view target, std::string_view body);
std::string Get(std::string_view target);
// Connects, asks once, ends.
std::optional<Answer> Ask(const ClientOptions& options, std::string_view request);

}  // namespace ballast::fakes
