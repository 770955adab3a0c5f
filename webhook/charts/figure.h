// What all charts have in common: their measures, the time axis, the frame with title and legend.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::webhook {

// In the units of a chart; the plot of every chart begins and ends at the same places, so that
// those over time can be read one below the other.
inline constexpr double kChartWidth = 960;
inline constexpr double kPlotLeft = 84;
inline constexpr double kPlotRight = 944;
inline constexpr double kPlotTop = 18;
inline constexpr double kPlotBottom = 28;  // below the plot

// A faint line across the plot with its label on the left.
std::string HorizontalRule(double y, std::string_view label);
// Faint upright lines with how long after the start they are, in a chart of this height.
std::string TimeAxis(int64_t start, int64_t end, double height);

struct LegendEntry {
  std::string style;  // the class of its colour: "s1"
  std::string text;   // not yet escaped
};

// A <figure> around the shapes of a chart. `about` is what is read out instead of the picture; it,
// the title and the legend are escaped here, `shapes` is SVG already.
std::string Figure(std::string_view title, std::string_view about, double height,
                   std::string_view shapes, const std::vector<LegendEntry>& legend,
                   std::string_view note = {});

}  // namespace ballast::webhook
