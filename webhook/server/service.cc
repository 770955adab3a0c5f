#include "webhook/server/service.h"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "webhook/page/explain_manifest.h"
#include "webhook/page/gather_facts.h"
#include "webhook/page/page_endpoint.h"
#include "webhook/page/page_guard.h"
#include "webhook/server/admission_endpoint.h"
#include "webhook/server/http_server.h"
#include "webhook/server/live_snapshot.h"
#include "webhook/server/metrics.h"
#include "webhook/server/readiness.h"
#include "webhook/server/router.h"
#include "webhook/server/watch_files.h"

namespace ballast::webhook {
namespace {

using policy::Error;
using Errors = std::vector<Error>;

// What the page shows of them; about half a MiB at most.
constexpr size_t kRecentDecisions = 200;

HttpHandler ConstantHandler(std::string text) {
  return [text = std::move(text)](const HttpRequest&, HttpResponse& response) {
    response.content_type = "application/json";
    response.body = text;
  };
}

ClusterGauges GaugesOf(const k8s::LiveViewState& state) {
  ClusterGauges gauges;
  gauges.nodes = static_cast<int64_t>(state.nodes);
  gauges.failures = state.failures;
  gauges.changes = state.capacities;
  if (state.heard != 0) gauges.age_seconds = std::time(nullptr) - state.heard;
  return gauges;
}

}  // namespace

struct Service::State {
  explicit State(ServiceOptions the_options)
      : options(std::move(the_options)),
        log(options.log_fd, options.log_level),
        metrics(options.base.engine_version),
        snapshot(options.base),
        certificate(options.certificate) {
    if (options.cluster_policies) {
      policies.emplace(*options.cluster_policies, snapshot, tally, metrics, log);
    }
    if (options.cluster_view) view.emplace(*options.cluster_view, snapshot, metrics, log);
  }

  Errors Start();
  Errors LoadCertificate();
  void Reload(std::string_view what, const Errors& mistakes);
  Error StartServer(const std::string& listen, bool tls, std::unique_ptr<HttpServer>& server);
  Error StartPage();
  Error Listen(const ListenAddress& address, HttpServerOptions http, HttpHandler handler,
               const char* message, std::unique_ptr<HttpServer>& server);
  int64_t CertificateEnds() const;
  void Watch();
  HttpHandler Handler(bool admission);
  HttpHandler PageHandler();
  void AnswerReadyz(HttpResponse& response) const;
  void OnRefused(int status, std::string_view reason, std::string_view peer);
  void Drain();

