// The last decisions of this replica, for the page: a ring in memory, bounded in number and bytes.
// Any thread; what is kept is what the log line has, no object and no setting that is not judged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "policy/evaluate.h"
#include "policy/totals.h"
#include "webhook/admission/admit.h"

namespace ballast::webhook {

struct RecentDecision {
  int64_t seconds = 0;  // Unix time
  std::string operation, kind, namespace_name, name;
  policy::VerdictKind verdict = policy::VerdictKind::kAdmitted;
  bool allowed = true;
  bool dry_run = false;
  bool recorded = false;             // given again
  std::string before, after;         // sizes in brief
  std::vector<std::string> reasons;  // "kryo-buffer: ...", what acted before what only warns
  // What the application asks for as it was admitted; nullopt: refused, or not known.
  std::optional<policy::Totals> asks;

  bool operator==(const RecentDecision&) const = default;
};

// As it was answered; texts are cut.
RecentDecision MakeRecentDecision(const AdmissionRequest& request, const AdmissionAnswer& answer,
                                  int64_t now_seconds);

class RecentDecisions {
 public:
  explicit RecentDecisions(size_t most) : most_(most) {}

  size_t most() const { return most_; }
  void Add(RecentDecision decision);
  // The newest first.
  std::vector<RecentDecision> All() const;

 private:
  const size_t most_;
  mutable std::mutex mutex_;
  std::deque<RecentDecision> decisions_;  // the newest last
};

}  // namespace ballast::webhook
