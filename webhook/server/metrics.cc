#include "webhook/server/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <utility>
#include <vector>

#include "k8s/kinds/kind.h"
#include "policy/rule.h"
#include "webhook/policy_file/policy_object.h"
#include "webhook/server/process_usage.h"

namespace ballast::webhook {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;

constexpr std::array<std::string_view, 5> kOutcomes = {"Admitted", "Rewritten", "Rejected",
                                                       "Exempt", "Ignored"};
constexpr std::array<std::string_view, 3> kOperations = {"CREATE", "UPDATE", "other"};
constexpr std::array<std::string_view, 3> kActions = {"Warn", "Rewrite", "Reject"};

// From a cached answer to the longest timeout that the API server allows.
const Histogram::BucketBoundaries kSeconds = {0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025,
                                              0.005,   0.01,   0.025,   0.05,   0.1,   0.25,
                                              0.5,     1,      2.5,     5,      10,    30};

std::vector<std::string> KindNames() {
  std::vector<std::string> names;
  for (const k8s::Kind* kind : k8s::AllKinds()) {
    if (std::find(names.begin(), names.end(), kind->kind) == names.end()) {
      names.emplace_back(kind->kind);
    }
  }
  names.emplace_back(kPolicyKind);
  names.emplace_back(kExceptionKind);
  names.emplace_back("other");
  return names;
}

std::vector<std::string> RuleNames() {
  std::vector<std::string> names;
  for (const policy::Rule* rule : policy::AllRules()) names.emplace_back(rule->id);
  names.emplace_back("other");
  return names;
}

// The place of a name in a list whose last element stands for all others.
template <typename Names>
size_t IndexOf(const Names& names, std::string_view name) {
  for (size_t i = 0; i + 1 < names.size(); ++i) {
    if (names[i] == name) return i;
  }
  return names.size() - 1;
}

// Brings a counter to what was counted elsewhere.
void RaiseTo(double total, Counter& counter) {
  if (total > counter.Value()) counter.Increment(total - counter.Value());
}

// Counters of one family by the number of their combination of labels: looked up in the registry
// once, and then never again.
class CounterTable {
 public:
  explicit CounterTable(size_t size) : counters_(size) {}

  template <typename Labels>
  void Increment(size_t index, Family<Counter>& family, Labels&& labels) {
    Counter* counter = counters_[index].load(std::memory_order_acquire);
    if (counter == nullptr) {
      counter = &family.Add(labels());  // the same one for the same labels
      counters_[index].store(counter, std::memory_order_release);
    }
    counter->Increment();
  }

  int64_t Value(size_t index) const {
    const Counter* counter = counters_[index].load(std::memory_order_acquire);
    return counter == nullptr ? 0 : static_cast<int64_t>(counter->Value());
  }

 private:
  std::vector<std::atomic<Counter*>> counters_;
};

}  // namespace

Outcome OutcomeOf(policy::VerdictKind verdict) {
  switch (verdict) {
    case policy::VerdictKind::kAdmitted:
      return Outcome::kAdmitted;
    case policy::VerdictKind::kRewritten:
      return Outcome::kRewritten;
    case policy::VerdictKind::kRejected:
      return Outcome::kRejected;
    case policy::VerdictKind::kExempt:
      return Outcome::kExempt;
  }
  return Outcome::kIgnored;
}

struct Metrics::State {
  explicit State(std::string_view version) {
    prometheus::BuildGauge()
        .Name("ballast_build_info")
        .Help("Always 1; the label says which version runs.")
        .Register(registry)
        .Add({{"version", std::string(version)}})
        .Set(1);
    // An alert watches it, which would not see the first of them come.
    refused.Add({{"code", "503"}});
  }

  Family<Counter>& CounterFamily(const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
  }
  Family<Gauge>& GaugeFamily(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
  }

