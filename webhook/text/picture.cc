#include "webhook/text/picture.h"

#include <algorithm>
#include <vector>

#include "webhook/text/terminal.h"

namespace ballast::webhook {
namespace {

constexpr double kCharacterWidth = 8.4;  // of a 14 px monospaced face
constexpr int kLineHeight = 19;
constexpr int kMargin = 18;
constexpr int kTitleHeight = 34;

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '&':
        escaped += "&amp;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

// The SVG style of a colour sequence's number.
std::string_view StyleOf(std::string_view sequence) {
  if (sequence == "31") return " fill=\"#ff7b72\"";
  if (sequence == "32") return " fill=\"#7ee787\"";
  if (sequence == "33") return " fill=\"#e3b341\"";
  if (sequence == "34") return " fill=\"#79c0ff\"";
  if (sequence == "1") return " fill=\"#f0f6fc\" font-weight=\"bold\"";
  if (sequence == "2") return " fill=\"#8b949e\"";
  return "";
}

// One line as tspans; every run is placed by its column, so that no font can shift the table.
std::string LineOf(std::string_view line) {
  std::string runs;
  std::string_view style;
  size_t column = 0;
  while (!line.empty()) {
    if (line[0] == '\x1b') {
      const size_t end = std::min(line.find('m'), line.size() - 1);
      style = end > 2 ? StyleOf(line.substr(2, end - 2)) : "";
      line.remove_prefix(end + 1);
      continue;
    }
    // A run ends at a colour sequence or at two blanks, where a column of a table may begin.
    const size_t end = std::min({line.find('\x1b'), line.find("  "), line.size()});
    if (end == 0) {
      const size_t text = std::min(line.find_first_not_of(' '), line.size());
      column += text;
      line.remove_prefix(text);
      continue;
    }
    const std::string_view run = line.substr(0, end);
    runs +=
        "<tspan x=\"" +
        std::to_string(kMargin + static_cast<int>(kCharacterWidth * static_cast<double>(column))) +
        "\"" + std::string(style) + ">" + Escaped(run) + "</tspan>";
    column += SeenWidth(run);
    line.remove_prefix(end);
  }
  return runs;
}

}  // namespace

std::string PictureOf(std::string_view text, std::string_view title) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  size_t widest = 0;
  for (const std::string_view line : lines) widest = std::max(widest, SeenWidth(line));
  const int width = 2 * kMargin + static_cast<int>(kCharacterWidth * static_cast<double>(widest));
  const int height = kTitleHeight + static_cast<int>(lines.size()) * kLineHeight + 2 * kMargin;
  const std::string size = std::to_string(width) + "\" height=\"" + std::to_string(height);
  std::string picture =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + size + "\" viewBox=\"0 0 " +
      std::to_string(width) + " " + std::to_string(height) + "\" role=\"img\">\n<title>" +
      Escaped(title) +
      "</title>\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#0d1117\"/>\n"
      "<text x=\"18\" y=\"24\" font-family=\"monospace\" font-size=\"13\" fill=\"#8b949e\">$ " +
      Escaped(title) +
      "</text>\n<g font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans "
      "Mono',monospace\" "
      "font-size=\"14\" fill=\"#c9d1d9\">\n";
  int y = kTitleHeight + kMargin;
  for (const std::string_view line : lines) {
    if (!line.empty()) {
      picture += "<text y=\"" + std::to_string(y) + "\">" + LineOf(line) + "</text>\n";
    }
    y += kLineHeight;
  }
  return picture + "</g>\n</svg>\n";
}

}  // namespace ballast::webhook
