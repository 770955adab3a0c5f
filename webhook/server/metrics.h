// What the server counts, as Prometheus reads it. Labels are bounded: kinds that Ballast judges
// (all else is "other"), rule ids, and policy names; never names of objects. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/evaluate.h"
#include "policy/policy.h"
#include "policy/totals.h"
#include "webhook/operator/report_counts.h"

namespace ballast::webhook {

// What became of one review.
enum class Outcome { kAdmitted, kRewritten, kRejected, kExempt, kIgnored };
Outcome OutcomeOf(policy::VerdictKind verdict);

struct AdmissionSample {
  std::string_view kind;                // as sent
  std::string_view operation;           // CREATE, UPDATE
  Outcome outcome = Outcome::kIgnored;  // kIgnored: a kind that Ballast does not judge
  bool dry_run = false;
  double seconds = 0;  // from the request's first byte to its answer
};

// What is known of the live cluster; totals since start.
struct ClusterGauges {
  std::optional<int64_t> age_seconds;  // since the API server was heard; nullopt: it never was
  int64_t nodes = 0;
  uint64_t changes = 0;   // of the capacity that is judged by
  uint64_t failures = 0;  // of watches
};

// What is known of one thing of the cluster's that is followed beside it; totals since start.
struct FollowedGauges {
  std::string_view what;               // "policies", "applications"; static storage
  std::optional<int64_t> age_seconds;  // since the API server was heard; nullopt: it never was
  uint64_t failures = 0;               // of watches
  uint64_t left_out = 0;               // how often one was not kept: too large, or one too many
};

// What the server itself knows, read when metrics are asked for; totals since start.
struct ServerGauges {
  int64_t connections = 0;
  int64_t bytes_in_flight = 0;
  uint64_t requests = 0;
  uint64_t accepted = 0;
  uint64_t turned_away = 0;
  uint64_t handshakes_failed = 0;
  uint64_t log_lines_dropped = 0;
  std::optional<ClusterGauges> cluster;  // nullopt: no live cluster is followed
  std::vector<FollowedGauges> followed;
};

// What one rule did since start, by what was done about it.
struct FindingCount {
  std::string_view rule;  // static storage
  int64_t warned = 0;
  int64_t rewrote = 0;
  int64_t rejected = 0;
};

class Metrics {
 public:
  explicit Metrics(std::string_view version);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void Admission(const AdmissionSample& sample);
  void Finding(std::string_view rule, policy::Action action);
  void ShadowFinding(const std::string& policy, const std::string& rule, policy::Action action);
  // What a new decision was asked for, and what it granted (nothing where it rejects), of all pods
  // of an application. Namespaces over a bound count together.
  void Sizes(std::string_view namespace_name, const policy::Totals& asked,
             const policy::Totals& granted);
  // Whether this replica leads.
  void Leader(bool leads);
  // When exceptions end; those that are not named any more go.
  void ExceptionExpiries(const std::vector<policy::PolicyException>& exceptions);
  // Stored policies and exceptions whose present version is valid, and those whose is not.
  void PoliciesStored(int64_t valid, int64_t invalid);
  // Events about decisions: made (or counted up), and given up since too many waited.
  void EventMade(bool success);
  void EventsDropped(uint64_t total);
  void StatusWritten(bool success);
  // What the leader's scans for reports came to.
  void Reports(const ReportCounts& counts);
  void PatchNotProven();
  void UnknownKindVersion(bool admitted);  // an object that could not be judged
  // An executor's pod came that the policy or the cluster would not have.
  void ExecutorMismatch();
  // Drivers that started while nobody judged them.
  void Unjudged(int64_t more);
  void MalformedReview();
  // Refused before it was a review: too large, too slow, too late, ...
  void Refused(int status);
  // `what` is "policy", "cluster" or "certificate"; time is Unix seconds.
  void Reloaded(std::string_view what, bool success, int64_t time);
  void CertificateExpiry(int64_t unix_seconds);

  // Of every rule, in the order in which they run.
  std::vector<FindingCount> Findings() const;

  // The text of /metrics.
  std::string Text(const ServerGauges& gauges);

 private:
  struct State;
  void Watch(std::string_view what, std::optional<int64_t> age_seconds, uint64_t failures);
  void Cluster(const ClusterGauges& cluster);
  void Followed(const FollowedGauges& followed);

  std::unique_ptr<State> state_;
};

}  // namespace ballast::webhook