  const ServiceOptions options;
  Log log;
  Metrics metrics;
  LiveSnapshot snapshot;
  DecisionTally tally;
  ServingCertificate certificate;
  std::atomic<bool> draining{false};
  mutable std::mutex mutex;
  std::shared_ptr<const certs::TlsContext> context;  // under mutex
  std::atomic<int64_t> refusals_second{0};
  std::atomic<int> refusals_logged{0};
  std::unique_ptr<HttpServer> server;
  std::unique_ptr<HttpServer> metrics_server;
  RecentDecisions recent{kRecentDecisions};
  const int64_t started = std::time(nullptr);
  std::unique_ptr<HttpServer> page_server;
  std::optional<ClusterPolicies> policies;
  std::optional<ClusterView> view;
  std::unique_ptr<FileWatcher> watcher;  // last: it calls into all of the above
};

Errors Service::State::LoadCertificate() {
  const auto loaded = certificate.Load();
  if (!loaded.ok()) return {loaded.error()};
  metrics.CertificateExpiry((*loaded)->certificate().validity.not_after);
  {
    const std::scoped_lock lock(mutex);
    context = *loaded;
  }
  if (server != nullptr) server->SetTls(*loaded);
  return {};
}

// Logs and counts what reading a file gave.
void Service::State::Reload(std::string_view what, const Errors& mistakes) {
  metrics.Reloaded(what, mistakes.empty(), std::time(nullptr));
  if (mistakes.empty()) {
    JsonLine line("info", "loaded");
    line.Text("what", what);
    log.Event(LogLevel::kInfo, line);
    return;
  }
  JsonLine line("error", "not loaded; what was in use stays in use");
  line.Text("what", what).BeginList("mistakes");
  constexpr size_t kMost = 20;
  for (size_t i = 0; i < std::min(mistakes.size(), kMost); ++i) {
    line.Item(mistakes[i].where + ": " + mistakes[i].what);
  }
  line.EndList().Number("count", static_cast<int64_t>(mistakes.size()));
  log.Event(LogLevel::kError, line);
}

void Service::State::AnswerReadyz(HttpResponse& response) const {
  ReadinessInput input;
  input.draining = draining.load();
  input.policy_loaded = !policies || policies->answered();
  input.applications_known = !policies || policies->applications_answered();
  input.capacity_wanted = view || !options.cluster_file.empty();
  // A cluster that has no nodes just now is known, too.
  if (view) input.capacity_unknown = view->WhyUnknown();
  input.capacity_known = view ? input.capacity_unknown.empty() : snapshot.Current()->cluster.known;
  {
    const std::scoped_lock lock(mutex);
    input.certificate = context->certificate().validity;
  }
  input.now = std::time(nullptr);
  input.seconds_since_start = input.now - started;
  Readiness readiness = JudgeReadiness(input);
  response.status = readiness.ready ? 200 : 503;
  response.body = std::move(readiness.text);
}

HttpHandler Service::State::Handler(bool admission) {
  std::vector<Route> routes;
  if (admission && !options.constant_answer.empty()) {
    routes.push_back({"/mutate", "POST", ConstantHandler(options.constant_answer)});
    routes.push_back({"/validate", "POST", ConstantHandler(options.constant_answer)});
  } else if (admission) {
    const AdmissionContext context_of{snapshot, metrics, tally, log,
                                      options.page_listen.empty() ? nullptr : &recent};
    routes.push_back({"/mutate", "POST", MakeAdmissionHandler(Endpoint::kMutate, context_of)});
    routes.push_back({"/validate", "POST", MakeAdmissionHandler(Endpoint::kValidate, context_of)});
  }
  routes.push_back({"/healthz", "GET",
                    [](const HttpRequest&, HttpResponse& response) { response.body = "ok\n"; }});
  routes.push_back({"/readyz", "GET", [this](const HttpRequest&, HttpResponse& response) {
                      AnswerReadyz(response);
                    }});
  routes.push_back({"/metrics", "GET", [this](const HttpRequest&, HttpResponse& response) {
                      ServerGauges gauges;
                      gauges.connections = server->connections();
                      gauges.bytes_in_flight = server->bytes_in_flight();
                      gauges.requests = server->requests();
                      gauges.accepted = server->accepted();
                      gauges.turned_away = server->turned_away();
                      gauges.handshakes_failed = server->handshakes_failed();
                      gauges.log_lines_dropped = log.dropped();
                      if (view) gauges.cluster = GaugesOf(view->state());
                      if (policies) gauges.followed = policies->Gauges();
                      response.content_type = "text/plain; version=0.0.4; charset=utf-8";
                      response.body = metrics.Text(gauges);
                    }});
  return MakeRouter(std::move(routes));
}

// A flood of refusals is counted in full and logged in part.
void Service::State::OnRefused(int status, std::string_view reason, std::string_view peer) {
  metrics.Refused(status);
  constexpr int kLoggedPerSecond = 20;
  const int64_t now = std::time(nullptr);
  if (refusals_second.exchange(now) != now) refusals_logged.store(0);
  if (refusals_logged.fetch_add(1) >= kLoggedPerSecond) return;
  JsonLine line("warn", "refused");
  line.Number("status", status).Text("reason", reason).Text("peer", peer);
  log.Write(LogLevel::kWarn, line);
}

Error Service::State::Listen(const ListenAddress& address, HttpServerOptions http,
                             HttpHandler handler, const char* message,
                             std::unique_ptr<HttpServer>& started_server) {
  http.listen = address;
  http.limits = options.limits;
  auto result = HttpServer::Start(
      http, std::move(handler),
      [this](int status, std::string_view reason, std::string_view peer) {
        OnRefused(status, reason, peer);
      },
      http.tls ? context : nullptr);
  if (!result.ok()) return result.error();
  started_server = *std::move(result);
  JsonLine line("info", message);
  line.Text("address", address.host).Number("port", started_server->port());
  if (http.tls) line.Text("authority", certificate.AuthorityFile().string());
  log.Event(LogLevel::kInfo, line);
  return {};
}

Error Service::State::StartServer(const std::string& listen, bool tls,
                                  std::unique_ptr<HttpServer>& started_server) {
  const auto address = ParseListenAddress(listen);
  if (!address.ok()) return address.error();
  HttpServerOptions http;
  http.tls = tls;
  http.max_connections = tls ? options.max_connections : 100;
  if (!tls) http.threads = 2;
  return Listen(*address, http, Handler(tls), tls ? "listening" : "listening for metrics",
                started_server);
}

int64_t Service::State::CertificateEnds() const {
  const std::scoped_lock lock(mutex);
  return context->certificate().validity.not_after;
}

HttpHandler Service::State::PageHandler() {
  const auto facts = [this] {
    PageMoment moment;
    moment.now = std::time(nullptr);
    moment.started = started;
    moment.certificate_ends = CertificateEnds();
    moment.replica = options.replica;
    if (policies) {
      moment.leads = policies->leads();
      moment.stored = policies->Stored();
    }
    return GatherFacts({snapshot, metrics, tally, recent}, std::move(moment));
  };
  const auto explain = [this](std::string manifest) {
    return ExplainManifest(std::move(manifest), *snapshot.Current(), std::time(nullptr));
  };
  return MakePageHandler({facts, explain});
}

// It shows who submits what, and has no password: whoever can reach it may read it.
Error Service::State::StartPage() {
  const auto address = ParseListenAddress(options.page_listen);
  if (!address.ok()) return address.error();
  if (!IsLoopbackHost(address->host) && address->host != "::1") {
    return {"--page-listen",
            "the page is for loopback alone: write 127.0.0.1:PORT, and reach it from elsewhere by "
            "`kubectl port-forward`"};
  }
  HttpServerOptions http;
  http.tls = false;
  http.wants_headers = true;
  http.max_connections = 20;
  http.threads = 2;
  return Listen(*address, http, PageHandler(), "listening for the page", page_server);
}

void Service::State::Watch() {
  std::vector<WatchedFiles> files;
  files.push_back({certificate.Files(), [this] { Reload("certificate", LoadCertificate()); }});
  if (!options.policy_file.empty()) {
    files.push_back({{options.policy_file},
                     [this] { Reload("policy", snapshot.LoadPolicy(options.policy_file)); }});
  }
  if (!options.cluster_file.empty()) {
    files.push_back({{options.cluster_file},
                     [this] { Reload("cluster", snapshot.LoadCluster(options.cluster_file)); }});
  }
  watcher = std::make_unique<FileWatcher>(std::move(files));
}

// Everything wrong is reported at once.
Errors Service::State::Start() {
  Errors errors;
  const auto add = [&](std::string_view what, Errors found) {
    metrics.Reloaded(what, found.empty(), std::time(nullptr));
    errors.insert(errors.end(), found.begin(), found.end());
  };
  const auto ensured = certificate.Ensure(std::time(nullptr));
  Watch();
  if (!options.policy_file.empty()) add("policy", snapshot.LoadPolicy(options.policy_file));
  if (!options.cluster_file.empty()) add("cluster", snapshot.LoadCluster(options.cluster_file));
  if (!ensured.ok()) {
    errors.push_back(ensured.error());
  } else {
    add("certificate", LoadCertificate());
  }
  if (!errors.empty()) return errors;
  // Before the first request can ask for what it counts.
  Error failed = StartServer(options.listen, true, server);
  if (failed != Error{}) return {failed};
  if (!options.metrics_listen.empty()) {
    failed = StartServer(options.metrics_listen, false, metrics_server);
    if (failed != Error{}) return {failed};
  }
  if (!options.page_listen.empty()) {
    failed = StartPage();
    if (failed != Error{}) return {failed};
  }
  watcher->Begin();
  if (policies) policies->Start();
  if (view) view->Start();
  return {};
}

void Service::State::Drain() {
  constexpr std::chrono::milliseconds kLook{10};
  const auto start = Clock::now();
  draining = true;
  server->StartDraining();
  JsonLine begin("info", "draining");
  log.Event(LogLevel::kInfo, begin);
  // Another replica may lead from now on.
  const std::jthread leaving([this] {
    if (policies) policies->StopLeading();
  });
  const auto over = [&](std::chrono::milliseconds time) { return Clock::now() - start >= time; };
  // True once nothing has come for `time`.
  uint64_t requests = server->requests() + server->accepted();
  auto last_change = start;
  const auto quiet_for = [&](std::chrono::milliseconds time) {
    const uint64_t now = server->requests() + server->accepted();
    if (now != requests || server->busy() != 0) {
      requests = now;
      last_change = Clock::now();
    }
    return Clock::now() - last_change >= time;
  };
  while (!quiet_for(options.quiet) && !over(options.accept_for)) std::this_thread::sleep_for(kLook);
  server->StopAccepting();
  constexpr std::chrono::milliseconds kLast{200};
  while (!quiet_for(std::min(kLast, options.quiet)) && !over(options.grace)) {
    std::this_thread::sleep_for(kLook);
  }
  server->Stop();
  if (metrics_server != nullptr) metrics_server->Stop();
  if (page_server != nullptr) page_server->Stop();
  JsonLine end("info", "stopped");
  end.Number("requests", static_cast<int64_t>(server->requests()));
  log.Event(LogLevel::kInfo, end);
}

Service::Service(std::unique_ptr<State> state) : state_(std::move(state)) {}
// What calls into the other parts ends before they do.
Service::~Service() {
  state_->watcher.reset();
  state_->page_server.reset();
}

std::variant<std::unique_ptr<Service>, Errors> Service::Start(ServiceOptions options) {
  auto state = std::make_unique<State>(std::move(options));
  Errors errors = state->Start();
  if (!errors.empty()) return errors;
  return std::unique_ptr<Service>(new Service(std::move(state)));
}

int Service::port() const { return state_->server->port(); }
int Service::metrics_port() const {
  return state_->metrics_server == nullptr ? 0 : state_->metrics_server->port();
}
int Service::page_port() const {
  return state_->page_server == nullptr ? 0 : state_->page_server->port();
}
std::filesystem::path Service::authority_file() const {
  return state_->certificate.AuthorityFile();
}
Log& Service::log() { return state_->log; }

void Service::Renew(int64_t now_seconds) {
  // The watcher sees the new files and takes them into use.
  const auto ensured = state_->certificate.Ensure(now_seconds);
  if (!ensured.ok()) state_->Reload("certificate", {ensured.error()});
}

void Service::Drain() {
  state_->watcher.reset();
  state_->Drain();
}

}  // namespace ballast::webhook
