// The leader's scan of what is stored: one Report for each application that policy and cluster have
// something to say of, none for the others. A step each second, and each step is bounded: one page
// of a list, or a few writes.
//
// What is held between steps is the name and digest of each report (`most` of them) and the reports
// of one page that are still to be written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "k8s/api/client.h"
#include "k8s/api/lease.h"
#include "webhook/admission/admit.h"
#include "webhook/operator/report_counts.h"
#include "webhook/operator/stored_decisions.h"

namespace ballast::webhook {

struct ReportOptions {
  int64_t interval_seconds = 600;       // from one scan's end to the next one's beginning
  size_t most = 2000;                   // reports; of more applications none is written
  int64_t max_age_seconds = 2'592'000;  // 30 days, for an application that has ended
  size_t writes_per_step = 5;
  int page_limit = 100;  // applications a step
};

class ReportScan {
 public:
  ReportScan(ReportOptions options, k8s::ApiClient& client) : options_(options), client_(client) {}

  // One step, of what is judged by `snapshot`. The error, where the step met with one: the scan
  // then begins anew after its interval, and what it has not seen stays as it is. A list that ran
  // out of time is no error at first: the scan begins anew at once, and then no more.
  std::optional<k8s::ApiError> Step(const Snapshot& snapshot, k8s::Instant now,
                                    const std::stop_token& stop);
  // Another replica leads: all is forgotten.
  void Clear();

  // The cluster does not know reports; looked at again after each interval.
  bool absent() const { return absent_; }
  const ReportCounts& counts() const { return counts_; }

 private:
  enum class Phase { kIdle, kReports, kApplications, kRemovals };
  struct Known {
    std::string namespace_name;
    std::string digest;
    bool wanted = false;
  };
  struct Write {
    std::string name;
    nlohmann::json report;  // null: it is removed
    std::string namespace_name;
    bool is_new = false;
  };

  bool GoesOn(const k8s::ApiError& error);
  std::optional<k8s::ApiError> ListReports(const std::stop_token& stop);
  std::optional<k8s::ApiError> ScanPage(const Snapshot& snapshot, k8s::Instant now,
                                        const std::stop_token& stop);
  void Look(const Collection& collection, k8s::JsonView object, const Snapshot& snapshot,
            int64_t now_seconds);
  void QueueRemovals();
  std::optional<k8s::ApiError> WriteSome(const std::stop_token& stop);
  std::optional<k8s::ApiError> WriteOne(const Write& write, const std::stop_token& stop);
  void EndScan(k8s::Instant now);

  const ReportOptions options_;
  k8s::ApiClient& client_;
  Phase phase_ = Phase::kIdle;
  std::optional<int64_t> next_at_;  // steady milliseconds; nullopt: at once
  std::string next_;                // page
  std::vector<Collection> collections_;
  size_t collection_ = 0;
  std::unordered_map<std::string, Known> known_;  // by name
  std::deque<Write> writes_;
  size_t wanted_ = 0;
  int64_t left_out_ = 0;
  size_t refused_ = 0;  // writes of this scan
  bool absent_ = false;
  bool begun_anew_ = false;
  ReportCounts counts_;
};

}  // namespace ballast::webhook
