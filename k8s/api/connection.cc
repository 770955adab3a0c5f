#include "k8s/api/connection.h"

#include <fcntl.h>
#include <httplib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <utility>

#include "k8s/api/server_address.h"
#include "k8s/api/sigpipe.h"
#include "k8s/api/tls_setup.h"

namespace ballast::k8s {
namespace {

// A peer that vanished without a word is noticed within a minute, on a quiet watch too.
void NoticeDeadPeers(int socket) {
  const int on = 1;
  const int idle_seconds = 20;
  const int interval_seconds = 10;
  const int probes = 3;
  const int unacknowledged_milliseconds = 40'000;
  setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
  setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &idle_seconds, sizeof(idle_seconds));
  setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &interval_seconds, sizeof(interval_seconds));
  setsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
  setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged_milliseconds,
             sizeof(unacknowledged_milliseconds));
}

// Connecting it fails at once: it is a socket no more. (Shutting down a socket that is not
// connected yet would not keep it from being connected.)
void MakeUseless(int socket) {
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing < 0) return;
  dup2(nothing, socket);
  close(nothing);
}

// What the library says in a word, as a person would.
std::string InWords(httplib::Error error, const std::string& server, long verified) {
  switch (error) {
    case httplib::Error::Connection:
      return "nothing answers at " + server;
    case httplib::Error::ConnectionTimeout:
      return "no connection to " + server + " in time";
    case httplib::Error::Read:
    case httplib::Error::SSLPeerCouldBeClosed_:
      return "the connection to " + server + " broke, or no answer came in time";
    case httplib::Error::Write:
      return "the connection to " + server + " broke while asking";
    case httplib::Error::SSLConnection:
      return "no TLS connection to " + server + " comes about";
    case httplib::Error::SSLServerVerification:
      return "the certificate of " + server +
             " is not trusted: " + X509_verify_cert_error_string(verified);
    default:
      return "asking " + server + " failed: " + httplib::to_string(error);
  }
}

void SetTime(std::chrono::milliseconds time, const std::function<void(time_t, time_t)>& set) {
  set(static_cast<time_t>(time.count() / 1000), static_cast<time_t>(time.count() % 1000 * 1000));
}

}  // namespace

struct Connection::State {
  ServerAddress address;
  std::string user_agent;
  std::unique_ptr<httplib::ClientImpl> client;
  bool reusable = false;
  // A descriptor of our own for the library's socket, so that Interrupt never meets the number of a
  // socket that was closed and is somebody else's now.
  std::mutex mutex;
  int socket = -1;           // under mutex
  bool interrupted = false;  // under mutex

  ~State() {
    client.reset();
    if (socket >= 0) close(socket);
  }

  // The library made a socket and is about to connect it.
  void Take(int made) {
    NoticeDeadPeers(made);
    const std::scoped_lock lock(mutex);
    if (socket >= 0) close(socket);
    socket = fcntl(made, F_DUPFD_CLOEXEC, 0);
    if (interrupted) MakeUseless(made);
  }
};

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Connection::~Connection() = default;

ApiResult<std::unique_ptr<Connection>> Connection::Make(const ApiConfig& config,
                                                        const ConnectionOptions& options) {
  auto address = ParseServerAddress(config.server);
  if (!address) {
    return ApiError{0, std::string(kMisconfigured), config.origin + ": " + address.error().what};
  }
  auto state = std::make_unique<State>();
  state->address = *address;
  state->user_agent = options.user_agent;
  if (address->tls) {
    auto client = std::make_unique<httplib::SSLClient>(address->host, address->port);
    const auto prepared = SetUpTls(config, address->host, client->ssl_context());
    if (!prepared) {
      return ApiError{0, std::string(kMisconfigured),
                      prepared.error().where + ": " + prepared.error().what};
    }
    client->enable_server_certificate_verification(config.verify_certificate);
    // The name is verified by OpenSSL itself, as a part of the certificate (see SetUpTls).
    client->enable_server_hostname_verification(false);
    state->client = std::move(client);
  } else {
    state->client = std::make_unique<httplib::ClientImpl>(address->host, address->port);
  }
  httplib::ClientImpl& client = *state->client;
  client.set_keep_alive(true);
  client.set_tcp_nodelay(true);
  client.set_follow_location(false);
  client.set_decompress(false);
  client.set_url_encode(false);
  SetTime(options.connect_timeout,
          [&](time_t seconds, time_t micros) { client.set_connection_timeout(seconds, micros); });
  SetTime(std::chrono::seconds(20),
          [&](time_t seconds, time_t micros) { client.set_write_timeout(seconds, micros); });
  client.set_socket_options([raw = state.get()](int made) { raw->Take(made); });
  return std::unique_ptr<Connection>(new Connection(std::move(state)));
}

std::string Connection::Send(const Call& call) {
  State& state = *state_;
  const SigpipeGuard guard;
  httplib::Request request;
  request.method = call.method;
  request.path = state.address.path + call.path;
  request.set_header("User-Agent", state.user_agent);
  request.set_header("Accept", call.accept);
  request.set_header("Accept-Encoding", "identity");
  if (!call.authorization.empty()) request.set_header("Authorization", call.authorization);
  if (!call.content_type.empty()) {
    request.set_header("Content-Type", call.content_type);
    request.body = call.body;
  }
  bool ended_by_caller = false;
  request.response_handler = [&](const httplib::Response& response) {
    ended_by_caller = !call.head(response.status, response.get_header_value("Retry-After"));
    return !ended_by_caller;
  };
  request.content_receiver = [&](const char* data, size_t size, uint64_t, uint64_t) {
    ended_by_caller = !call.receive(std::string_view(data, size));
    return !ended_by_caller;
  };
  state.reusable = false;
  SetTime(call.read_timeout,
          [&](time_t seconds, time_t micros) { state.client->set_read_timeout(seconds, micros); });
  try {
    const httplib::Result result = state.client->send(request);
    if (result || ended_by_caller) {
      state.reusable = static_cast<bool>(result);
      return "";
    }
    long verified = X509_V_OK;
    if (auto* tls = dynamic_cast<httplib::SSLClient*>(state.client.get())) {
      verified = tls->get_openssl_verify_result();
    }
    return InWords(result.error(), state.address.text, verified);
  } catch (const std::exception& problem) {
    // Of the library's own reading: numbers and patterns in heads.
    return "what " + state.address.text + " sent is no HTTP: " + problem.what();
  }
}

bool Connection::reusable() const { return state_->reusable; }

void Connection::Interrupt() {
  const std::scoped_lock lock(state_->mutex);
  state_->interrupted = true;
  if (state_->socket >= 0) shutdown(state_->socket, SHUT_RDWR);
}

}  // namespace ballast::k8s
