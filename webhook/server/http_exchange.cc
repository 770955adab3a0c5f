#include "webhook/server/http_exchange.h"

#include <httplib.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace ballast::webhook {
namespace {

// The library's idea of a connection, over bytes that are already here.
class MemoryStream final : public httplib::Stream {
 public:
  MemoryStream(std::string_view in, std::string& out) : in_(in), out_(out) {}

  bool is_readable() const override { return !in_.empty(); }
  bool is_writable() const override { return true; }
  ssize_t read(char* data, size_t size) override {
    const size_t count = std::min(size, in_.size());
    std::memcpy(data, in_.data(), count);
    in_.remove_prefix(count);
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* data, size_t size) override {
    out_.append(data, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return INVALID_SOCKET; }

 private:
  std::string_view in_;
  std::string& out_;
};

// What the hooks below need of the exchange that runs on this thread.
struct Current {
  const ExchangeInput& input;
  const HttpHandler& handler;
  bool parsed = false;  // the head was well formed
};
thread_local Current* current = nullptr;

std::string OneHeader(const httplib::Request& request, const char* name) {
  return request.get_header_value_count(name) == 1 ? request.get_header_value(name) : std::string();
}

void CallHandler(const httplib::Request& request, httplib::Response& response) {
  const ExchangeInput& input = current->input;
  const size_t question = request.target.find('?');
  const std::string_view query = question == std::string::npos
                                     ? std::string_view()
                                     : std::string_view(request.target).substr(question + 1);
  // Only a page's requests need them, so an API server's many are not searched for them.
  RequestHeaders headers;
  if (input.wants_headers) {
    headers = {OneHeader(request, "Host"), OneHeader(request, "Origin"),
               OneHeader(request, "Sec-Fetch-Site"), OneHeader(request, "Sec-Fetch-Mode"),
               OneHeader(request, "Content-Type")};
  }
  const HttpRequest ours{request.method, request.path,  query,          input.body,
                         input.peer,     input.arrival, input.deadline, std::move(headers)};
  HttpResponse answer;
  current->handler(ours, answer);
  response.status = answer.status;
  for (const auto& [name, value] : answer.headers) response.set_header(name, value);
  response.body = std::move(answer.body);
  response.set_header("Content-Type", answer.content_type);
}

// The library derives its own TLS server the same way: process_request is there for subclasses.
class Exchanger final : public httplib::Server {
 public:
  Exchanger() {
    // Its routing matches paths with std::regex, which costs more than judging a small review.
    set_pre_routing_handler([](const httplib::Request& request, httplib::Response& response) {
      CallHandler(request, response);
      return HandlerResponse::Handled;
    });
    set_post_routing_handler([](const httplib::Request&, httplib::Response& response) {
      response.headers.erase("Keep-Alive");  // its numbers are not ours
      // Where a malformed head ends is anyone's guess, and so what follows it.
      if (!current->parsed) response.set_header("Connection", "close");
    });
  }

  bool Run(MemoryStream& stream, const ExchangeInput& input) {
    bool client_closes = false;
    const bool ok = process_request(stream, std::string(), 0, std::string(), 0, input.close,
                                    client_closes, [](httplib::Request& request) {
                                      current->parsed = true;
                                      // Decided or not wanted here: compression costs more than it
                                      // saves on answers of this size.
                                      request.headers.erase("Expect");
                                      request.headers.erase("Accept-Encoding");
                                      request.ranges.clear();
                                    });
    return !ok || client_closes || input.close;
  }
};

}  // namespace

bool Exchange(const ExchangeInput& input, const HttpHandler& handler, std::string& out) {
  static Exchanger exchanger;
  Current ours{input, handler};
  current = &ours;
  MemoryStream stream(input.head, out);
  const bool close = exchanger.Run(stream, input);
  current = nullptr;
  return close || !ours.parsed;
}

std::string RefusalText(int status, std::string_view reason) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " ";
  text += httplib::status_message(status);
  text += "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ";
  text += std::to_string(reason.size() + 1);
  text += "\r\nConnection: close\r\n\r\n";
  text += reason;
  text += '\n';
  return text;
}

}  // namespace ballast::webhook
