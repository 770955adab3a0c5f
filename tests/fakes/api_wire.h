// One connection of the fake API server: bytes in and out, over TLS or plain.
#pragma once

#include <openssl/ssl.h>

#include <optional>
#include <string>
#include <string_view>

#include "tests/fakes/api_server.h"

namespace ballast::fakes {

class ApiServer::Wire {
 public:
  // Owns the socket. `tls` null: plain.
  Wire(int socket, const certs::TlsContext* tls);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  bool Handshake();
  std::optional<ApiRequest> Receive();
  bool Send(std::string_view bytes);
  bool SendChunk(std::string_view bytes);
  // A whole answer in JSON.
  bool SendJson(int status, std::string_view body);
  bool SendStatus(int status, const std::string& reason, const std::string& message);
  int socket() const { return socket_; }

 private:
  bool Fill();

  int socket_;
  SSL* ssl_ = nullptr;
  std::string received_;
};

std::string DecodeQuery(std::string_view text);

}  // namespace ballast::fakes
