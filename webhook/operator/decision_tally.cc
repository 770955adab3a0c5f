#include "webhook/operator/decision_tally.h"

#include <cstddef>
#include <mutex>

namespace ballast::webhook {
namespace {

// Sets of policies that match together. What is over it is not counted.
constexpr size_t kMostCells = 1000;

// Whether `policy` is one of "a,b,c".
bool Names(std::string_view policies, std::string_view policy) {
  while (!policies.empty()) {
    const size_t comma = policies.find(',');
    if (policies.substr(0, comma) == policy) return true;
    if (comma == std::string_view::npos) break;
    policies.remove_prefix(comma + 1);
  }
  return false;
}

}  // namespace

void DecisionTally::Count(std::string_view policies, policy::VerdictKind verdict) {
  const auto count = [&](Cell& cell) {
    switch (verdict) {
      case policy::VerdictKind::kRewritten:
        cell.rewritten.fetch_add(1, std::memory_order_relaxed);
        break;
      case policy::VerdictKind::kRejected:
        cell.rejected.fetch_add(1, std::memory_order_relaxed);
        break;
      case policy::VerdictKind::kAdmitted:
      case policy::VerdictKind::kExempt:
        cell.admitted.fetch_add(1, std::memory_order_relaxed);
        break;
    }
  };
  {
    const std::shared_lock lock(mutex_);
    const auto found = cells_.find(policies);
    if (found != cells_.end()) {
      count(found->second);
      return;
    }
  }
  const std::scoped_lock lock(mutex_);
  if (cells_.size() < kMostCells) count(cells_[std::string(policies)]);
}

DecisionCounts DecisionTally::Of(std::string_view policy) const {
  const std::shared_lock lock(mutex_);
  DecisionCounts counts;
  for (const auto& [policies, cell] : cells_) {
    if (!Names(policies, policy)) continue;
    counts.admitted += cell.admitted.load(std::memory_order_relaxed);
    counts.rewritten += cell.rewritten.load(std::memory_order_relaxed);
    counts.rejected += cell.rejected.load(std::memory_order_relaxed);
  }
  return counts;
}

}  // namespace ballast::webhook