  prometheus::Registry registry;
  const std::vector<std::string> kinds = KindNames();
  const std::vector<std::string> rules = RuleNames();

  Family<Counter>& requests =
      CounterFamily("ballast_admission_requests_total", "Reviews answered, by verdict.");
  Histogram& duration = prometheus::BuildHistogram()
                            .Name("ballast_admission_duration_seconds")
                            .Help("From a review's first byte to its answer.")
                            .Register(registry)
                            .Add({}, kSeconds);
  Family<Counter>& findings =
      CounterFamily("ballast_findings_total", "What rules found, by what was done about it.");
  Family<Counter>& shadow_findings = CounterFamily("ballast_shadow_findings_total",
                                                   "What policies of mode Audit would have done.");
  Family<Counter>& memory_bytes = CounterFamily(
      "ballast_memory_bytes_total", "Memory of all pods of applications: asked for, and granted.");
  Family<Counter>& cpu_cores = CounterFamily(
      "ballast_cpu_cores_total", "Cores of all pods of applications: asked for, and granted.");
  Gauge& leader =
      GaugeFamily("ballast_leader", "Whether this replica leads: writes statuses and Events.")
          .Add({});
  Family<Gauge>& exception_expiry = GaugeFamily("ballast_exception_expiry_timestamp_seconds",
                                                "When a SparkPolicyException ends.");
  Family<Gauge>& policies_stored = GaugeFamily(
      "ballast_policies_stored", "Stored policies and exceptions, by whether they are valid.");
  Family<Counter>& events =
      CounterFamily("ballast_events_total", "Events about decisions, by result.");
  Counter& events_dropped =
      CounterFamily("ballast_events_dropped_total", "Events never made, since too many waited.")
          .Add({});
  Family<Counter>& statuses =
      CounterFamily("ballast_status_writes_total", "Statuses of policies written, by result.");
  Family<Gauge>& reports = GaugeFamily(
      "ballast_reports", "Reports that there are, and applications that were too many for one.");
  Family<Counter>& report_writes =
      CounterFamily("ballast_report_writes_total", "Reports written and removed, by result.");
  Family<Counter>& refused = CounterFamily(
      "ballast_http_refused_total", "Requests refused before they were reviews, by HTTP status.");
  Family<Counter>& reloads =
      CounterFamily("ballast_reloads_total", "Files read again after a change, by result.");
  Family<Gauge>& reload_time = GaugeFamily("ballast_last_successful_reload_timestamp_seconds",
                                           "When the file in use was read.");
  Counter& not_proven = CounterFamily("ballast_patches_not_proven_total",
                                      "Patches of ours that were not sent; each is a bug.")
                            .Add({});
  Family<Counter>& unknown_versions =
      CounterFamily("ballast_unknown_kind_versions_total",
                    "Objects of known kinds in versions that are not known, by what became of it.");
  Counter& mismatches =
      CounterFamily("ballast_executor_mismatches_total",
                    "Executors' pods that are not what was decided, or that policy or cluster "
                    "would not have.")
          .Add({});
  Counter& unjudged = CounterFamily("ballast_unjudged_drivers_total",
                                    "Drivers that started while nobody judged them.")
                          .Add({});
  Counter& malformed =
      CounterFamily("ballast_malformed_reviews_total", "Bodies that are no review.").Add({});
  Gauge& expiry = GaugeFamily("ballast_certificate_expiry_timestamp_seconds",
                              "When the serving certificate ends.")
                      .Add({});
  Gauge& connections =
      GaugeFamily("ballast_http_connections", "Connections that are open.").Add({});
  Gauge& in_flight =
      GaugeFamily("ballast_http_bytes_in_flight", "Bytes of requests that are held.").Add({});
  // Counted by the server itself.
  Counter& http_requests =
      CounterFamily("ballast_http_requests_total", "Requests that reached a handler.").Add({});
  Counter& accepted =
      CounterFamily("ballast_http_connections_accepted_total", "Connections accepted.").Add({});
  Counter& turned_away = CounterFamily("ballast_http_connections_turned_away_total",
                                       "Connections closed at once since there were too many.")
                             .Add({});
  Counter& handshakes_failed =
      CounterFamily("ballast_tls_handshakes_failed_total", "TLS handshakes that failed.").Add({});
  Counter& lines_dropped =
      CounterFamily("ballast_log_lines_dropped_total", "Log lines lost because nobody read them.")
          .Add({});
  Gauge& memory =
      GaugeFamily("process_resident_memory_bytes", "Resident memory size in bytes.").Add({});
  Counter& cpu =
      CounterFamily("process_cpu_seconds_total", "User and system CPU time in seconds.").Add({});
  std::mutex text_mutex;

