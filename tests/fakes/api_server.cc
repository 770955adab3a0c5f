#include "tests/fakes/api_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <stdexcept>

#include "tests/fakes/api_wire.h"

namespace ballast::fakes {
namespace {

using nlohmann::json;

// "/apis/G/V/namespaces/NS/RESOURCE/NAME/SUB" taken apart.
struct Target {
  ResourceKey resource;
  std::string name_space;
  std::string name;
  std::string sub_resource;
};

std::vector<std::string> Segments(const std::string& path) {
  std::vector<std::string> segments;
  size_t begin = 1;
  while (begin <= path.size()) {
    const size_t end = std::min(path.find('/', begin), path.size());
    if (end > begin) segments.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return segments;
}

std::optional<Target> ParseTarget(const std::string& path) {
  const std::vector<std::string> parts = Segments(path);
  if (parts.size() < 3) return std::nullopt;
  const bool core = parts[0] == "api";
  if (!core && (parts[0] != "apis" || parts.size() < 4)) return std::nullopt;
  Target target;
  size_t at = core ? 2 : 3;
  target.resource.group = core ? "/api/" + parts[1] : "/apis/" + parts[1] + "/" + parts[2];
  if (parts[at] == "namespaces" && parts.size() > at + 2) {
    target.name_space = parts[at + 1];
    at += 2;
  }
  target.resource.resource = parts[at];
  if (parts.size() > at + 1) target.name = parts[at + 1];
  if (parts.size() > at + 2) target.sub_resource = parts[at + 2];
  return target;
}

// A text of the object's metadata; empty: it is not there.
std::string Metadata(const json& object, const char* key) {
  return object.is_object() && object.contains("metadata") ? object["metadata"].value(key, "") : "";
}

std::string LineOf(const ApiRequest& request) {
  std::string line = request.method + " " + request.path;
  char joint = '?';
  for (const auto& [key, value] : request.query) {
    line += joint + key + "=" + value;
    joint = '&';
  }
  return line;
}

}  // namespace

ApiServer::ApiServer(ApiServerOptions options) : options_(std::move(options)) {
  std::signal(SIGPIPE, SIG_IGN);
  token_ = options_.token;
  const int64_t now = std::time(nullptr);
  auto authority = certs::MakeAuthority({"fake authority", now});
  auto serving = certs::MakeServing(*authority, {"localhost", "127.0.0.1"}, {"fake", now});
  authority_ = *authority;
  tls_ = *certs::TlsContext::Make(serving->certificate_pem, serving->key_pem,
                                  options_.client_authority);
  for (const ResourceKey& known :
       {kNodes, kNamespaces, kDaemonSets, kResourceQuotas, kLimitRanges, kPolicies, kExceptions}) {
    store_.Know(known);
  }
  Listen();
}

ApiServer::~ApiServer() { GoAway(); }

std::string ApiServer::url() const {
  return std::string(options_.tls ? "https" : "http") + "://127.0.0.1:" + std::to_string(port_);
}

void ApiServer::Listen() {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port_));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||
      listen(listener_, 64) != 0) {
    throw std::runtime_error("the fake API server cannot listen");
  }
  socklen_t size = sizeof(address);
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  stop_ = std::stop_source();
  acceptor_ = std::jthread([this, stop = stop_.get_token()] { Accept(stop); });
}

void ApiServer::Accept(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd ready{listener_, POLLIN, 0};
    if (poll(&ready, 1, 20) <= 0) continue;
    const int made = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (made < 0) continue;
    const int on = 1;
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    const std::scoped_lock lock(mutex_);
    sockets_.insert(made);
    connections_.emplace_back([this, made, stop] {
      {
        Wire wire(made, options_.tls ? tls_.get() : nullptr);
        if (wire.Handshake()) Serve(wire, stop);
        const std::scoped_lock over(mutex_);
        sockets_.erase(made);
      }
    });
  }
}

void ApiServer::Serve(Wire& wire, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto request = wire.Receive();
    if (!request) return;
    const std::string line = LineOf(*request);
    {
      const std::scoped_lock lock(mutex_);
      requests_.emplace_back(line, *request);
    }
    came_.notify_all();
    if (const auto fault = FaultFor(line)) {
      if (!Misbehave(wire, *fault, stop)) return;
      continue;
    }
    if (!Answer(wire, *request, stop)) return;
  }
}

