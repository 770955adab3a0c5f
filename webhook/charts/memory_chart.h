// Memory over time, a line for each executor, against what it may use at most.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "policy/units.h"

namespace ballast::webhook {

struct MemoryPoint {
  int64_t at = 0;  // milliseconds since 1970
  policy::ByteSize used;
};

struct MemoryLine {
  std::string name;  // of the executor
  std::vector<MemoryPoint> points;

  policy::ByteSize peak() const;
};

struct MemoryChart {
  std::string title;       // "Heap of the executors"
  policy::ByteSize limit;  // zero: not known
  std::string limit_name;  // "spark.executor.memory"
  int64_t start = 0;       // of the run
  int64_t end = 0;
  std::vector<MemoryLine> lines;  // in any order
};

// At most eight lines, those with the highest peaks; the legend says how many more there are. The
// HTML of a figure, or empty where there is nothing to draw.
std::string DrawMemory(const MemoryChart& chart);

}  // namespace ballast::webhook
