// How much of the cluster's memory and cores is asked for, and what of the other is stranded by it.
// Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "policy/totals.h"
#include "webhook/page/recent_decisions.h"

namespace ballast::webhook {

struct ClusterUse {
  policy::Totals capacity;
  policy::Totals asked;
  size_t applications = 0;  // that ask for it
  // Memory and cores are taken together. Where a larger share of the memory is asked for than of
  // the cores, so many cores are left over once that memory is gone: nobody can use them. The same
  // the other way round.
  policy::Totals stranded;

  bool operator==(const ClusterUse&) const = default;
};

ClusterUse UseOf(const policy::Totals& capacity, const policy::Totals& asked);

// What the applications among these decisions ask for, each once, as it was admitted last; those
// that were only tried, or refused since, do not count.
struct AskedTotals {
  policy::Totals totals;
  size_t applications = 0;
};
AskedTotals AskedBy(const std::vector<RecentDecision>& newest_first);

}  // namespace ballast::webhook
