// Gathers what the page shows from the parts of a running service.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "webhook/operator/decision_tally.h"
#include "webhook/operator/policy_book.h"
#include "webhook/page/page_facts.h"
#include "webhook/page/recent_decisions.h"
#include "webhook/server/live_snapshot.h"
#include "webhook/server/metrics.h"

namespace ballast::webhook {

struct PageParts {
  const LiveSnapshot& snapshot;
  const Metrics& metrics;
  const DecisionTally& tally;
  const RecentDecisions& recent;
};

// What none of the parts knows.
struct PageMoment {
  int64_t now = 0;
  int64_t started = 0;
  int64_t certificate_ends = 0;
  std::string replica;
  bool leads = false;
  std::vector<StoredPolicy> stored;  // of the cluster, with their mistakes
};

PageFacts GatherFacts(const PageParts& parts, PageMoment moment);

}  // namespace ballast::webhook