  // Counters of one namespace, looked up once.
  struct NamespaceSizes {
    Counter* memory_asked;
    Counter* memory_granted;
    Counter* cpu_asked;
    Counter* cpu_granted;
  };
  const NamespaceSizes& SizesOf(std::string_view name);
  std::shared_mutex sizes_mutex;
  std::map<std::string, NamespaceSizes, std::less<>> sizes;
  std::mutex expiry_mutex;
  std::map<std::pair<std::string, std::string>, Gauge*> expiries;  // by namespace and name

  CounterTable request_table{kinds.size() * kOperations.size() * kOutcomes.size() * 2};
  CounterTable finding_table{rules.size() * kActions.size()};
};

const Metrics::State::NamespaceSizes& Metrics::State::SizesOf(std::string_view name) {
  // No namespace begins with an underscore.
  constexpr std::string_view kOthers = "_others";
  constexpr size_t kMostNamespaces = 500;
  {
    const std::shared_lock lock(sizes_mutex);
    const auto found = sizes.find(name);
    if (found != sizes.end()) return found->second;
  }
  const std::scoped_lock lock(sizes_mutex);
  const std::string known(sizes.size() < kMostNamespaces ? name : kOthers);
  const auto counter = [&](Family<Counter>& family, const char* stage) {
    return &family.Add({{"namespace", known}, {"stage", stage}});
  };
  const auto [place, is_new] = sizes.try_emplace(
      known, NamespaceSizes{counter(memory_bytes, "asked"), counter(memory_bytes, "granted"),
                            counter(cpu_cores, "asked"), counter(cpu_cores, "granted")});
  return place->second;
}

Metrics::Metrics(std::string_view version) : state_(std::make_unique<State>(version)) {}
Metrics::~Metrics() = default;

void Metrics::Admission(const AdmissionSample& sample) {
  const size_t kind = IndexOf(state_->kinds, sample.kind);
  const size_t operation = IndexOf(kOperations, sample.operation);
  const auto outcome = static_cast<size_t>(sample.outcome);
  const size_t index = ((kind * kOperations.size() + operation) * kOutcomes.size() + outcome) * 2 +
                       (sample.dry_run ? 1 : 0);
  state_->request_table.Increment(index, state_->requests, [&] {
    return prometheus::Labels{{"kind", state_->kinds[kind]},
                              {"operation", std::string(kOperations[operation])},
                              {"verdict", std::string(kOutcomes[outcome])},
                              {"dry_run", sample.dry_run ? "true" : "false"}};
  });
  state_->duration.Observe(sample.seconds);
}

void Metrics::Finding(std::string_view rule, policy::Action action) {
  const size_t rule_index = IndexOf(state_->rules, rule);
  const auto action_index = static_cast<size_t>(action);
  state_->finding_table.Increment(
      rule_index * kActions.size() + action_index, state_->findings, [&] {
        return prometheus::Labels{{"rule", state_->rules[rule_index]},
                                  {"action", std::string(kActions[action_index])}};
      });
}

