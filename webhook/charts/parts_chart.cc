#include "webhook/charts/parts_chart.h"

#include <algorithm>
#include <cmath>

#include "policy/units.h"
#include "webhook/charts/axis.h"
#include "webhook/charts/figure.h"
#include "webhook/charts/label.h"
#include "webhook/page/html.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {
namespace {

constexpr double kRowHeight = 34;
constexpr double kBarHeight = 14;

int64_t SumOf(const PartsRow& row) {
  int64_t sum = 0;
  for (const int64_t part : row.parts) sum = policy::SaturatingAdd(sum, std::max<int64_t>(part, 0));
  return sum;
}

std::string ShareText(int64_t part, int64_t sum) {
  return Percent(std::round(static_cast<double>(part) / static_cast<double>(sum) * 1000) / 1000);
}

std::string DrawRow(const PartsChart& chart, const PartsRow& row, double top, const Axis& x) {
  const int64_t sum = SumOf(row);
  std::string svg = "<text x=\"" + Units(x.first) + "\" y=\"" + Units(top + 11) + "\">" +
                    Escaped(Shortened(row.name, 100)) + "</text><text x=\"" + Units(x.last) +
                    "\" y=\"" + Units(top + 11) + "\" text-anchor=\"end\">" + TimeLabel(sum) +
                    "</text>\n";
  int64_t before = 0;
  for (size_t i = 0; i < row.parts.size() && i < chart.names.size(); ++i) {
    const int64_t part = std::max<int64_t>(row.parts[i], 0);
    if (part == 0) continue;
    const double left = x.At(static_cast<double>(before));
    before = policy::SaturatingAdd(before, part);
    const double right = x.At(static_cast<double>(before));
    svg += "<g><title>" + Escaped(chart.names[i]) + ": " + TimeLabel(part) + ", " +
           ShareText(part, sum) + "</title><rect class=\"s" + std::to_string(i + 1) + "\" x=\"" +
           Units(left) + "\" y=\"" + Units(top + 16) + "\" width=\"" + Units(right - left) +
           "\" height=\"" + Units(kBarHeight) + "\"/></g>\n";
  }
  return svg;
}

}  // namespace

std::string DrawParts(const PartsChart& chart) {
  int64_t most = 0;
  for (const PartsRow& row : chart.rows) most = std::max(most, SumOf(row));
  if (most == 0) return "";
  const Axis x{0, static_cast<double>(most), 16, kPlotRight};
  std::string svg;
  double top = 4;
  for (const PartsRow& row : chart.rows) {
    svg += DrawRow(chart, row, top, x);
    top += kRowHeight;
  }
  const PartsRow& first = chart.rows.front();
  const int64_t sum = SumOf(first);
  std::string about = chart.title + ", " + first.name + ":";
  std::vector<LegendEntry> legend;
  for (size_t i = 0; i < chart.names.size() && i < first.parts.size(); ++i) {
    const std::string text =
        chart.names[i] + " " +
        (sum == 0 ? "0 %" : ShareText(std::max<int64_t>(first.parts[i], 0), sum));
    about += (i == 0 ? " " : ", ") + text;
    legend.push_back({"s" + std::to_string(i + 1), text});
  }
  return Figure(chart.title, about, top + 4, svg, legend);
}

}  // namespace ballast::webhook
