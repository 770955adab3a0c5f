// Which stages a symptom holds for, and which of them is the worst.
#pragma once

#include <cstdint>
#include <vector>

#include "policy/symptoms/application_run.h"

namespace ballast::policy {

// The stages for which a measure is above nothing, by measure: the worst, and how many.
struct WorstStage {
  const StageRun* stage = nullptr;
  int64_t measure = 0;
  std::vector<int64_t> ids;  // of all of them, at most kPlacesKept
  int64_t count = 0;
};

// `measure` gives 0 for a stage that it does not hold for.
template <typename Measure>
WorstStage FindWorst(const std::vector<StageRun>& stages, Measure&& measure) {
  WorstStage worst;
  for (const StageRun& stage : stages) {
    const int64_t value = measure(stage);
    if (value <= 0) continue;
    ++worst.count;
    if (worst.ids.size() < kPlacesKept) worst.ids.push_back(stage.id);
    if (value > worst.measure) {
      worst.measure = value;
      worst.stage = &stage;
    }
  }
  return worst;
}

}  // namespace ballast::policy
