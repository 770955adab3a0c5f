// Where time went: a bar for each row, cut into its parts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ballast::webhook {

struct PartsRow {
  std::string name;            // "stage 3: collect at job.py:12"
  std::vector<int64_t> parts;  // milliseconds, in the order of the chart's names
};

struct PartsChart {
  std::string title;
  std::vector<std::string> names;  // of the parts: at most eight
  std::vector<PartsRow> rows;      // from above
};

// Each bar is as long as its row is large against the largest. The HTML of a figure, or empty where
// there is nothing to draw.
std::string DrawParts(const PartsChart& chart);

}  // namespace ballast::webhook