std::vector<FindingCount> Metrics::Findings() const {
  std::vector<FindingCount> counts;
  for (const policy::Rule* rule : policy::AllRules()) {
    const size_t first = IndexOf(state_->rules, rule->id) * kActions.size();
    const auto count = [&](policy::Action action) {
      return state_->finding_table.Value(first + static_cast<size_t>(action));
    };
    counts.push_back({rule->id, count(policy::Action::kWarn), count(policy::Action::kRewrite),
                      count(policy::Action::kReject)});
  }
  return counts;
}

void Metrics::ShadowFinding(const std::string& policy, const std::string& rule,
                            policy::Action action) {
  state_->shadow_findings
      .Add({{"policy", policy},
            {"rule", state_->rules[IndexOf(state_->rules, rule)]},
            {"action", std::string(kActions[static_cast<size_t>(action)])}})
      .Increment();
}

void Metrics::Sizes(std::string_view namespace_name, const policy::Totals& asked,
                    const policy::Totals& granted) {
  constexpr double kMillis = 1000;
  const State::NamespaceSizes& sizes = state_->SizesOf(namespace_name);
  sizes.memory_asked->Increment(static_cast<double>(asked.memory.bytes()));
  sizes.memory_granted->Increment(static_cast<double>(granted.memory.bytes()));
  sizes.cpu_asked->Increment(static_cast<double>(asked.cpu.millis()) / kMillis);
  sizes.cpu_granted->Increment(static_cast<double>(granted.cpu.millis()) / kMillis);
}

void Metrics::Leader(bool leads) { state_->leader.Set(leads ? 1 : 0); }

void Metrics::ExceptionExpiries(const std::vector<policy::PolicyException>& exceptions) {
  constexpr size_t kMostShown = 1000;
  const std::scoped_lock lock(state_->expiry_mutex);
  auto before = std::move(state_->expiries);
  state_->expiries.clear();
  for (const policy::PolicyException& exception : exceptions) {
    if (state_->expiries.size() >= kMostShown) break;
    std::pair key{exception.namespace_name, exception.name};
    Gauge& gauge = state_->exception_expiry.Add(
        {{"namespace", exception.namespace_name}, {"exception", exception.name}});
    gauge.Set(static_cast<double>(exception.expires_seconds));
    before.erase(key);
    state_->expiries.emplace(std::move(key), &gauge);
  }
  for (const auto& [key, gauge] : before) state_->exception_expiry.Remove(gauge);
}

void Metrics::PoliciesStored(int64_t valid, int64_t invalid) {
  state_->policies_stored.Add({{"valid", "true"}}).Set(static_cast<double>(valid));
  state_->policies_stored.Add({{"valid", "false"}}).Set(static_cast<double>(invalid));
}

void Metrics::EventMade(bool success) {
  state_->events.Add({{"result", success ? "success" : "failure"}}).Increment();
}
void Metrics::EventsDropped(uint64_t total) {
  RaiseTo(static_cast<double>(total), state_->events_dropped);
}
void Metrics::StatusWritten(bool success) {
  state_->statuses.Add({{"result", success ? "success" : "failure"}}).Increment();
}

void Metrics::Reports(const ReportCounts& counts) {
  state_->reports.Add({{"state", "kept"}}).Set(static_cast<double>(counts.kept));
  state_->reports.Add({{"state", "left_out"}}).Set(static_cast<double>(counts.left_out));
  RaiseTo(static_cast<double>(counts.written), state_->report_writes.Add({{"result", "success"}}));
  RaiseTo(static_cast<double>(counts.failed), state_->report_writes.Add({{"result", "failure"}}));
}

void Metrics::PatchNotProven() { state_->not_proven.Increment(); }
void Metrics::UnknownKindVersion(bool admitted) {
  state_->unknown_versions.Add({{"result", admitted ? "admitted" : "refused"}}).Increment();
}

void Metrics::ExecutorMismatch() { state_->mismatches.Increment(); }

