#include "webhook/server/cluster_view.h"

#include <ctime>
#include <string>
#include <utility>

#include "k8s/api/client.h"

namespace ballast::webhook {

struct ClusterView::State {
  State(ClusterViewOptions options, LiveSnapshot& the_snapshot, Metrics& the_metrics, Log& the_log)
      : snapshot(the_snapshot),
        metrics(the_metrics),
        log(the_log),
        client(std::move(options.api)),
        view(client, Sinks(), options.view) {}

  k8s::LiveViewSinks Sinks();
  void TakeCapacity(policy::ClusterCapacity capacity);
  void TellStale(std::optional<int64_t> heard);

  LiveSnapshot& snapshot;
  Metrics& metrics;
  Log& log;
  bool told = false;  // of the view's thread
  k8s::ApiClient client;
  k8s::LiveView view;  // last: it calls into all of the above
};

void ClusterView::State::TakeCapacity(policy::ClusterCapacity capacity) {
  // The first is an event; what changes after it is the life of a cluster.
  const LogLevel level = std::exchange(told, true) ? LogLevel::kDebug : LogLevel::kInfo;
  if (log.enabled(level)) {
    int64_t nodes = 0;
    for (const policy::NodeClass& node : capacity.classes) nodes += node.count;
    JsonLine line(Name(level), "loaded");
    line.Text("what", "cluster").Number("nodes", nodes);
    line.Number("classes", static_cast<int64_t>(capacity.classes.size()));
    log.Event(level, line);
  }
  snapshot.SetCluster(std::move(capacity));
  metrics.Reloaded("cluster", true, std::time(nullptr));
}

void ClusterView::State::TellStale(std::optional<int64_t> heard) {
  const LogLevel level = heard ? LogLevel::kWarn : LogLevel::kInfo;
  JsonLine line(Name(level), heard ? "the view of the cluster is stale; what was known stays in use"
                                   : "the view of the cluster is fresh again");
  if (heard) line.Number("ageSeconds", std::time(nullptr) - *heard);
  log.Event(level, line);
  snapshot.SetStale(heard.value_or(0));
}

k8s::LiveViewSinks ClusterView::State::Sinks() {
  k8s::LiveViewSinks sinks;
  sinks.capacity = [this](policy::ClusterCapacity capacity) { TakeCapacity(std::move(capacity)); };
  sinks.namespaces = [this](std::shared_ptr<const policy::NamespaceStates> namespaces) {
    snapshot.SetNamespaces(std::move(namespaces));
    metrics.Reloaded("namespaces", true, std::time(nullptr));
  };
  sinks.stale = [this](std::optional<int64_t> heard) { TellStale(heard); };
  sinks.failed = [this](std::string_view resource, const std::string& what,
                        std::chrono::milliseconds retry_in) {
    JsonLine line("warn", "watch failed");
    line.Text("what", resource).Text("error", what).Number("retryInMillis", retry_in.count());
    log.Event(LogLevel::kWarn, line);
  };
  return sinks;
}

ClusterView::ClusterView(ClusterViewOptions options, LiveSnapshot& snapshot, Metrics& metrics,
                         Log& log)
    : state_(std::make_unique<State>(std::move(options), snapshot, metrics, log)) {}

ClusterView::~ClusterView() = default;

void ClusterView::Start() { state_->view.Start(); }

k8s::LiveViewState ClusterView::state() const { return state_->view.state(); }

std::string ClusterView::WhyUnknown() const {
  const k8s::LiveViewState now = state();
  if (now.nodes_listed && now.namespaces_listed) return "";
  const std::string what = now.nodes_listed ? "no namespaces" : "no nodes";
  return what + " are known yet" + (now.last_error.empty() ? "" : ": " + now.last_error);
}

}  // namespace ballast::webhook
