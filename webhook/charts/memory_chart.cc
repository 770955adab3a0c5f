#include "webhook/charts/memory_chart.h"

#include <algorithm>

#include "webhook/charts/axis.h"
#include "webhook/charts/figure.h"
#include "webhook/page/html.h"

namespace ballast::webhook {
namespace {

using policy::ByteSize;

constexpr size_t kMostLines = 8;
constexpr double kHeight = 260;

std::string Polyline(const MemoryLine& line, size_t index, const Axis& x, const Axis& y) {
  const std::string series = " class=\"line s" + std::to_string(index + 1) + "\"";
  const auto at = [&](const MemoryPoint& point) {
    return std::pair(Units(x.At(static_cast<double>(point.at))),
                     Units(y.At(static_cast<double>(point.used.bytes()))));
  };
  std::string shape;
  if (line.points.size() == 1) {
    const auto [cx, cy] = at(line.points.front());
    shape = "<circle" + series + " cx=\"" + cx + "\" cy=\"" + cy + "\" r=\"3\"/>";
  } else {
    shape = "<polyline" + series + " points=\"";
    for (const MemoryPoint& point : line.points) {
      const auto [px, py] = at(point);
      shape += px + "," + py + " ";
    }
    shape.back() = '"';
    shape += "/>";
  }
  return "<g><title>" + Escaped(line.name) + ": at most " + MemoryLabel(line.peak()) + "</title>" +
         shape + "</g>\n";
}

// The line that must not be reached, with its name above it.
std::string LimitLine(const MemoryChart& chart, const Axis& y) {
  if (chart.limit <= ByteSize()) return "";
  const std::string at = Units(y.At(static_cast<double>(chart.limit.bytes())));
  return "<line class=\"limit\" x1=\"" + Units(kPlotLeft) + "\" x2=\"" + Units(kPlotRight) +
         "\" y1=\"" + at + "\" y2=\"" + at + "\"/>\n<text class=\"limit\" x=\"" +
         Units(kPlotRight) + "\" y=\"" + Units(y.At(static_cast<double>(chart.limit.bytes())) - 5) +
         "\" text-anchor=\"end\">" + Escaped(chart.limit_name) + " " + MemoryLabel(chart.limit) +
         "</text>\n";
}

}  // namespace

ByteSize MemoryLine::peak() const {
  ByteSize most;
  for (const MemoryPoint& point : points) most = std::max(most, point.used);
  return most;
}

std::string DrawMemory(const MemoryChart& chart) {
  std::vector<const MemoryLine*> lines;
  for (const MemoryLine& line : chart.lines) {
    if (!line.points.empty()) lines.push_back(&line);
  }
  if (lines.empty()) return "";
  std::stable_sort(lines.begin(), lines.end(),
                   [](const MemoryLine* a, const MemoryLine* b) { return a->peak() > b->peak(); });
  const size_t more = lines.size() > kMostLines ? lines.size() - kMostLines : 0;
  lines.resize(lines.size() - more);

  const ByteSize top = std::max(chart.limit, lines.front()->peak());
  const auto ticks = MemoryTicks(top);
  const Axis y{0, static_cast<double>(ticks.back().bytes()), kHeight - kPlotBottom, kPlotTop};
  const Axis x{static_cast<double>(chart.start), static_cast<double>(chart.end), kPlotLeft,
               kPlotRight};
  std::string svg;
  for (const ByteSize tick : ticks) {
    svg += HorizontalRule(y.At(static_cast<double>(tick.bytes())), MemoryLabel(tick));
  }
  svg += TimeAxis(chart.start, chart.end, kHeight);
  std::vector<LegendEntry> legend;
  // The highest is drawn last, over the others.
  for (size_t i = lines.size(); i-- > 0;) svg += Polyline(*lines[i], i, x, y);
  for (size_t i = 0; i < lines.size(); ++i) {
    legend.push_back({"s" + std::to_string(i + 1),
                      lines[i]->name + ", at most " + MemoryLabel(lines[i]->peak())});
  }
  svg += LimitLine(chart, y);
  std::string about = chart.title + " over time: at most " + MemoryLabel(lines.front()->peak());
  if (chart.limit > ByteSize()) about += " of " + MemoryLabel(chart.limit);
  return Figure(chart.title, about, kHeight, svg, legend,
                more == 0 ? "" : "and " + std::to_string(more) + " more with lower peaks");
}

}  // namespace ballast::webhook