void Metrics::Unjudged(int64_t more) { state_->unjudged.Increment(static_cast<double>(more)); }
void Metrics::MalformedReview() { state_->malformed.Increment(); }

void Metrics::Refused(int status) {
  state_->refused.Add({{"code", std::to_string(status)}}).Increment();
}

void Metrics::Reloaded(std::string_view what, bool success, int64_t time) {
  const std::string name(what);
  // Both are there from the first: what appears with the first failure has not increased.
  auto& failures = state_->reloads.Add({{"what", name}, {"result", "failure"}});
  auto& successes = state_->reloads.Add({{"what", name}, {"result", "success"}});
  (success ? successes : failures).Increment();
  if (success) state_->reload_time.Add({{"what", name}}).Set(static_cast<double>(time));
}

void Metrics::CertificateExpiry(int64_t unix_seconds) {
  state_->expiry.Set(static_cast<double>(unix_seconds));
}

// What is followed goes stale by itself: each has its own age, and one alert is about the oldest.
void Metrics::Watch(std::string_view what, std::optional<int64_t> age_seconds, uint64_t failures) {
  State& s = *state_;
  const prometheus::Labels labels = {{"what", std::string(what)}};
  if (age_seconds) {
    s.GaugeFamily("ballast_cluster_view_age_seconds",
                  "Since the API server was heard, by the watch that has waited longest.")
        .Add(labels)
        .Set(static_cast<double>(*age_seconds));
  }
  RaiseTo(static_cast<double>(failures),
          s.CounterFamily("ballast_watch_failures_total",
                          "Lists and watches of the live cluster that failed.")
              .Add(labels));
}

// Made when there is a cluster to follow: without one these would only say nothing.
void Metrics::Cluster(const ClusterGauges& cluster) {
  State& s = *state_;
  const auto gauge = [&s](const char* name, const char* help) -> Gauge& {
    return s.GaugeFamily(name, help).Add({});
  };
  Watch("cluster", cluster.age_seconds, cluster.failures);
  gauge("ballast_cluster_nodes", "Nodes that the live cluster has now.")
      .Set(static_cast<double>(cluster.nodes));
  RaiseTo(static_cast<double>(cluster.changes),
          s.CounterFamily("ballast_cluster_changes_total",
                          "Capacities taken into use since the live cluster changed.")
              .Add({}));
}

void Metrics::Followed(const FollowedGauges& followed) {
  Watch(followed.what, followed.age_seconds, followed.failures);
  RaiseTo(static_cast<double>(followed.left_out),
          state_
              ->CounterFamily("ballast_left_out_total",
                              "How often something of the cluster was not kept, since it is too "
                              "large or one too many.")
              .Add({{"what", std::string(followed.what)}}));
}

std::string Metrics::Text(const ServerGauges& gauges) {
  State& s = *state_;
  const std::scoped_lock lock(s.text_mutex);
  s.connections.Set(static_cast<double>(gauges.connections));
  s.in_flight.Set(static_cast<double>(gauges.bytes_in_flight));
  RaiseTo(static_cast<double>(gauges.requests), s.http_requests);
  RaiseTo(static_cast<double>(gauges.accepted), s.accepted);
  RaiseTo(static_cast<double>(gauges.turned_away), s.turned_away);
  RaiseTo(static_cast<double>(gauges.handshakes_failed), s.handshakes_failed);
  RaiseTo(static_cast<double>(gauges.log_lines_dropped), s.lines_dropped);
  if (gauges.cluster) Cluster(*gauges.cluster);
  for (const FollowedGauges& followed : gauges.followed) Followed(followed);
  const ProcessUsage usage = CurrentUsage();
  s.memory.Set(static_cast<double>(usage.resident_bytes));
  RaiseTo(usage.cpu_seconds, s.cpu);
  return prometheus::TextSerializer().Serialize(s.registry.Collect());
}

}  // namespace ballast::webhook
