// What this replica has answered since it started, by policy. Any thread; one look-up an answer.
#pragma once

#include <atomic>
#include <map>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "policy/evaluate.h"
#include "webhook/operator/policy_status.h"

namespace ballast::webhook {

class DecisionTally {
 public:
  // `policies` as EffectivePolicy::names has them: "team-a,organisation".
  void Count(std::string_view policies, policy::VerdictKind verdict);
  // Of one policy, alone or among others.
  DecisionCounts Of(std::string_view policy) const;

 private:
  struct Cell {
    std::atomic<int64_t> admitted{0};
    std::atomic<int64_t> rewritten{0};
    std::atomic<int64_t> rejected{0};
  };
  mutable std::shared_mutex mutex_;
  std::map<std::string, Cell, std::less<>> cells_;
};

}  // namespace ballast::webhook
