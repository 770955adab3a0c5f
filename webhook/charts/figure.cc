#include "webhook/charts/figure.h"

#include "webhook/charts/axis.h"
#include "webhook/page/html.h"

namespace ballast::webhook {

std::string HorizontalRule(double y, std::string_view label) {
  const std::string at = Units(y);
  return "<line class=\"rule\" x1=\"" + Units(kPlotLeft) + "\" x2=\"" + Units(kPlotRight) +
         "\" y1=\"" + at + "\" y2=\"" + at + "\"/><text x=\"" + Units(kPlotLeft - 8) + "\" y=\"" +
         Units(y + 4) + "\" text-anchor=\"end\">" + Escaped(label) + "</text>\n";
}

std::string TimeAxis(int64_t start, int64_t end, double height) {
  const Axis x{static_cast<double>(start), static_cast<double>(end), kPlotLeft, kPlotRight};
  std::string svg;
  for (const int64_t tick : TimeTicks(end - start)) {
    const double at = x.At(static_cast<double>(start + tick));
    // The last label stays inside the picture.
    const char* anchor = at > kPlotRight - 24 ? "end" : "middle";
    svg += "<line class=\"rule\" x1=\"" + Units(at) + "\" x2=\"" + Units(at) + "\" y1=\"" +
           Units(kPlotTop) + "\" y2=\"" + Units(height - kPlotBottom) + "\"/><text x=\"" +
           Units(at) + "\" y=\"" + Units(height - 8) + "\" text-anchor=\"" + anchor + "\">" +
           TimeLabel(tick) + "</text>\n";
  }
  return svg;
}

std::string Figure(std::string_view title, std::string_view about, double height,
                   std::string_view shapes, const std::vector<LegendEntry>& legend,
                   std::string_view note) {
  std::string html = "<figure>\n<figcaption>" + Escaped(title) +
                     "</figcaption>\n<svg role=\"img\" " + "viewBox=\"0 0 " + Units(kChartWidth) +
                     " " + Units(height) + "\" aria-label=\"" + Escaped(about) + "\">\n" +
                     std::string(shapes) + "</svg>\n";
  if (legend.empty() && note.empty()) return html + "</figure>\n";
  html += "<ul class=\"legend\">\n";
  for (const LegendEntry& entry : legend) {
    html += "<li><span class=\"key " + entry.style + "\"></span>" + Escaped(entry.text) + "</li>\n";
  }
  if (!note.empty()) html += "<li>" + Escaped(note) + "</li>\n";
  return html + "</ul>\n</figure>\n";
}

}  // namespace ballast::webhook