std::optional<Fault> ApiServer::FaultFor(const std::string& line) {
  const std::scoped_lock lock(mutex_);
  for (Planned& planned : planned_) {
    if (planned.times <= 0 || line.find(planned.part) == std::string::npos) continue;
    --planned.times;
    return planned.fault;
  }
  return std::nullopt;
}

bool ApiServer::Misbehave(Wire& wire, const Fault& fault, const std::stop_token& stop) {
  switch (fault.kind) {
    case Fault::Kind::kStatus:
      return wire.SendStatus(fault.status, fault.reason, "the fake was told to say so");
    case Fault::Kind::kHang: {
      // Until the client or the server ends it.
      while (!stop.stop_requested()) {
        pollfd ready{wire.socket(), POLLIN, 0};
        if (poll(&ready, 1, 20) > 0) return false;
      }
      return false;
    }
    case Fault::Kind::kDrop:
      return false;
    case Fault::Kind::kBytes:
      wire.Send(fault.bytes);
      return false;
    case Fault::Kind::kEndless:
      wire.Send(
          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: "
          "chunked\r\n\r\n");
      while (!stop.stop_requested() && wire.SendChunk(fault.bytes)) continue;
      return false;
  }
  return false;
}

bool ApiServer::Answer(Wire& wire, const ApiRequest& request, const std::stop_token& stop) {
  {
    const std::scoped_lock lock(mutex_);
    const auto sent = request.headers.find("authorization");
    if (!token_.empty() && (sent == request.headers.end() || sent->second != "Bearer " + token_)) {
      return wire.SendStatus(401, "Unauthorized", "Unauthorized");
    }
  }
  const auto target = ParseTarget(request.path);
  if (!target || !store_.Knows(target->resource)) {
    return wire.SendStatus(404, "NotFound", "the server could not find the requested resource");
  }
  if (!target->name.empty()) {
    return AnswerObject(wire, request, target->resource, {target->name_space, target->name});
  }
  if (request.method == "POST") {
    const json object = json::parse(request.body, nullptr, false);
    const std::string name = Metadata(object, "name");
    return AnswerObject(wire, request, target->resource, {target->name_space, name});
  }
  if (request.query.contains("watch")) {
    return AnswerWatch(wire, request, target->resource, target->name_space, stop);
  }
  return AnswerList(wire, request, target->resource, target->name_space);
}

bool ApiServer::AnswerList(Wire& wire, const ApiRequest& request, const ResourceKey& resource,
                           const std::string& name_space) {
  const auto begin = request.query.find("continue");
  const auto limit = request.query.find("limit");
  const ListedPage page =
      store_.List(resource, name_space, begin == request.query.end() ? "" : begin->second,
                  limit == request.query.end() ? 0 : std::stoul(limit->second));
  const std::string head = R"({"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":")" +
                           std::to_string(page.version) + R"(","continue":")" + page.next +
                           R"("},"items":[)";
  if (!wire.Send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: "
                 "chunked\r\n\r\n")) {
    return false;
  }
  std::string piece = head;
  for (size_t i = 0; i < page.items.size(); ++i) {
    if (i > 0) piece += ',';
    piece += page.items[i];
    constexpr size_t kPiece = size_t{32} << 10;
    if (piece.size() > kPiece) {
      if (!wire.SendChunk(piece)) return false;
      piece.clear();
    }
  }
  return wire.SendChunk(piece + "]}\n") && wire.Send("0\r\n\r\n");
}

bool ApiServer::AnswerWatch(Wire& wire, const ApiRequest& request, const ResourceKey& resource,
                            const std::string& name_space, const std::stop_token& stop) {
  const auto from = request.query.find("resourceVersion");
  int64_t version = from == request.query.end() ? 0 : std::stoll(from->second);
  const std::string gone = R"({"kind":"Status","apiVersion":"v1","status":"Failure",)"
                           R"("message":"too old resource version","reason":"Expired","code":410})";
  // From the past: the server knows at once whether it still knows.
  bool begun = false;
  const auto begin = [&] {
    begun = true;
    return wire.Send(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: "
        "chunked\r\n\r\n");
  };
  if (options_.gone_by_event && !begin()) return false;
  // The client's end of the connection is noticed when something is sent; tests end it otherwise.
  while (!stop.stop_requested()) {
    const auto events = store_.After(resource, version, stop);
    if (!events) {
      if (!begun) return wire.SendJson(410, gone);
      return wire.SendChunk(R"({"type":"ERROR","object":)" + gone + "}\n") &&
             wire.Send("0\r\n\r\n");
    }
    if (!begun && !begin()) return false;
    for (const StoredEvent& event : *events) {
      version = event.version;
      if (!name_space.empty() && event.type != "BOOKMARK" && event.key.first != name_space) {
        continue;
      }
      if (!wire.SendChunk(R"({"type":")" + event.type + R"(","object":)" + event.text + "}\n")) {
        return false;
      }
    }
  }
  return false;
}

