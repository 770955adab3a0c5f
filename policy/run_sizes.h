// The sizes of an application from many of its runs: heaps, memory outside the heap, overhead.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "policy/right_size.h"
#include "policy/symptoms/application_run.h"

namespace ballast::policy {

inline constexpr size_t kRunSizes = 4;  // heap, overhead and off-heap of executors, driver's heap

// What is kept of a run, for those to come: a few numbers, whatever it was.
struct RunUses {
  int64_t ended = 0;                                   // ms since 1970
  std::array<std::optional<SizeUse>, kRunSizes> uses;  // nullopt: the run has no such size
};
// A run in local mode has no executors, and counts for the driver's heap alone, where its tasks
// ran.
RunUses UsesOf(const ApplicationRun& run);

struct SizedSetting {
  std::string_view key;  // "spark.executor.memory"
  RightSize size;
};

// Of runs of one application, in any order. A size that no run reported is left out: overheads
// want spark.executor.processTreeMetrics.enabled.
std::vector<SizedSetting> SizesFromRuns(std::vector<RunUses> runs);

}  // namespace ballast::policy
