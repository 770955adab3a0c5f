#include "webhook/charts/timeline_chart.h"

#include <algorithm>

#include "webhook/charts/axis.h"
#include "webhook/charts/figure.h"
#include "webhook/charts/label.h"
#include "webhook/page/html.h"

namespace ballast::webhook {
namespace {

constexpr size_t kMostBars = 300;
constexpr size_t kMostLanes = 24;
constexpr double kLaneHeight = 20;
constexpr double kBarHeight = 16;
constexpr double kLeast = 1.5;      // a bar that is shorter would not be seen
constexpr double kCharacter = 6.6;  // about, of the font of labels
constexpr double kLabelPadding = 10;

struct Placed {
  const TimelineBar* bar;
  int64_t end;
  size_t lane;
};

// The longest bars, from the earliest on, each in the first lane that is free by then.
std::vector<Placed> Place(const TimelineChart& chart) {
  std::vector<const TimelineBar*> bars;
  for (const TimelineBar& bar : chart.bars) {
    if (bar.start > 0) bars.push_back(&bar);
  }
  const auto end_of = [&](const TimelineBar* bar) {
    return bar->end > 0 ? std::max(bar->end, bar->start) : std::max(chart.end, bar->start);
  };
  if (bars.size() > kMostBars) {
    std::stable_sort(bars.begin(), bars.end(), [&](const TimelineBar* a, const TimelineBar* b) {
      return end_of(a) - a->start > end_of(b) - b->start;
    });
    bars.resize(kMostBars);
  }
  std::stable_sort(bars.begin(), bars.end(),
                   [](const TimelineBar* a, const TimelineBar* b) { return a->start < b->start; });
  std::vector<int64_t> free_at;
  std::vector<Placed> placed;
  for (const TimelineBar* bar : bars) {
    const auto lane =
        std::find_if(free_at.begin(), free_at.end(), [&](int64_t at) { return at <= bar->start; });
    const auto index = static_cast<size_t>(lane - free_at.begin());
    if (lane == free_at.end()) {
      if (index == kMostLanes) continue;
      free_at.push_back(0);
    }
    free_at[index] = std::max(end_of(bar), bar->start + 1);
    placed.push_back({bar, end_of(bar), index});
  }
  return placed;
}

std::string DrawBar(const Placed& placed, const Axis& x) {
  const TimelineBar& bar = *placed.bar;
  const double left = x.At(static_cast<double>(bar.start));
  const double width = std::max(x.At(static_cast<double>(placed.end)) - left, kLeast);
  const double top = kPlotTop + 2 + static_cast<double>(placed.lane) * kLaneHeight;
  const char* style = bar.failed ? "failed" : bar.end == 0 ? "unended" : "s1";
  const char* state = bar.failed ? ", failed" : bar.end == 0 ? ", never ended" : "";
  std::string svg = "<g><title>" + Escaped(bar.name) + ": " + TimeLabel(placed.end - bar.start) +
                    state + "</title><rect class=\"" + style + "\" x=\"" + Units(left) + "\" y=\"" +
                    Units(top) + "\" width=\"" + Units(width) + "\" height=\"" + Units(kBarHeight) +
                    "\"/>";
  const double room = (width - kLabelPadding) / kCharacter;
  if (room >= 3) {
    svg += "<text class=\"in\" x=\"" + Units(left + 5) + "\" y=\"" + Units(top + 12) + "\">" +
           Escaped(Shortened(bar.name, static_cast<size_t>(room))) + "</text>";
  }
  return svg + "</g>\n";
}

}  // namespace

std::string DrawTimeline(const TimelineChart& chart) {
  const std::vector<Placed> placed = Place(chart);
  if (placed.empty()) return "";
  size_t lanes = 0;
  size_t failed = 0;
  size_t unended = 0;
  for (const Placed& one : placed) {
    lanes = std::max(lanes, one.lane + 1);
    failed += one.bar->failed ? 1 : 0;
    unended += !one.bar->failed && one.bar->end == 0 ? 1 : 0;
  }
  const double height = kPlotTop + 4 + static_cast<double>(lanes) * kLaneHeight + kPlotBottom;
  const Axis x{static_cast<double>(chart.start), static_cast<double>(chart.end), kPlotLeft,
               kPlotRight};
  std::string svg = TimeAxis(chart.start, chart.end, height);
  for (const Placed& one : placed) svg += DrawBar(one, x);
  std::vector<LegendEntry> legend = {{"s1", "ended"}};
  if (failed > 0) legend.push_back({"failed", std::to_string(failed) + " failed"});
  if (unended > 0) legend.push_back({"unended", std::to_string(unended) + " never ended"});
  const size_t left_out = chart.bars.size() - placed.size();
  return Figure(chart.title,
                chart.title + ": " + std::to_string(chart.bars.size()) + ", of which " +
                    std::to_string(failed) + " failed",
                height, svg, legend,
                left_out == 0 ? "" : std::to_string(left_out) + " more are not drawn");
}

}  // namespace ballast::webhook
