// What one replica of all does: writes the statuses of policies, makes an Event of each stored
// decision and, where it is wanted, a Report of each application that policy has something to say
// of. All replicas ask for the Lease; who holds it does the work.
//
// Nothing of it stands in the way of admission: a thread of its own, a client of its own, and
// everything bounded a round.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "k8s/api/client.h"
#include "k8s/api/lease.h"
#include "k8s/api/reflector.h"
#include "webhook/operator/decision_tally.h"
#include "webhook/operator/executor_mismatches.h"
#include "webhook/operator/policy_book.h"
#include "webhook/operator/report_scan.h"
#include "webhook/operator/stored_decisions.h"
#include "webhook/operator/unjudged.h"
#include "webhook/server/live_snapshot.h"
#include "webhook/server/log.h"
#include "webhook/server/metrics.h"

namespace ballast::webhook {

struct OperatorOptions {
  k8s::LeaseOptions lease;
  std::string replica;                // the pod's name, for statuses and Events
  int64_t lease_round_millis = 2000;  // how often the Lease is asked for or renewed
  size_t statuses_per_round = 10;
  size_t events_per_round = 20;
  std::optional<ReportOptions> reports = {};  // nullopt: none are written
  std::function<k8s::Instant()> clock;        // empty: the machine's
};

// Everything that it works with; all of it outlives the operator.
struct OperatorParts {
  k8s::ApiClient& client;
  PolicyBook& book;
  const LiveSnapshot& snapshot;
  const DecisionTally& tally;
  Metrics& metrics;
  Log& log;
};

class Operator {
 public:
  Operator(OperatorOptions options, OperatorParts parts);
  ~Operator();
  Operator(const Operator&) = delete;
  Operator& operator=(const Operator&) = delete;

  // A thread that makes a round each second.
  void Start();
  // Ends the thread and gives the Lease back, which takes a few seconds at most. Once is enough.
  void Stop();

  // One round; for tests, and for the thread of Start.
  void Round();
  bool leads() const { return leads_.load(); }

 private:
  void AskForLease(k8s::Instant now);
  void WatchApplications(const Collection& collection);
  void WatchMismatches();
  void TellForbidden();
  void CountUnjudged();
  void BeginToLead(k8s::Instant now);
  void StopLeading();
  bool StatusesAreDue(k8s::Instant now);
  void WriteStatuses(k8s::Instant now);
  bool WriteStatus(const StoredPolicy& stored, const nlohmann::json& status);
  void MakeEvents(k8s::Instant now);
  bool MakeEvent(const DecisionEvent& event, k8s::Instant now);
  bool MayRetry(const k8s::ApiError& error);
  void StepReports(k8s::Instant now);
  void Tell(const char* message, std::string error);
  bool StillLeads() const;

  const OperatorOptions options_;
  OperatorParts parts_;
  k8s::Candidate candidate_;
  const int64_t started_seconds_;
  std::atomic<bool> leads_{false};
  std::optional<int64_t> asked_at_;          // steady milliseconds
  std::map<std::string, std::string> told_;  // message -> the error that was told last
  std::optional<int64_t> looked_at_;         // steady milliseconds, at statuses
  uint64_t looked_version_ = 0;              // of the book
  std::map<std::string, int64_t> written_;   // uid -> when its status was, Unix seconds
  StoredDecisions decisions_;
  ExecutorMismatches mismatches_;
  std::optional<ReportScan> reports_;
  bool told_absent_ = false;
  std::atomic<bool> told_forbidden_{false};               // of pods
  std::vector<std::unique_ptr<k8s::Reflector>> watches_;  // of applications, while it leads
  std::optional<Absence> absence_;                        // before we led, and not counted yet
  std::stop_source stop_;
  std::unique_ptr<std::jthread> thread_;
};

k8s::Instant NowInstant();

}  // namespace ballast::webhook
