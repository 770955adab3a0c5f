#include "tests/fakes/api_wire.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace ballast::fakes {
namespace {

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

void TakeTarget(std::string_view target, ApiRequest& request) {
  const size_t mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark == std::string_view::npos) return;
  std::string_view query = target.substr(mark + 1);
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    const size_t equals = std::min(pair.find('='), pair.size());
    request.query[DecodeQuery(pair.substr(0, equals))] =
        DecodeQuery(pair.substr(std::min(equals + 1, pair.size())));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
  }
}

}  // namespace

std::string DecodeQuery(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      decoded +=
          static_cast<char>(std::strtol(std::string(text.substr(i + 1, 2)).c_str(), nullptr, 16));
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

ApiServer::Wire::Wire(int socket, const certs::TlsContext* tls) : socket_(socket) {
  if (tls == nullptr) return;
  ssl_ = tls->NewConnection();
  SSL_set_fd(ssl_, socket_);
}

ApiServer::Wire::~Wire() {
  SSL_free(ssl_);
  close(socket_);
}

bool ApiServer::Wire::Handshake() { return ssl_ == nullptr || SSL_accept(ssl_) == 1; }

bool ApiServer::Wire::Fill() {
  std::array<char, 16384> buffer{};
  const auto size = static_cast<int>(buffer.size());
  const ssize_t got = ssl_ != nullptr ? SSL_read(ssl_, buffer.data(), size)
                                      : recv(socket_, buffer.data(), buffer.size(), 0);
  if (got <= 0) return false;
  received_.append(buffer.data(), static_cast<size_t>(got));
  return true;
}

std::optional<ApiRequest> ApiServer::Wire::Receive() {
  size_t end = std::string::npos;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return std::nullopt;
  }
  ApiRequest request;
  const char* name =
      ssl_ == nullptr ? nullptr : SSL_get_servername(ssl_, TLSEXT_NAMETYPE_host_name);
  if (name != nullptr) request.server_name = name;
  std::string_view head(received_.data(), end + 2);
  const std::string_view first = head.substr(0, head.find("\r\n"));
  const size_t space = first.find(' ');
  request.method = first.substr(0, space);
  TakeTarget(first.substr(space + 1, first.rfind(' ') - space - 1), request);
  head.remove_prefix(first.size() + 2);
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    const size_t colon = std::min(line.find(": "), line.size());
    request.headers[Lower(std::string(line.substr(0, colon)))] =
        line.substr(std::min(colon + 2, line.size()));
    head.remove_prefix(line.size() + 2);
  }
  received_.erase(0, end + 4);
  const auto length = request.headers.find("content-length");
  const size_t size =
      length == request.headers.end() ? 0 : std::strtoul(length->second.c_str(), nullptr, 10);
  while (received_.size() < size) {
    if (!Fill()) return std::nullopt;
  }
  request.body = received_.substr(0, size);
  received_.erase(0, size);
  return request;
}

bool ApiServer::Wire::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const size_t most = std::min(bytes.size(), size_t{1} << 20);
    const ssize_t sent = ssl_ != nullptr ? SSL_write(ssl_, bytes.data(), static_cast<int>(most))
                                         : send(socket_, bytes.data(), most, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool ApiServer::Wire::SendChunk(std::string_view bytes) {
  std::array<char, 24> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
  return Send(std::string(size.data()) + std::string(bytes) + "\r\n");
}

bool ApiServer::Wire::SendJson(int status, std::string_view body) {
  return Send("HTTP/1.1 " + std::to_string(status) +
              " Status\r\nContent-Type: application/json\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
}

bool ApiServer::Wire::SendStatus(int status, const std::string& reason,
                                 const std::string& message) {
  const nlohmann::json object = {{"kind", "Status"}, {"apiVersion", "v1"}, {"status", "Failure"},
                                 {"reason", reason}, {"message", message}, {"code", status}};
  return SendJson(status, object.dump());
}

}  // namespace ballast::fakes