bool ApiServer::AnswerObject(Wire& wire, const ApiRequest& request, const ResourceKey& resource,
                             const ObjectKey& key) {
  const auto held = store_.Get(resource, key);
  if (request.method == "POST") {
    if (held) return wire.SendStatus(409, "AlreadyExists", key.second + " already exists");
    return wire.SendJson(201, store_.Put(resource, key, json::parse(request.body)).dump());
  }
  const auto type = request.headers.find("content-type");
  const bool apply = request.method == "PATCH" && type != request.headers.end() &&
                     type->second == "application/apply-patch+yaml";
  if (!held && !apply) return wire.SendStatus(404, "NotFound", key.second + " not found");
  if (request.method == "GET") return wire.SendJson(200, held->dump());
  if (request.method == "DELETE") {
    store_.Remove(resource, key);
    return wire.SendStatus(200, "", "");
  }
  json body = json::parse(request.body, nullptr, false);
  if (body.is_discarded()) return wire.SendStatus(400, "BadRequest", "the body is no JSON");
  if (request.method == "PATCH" && body.is_array()) {
    body = held->patch(body);
  } else if (request.method == "PATCH") {
    json merged = held.value_or(json::object());
    merged.merge_patch(body);
    body = std::move(merged);
  }
  const std::string version = Metadata(body, "resourceVersion");
  if (!version.empty() && held && version != Metadata(*held, "resourceVersion")) {
    return wire.SendStatus(409, "Conflict", "the object has been modified");
  }
  return wire.SendJson(200, store_.Put(resource, key, std::move(body)).dump());
}

void ApiServer::SetToken(const std::string& token) {
  const std::scoped_lock lock(mutex_);
  token_ = token;
}

void ApiServer::Fail(const std::string& part, Fault fault, int times) {
  const std::scoped_lock lock(mutex_);
  planned_.push_back({part, std::move(fault), times});
}

void ApiServer::Heal() {
  const std::scoped_lock lock(mutex_);
  planned_.clear();
}

void ApiServer::DropConnections() {
  const std::scoped_lock lock(mutex_);
  for (const int socket : sockets_) shutdown(socket, SHUT_RDWR);
}

void ApiServer::GoAway() {
  stop_.request_stop();
  if (acceptor_.joinable()) acceptor_.join();
  if (listener_ >= 0) close(listener_);
  listener_ = -1;
  DropConnections();
  std::vector<std::jthread> over;
  {
    const std::scoped_lock lock(mutex_);
    over.swap(connections_);
  }
}

void ApiServer::ComeBack() { Listen(); }

int ApiServer::Count(const std::string& part) const {
  const std::scoped_lock lock(mutex_);
  return static_cast<int>(std::count_if(requests_.begin(), requests_.end(), [&](const auto& seen) {
    return seen.first.find(part) != std::string::npos;
  }));
}

bool ApiServer::WaitFor(const std::string& part, int count, std::chrono::milliseconds time) const {
  const auto seen = [&] {
    int found = 0;
    for (const auto& request : requests_) found += request.first.find(part) != std::string::npos;
    return found >= count;
  };
  std::unique_lock lock(mutex_);
  return came_.wait_for(lock, time, seen);
}

std::vector<ApiRequest> ApiServer::Requests(const std::string& part) const {
  const std::scoped_lock lock(mutex_);
  std::vector<ApiRequest> found;
  for (const auto& [line, request] : requests_) {
    if (line.find(part) != std::string::npos) found.push_back(request);
  }
  return found;
}

}  // namespace ballast::fakes
