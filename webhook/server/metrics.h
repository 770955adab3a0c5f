// What the server counts, as Prometheus reads it. Labels are bounded: kinds that Ballast judges
// (all else is "other"), rule ids, and policy names; never names of objects. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "policy/evaluate.h"

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

// What the server itself knows, read when metrics are asked for; totals since start.
struct ServerGauges {
  int64_t connections = 0;
  int64_t bytes_in_flight = 0;
  uint64_t requests = 0;
  uint64_t accepted = 0;
  uint64_t turned_away = 0;
  uint64_t handshakes_failed = 0;
  uint64_t log_lines_dropped = 0;
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
  void PatchNotProven();
  void MalformedReview();
  // Refused before it was a review: too large, too slow, too late, ...
  void Refused(int status);
  // `what` is "policy", "cluster" or "certificate"; time is Unix seconds.
  void Reloaded(std::string_view what, bool success, int64_t time);
  void CertificateExpiry(int64_t unix_seconds);

  // The text of /metrics.
  std::string Text(const ServerGauges& gauges);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ballast::webhook
