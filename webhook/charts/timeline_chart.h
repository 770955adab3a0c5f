// Stages over time: a bar for each, those that ran at once in lanes of their own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ballast::webhook {

struct TimelineBar {
  std::string name;  // "3: collect at job.py:12"
  int64_t start = 0;
  int64_t end = 0;  // 0: it never ended
  bool failed = false;
};

struct TimelineChart {
  std::string title;
  int64_t start = 0;  // of the run
  int64_t end = 0;
  std::vector<TimelineBar> bars;  // in any order
};

// At most 300 bars, the longest, in at most 24 lanes; what is left out is counted. The HTML of a
// figure, or empty where there is nothing to draw.
std::string DrawTimeline(const TimelineChart& chart);

}  // namespace ballast::webhook
