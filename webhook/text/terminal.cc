#include "webhook/text/terminal.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace ballast::webhook {
namespace {

std::string_view CodeOf(Colour colour) {
  switch (colour) {
    case Colour::kNone:
      return "";
    case Colour::kRed:
      return "\x1b[31m";
    case Colour::kGreen:
      return "\x1b[32m";
    case Colour::kYellow:
      return "\x1b[33m";
    case Colour::kBlue:
      return "\x1b[34m";
    case Colour::kBold:
      return "\x1b[1m";
    case Colour::kFaint:
      return "\x1b[2m";
  }
  return "";
}

constexpr std::string_view kNoColour = "\x1b[0m";

// The colour sequence at the beginning of the text; empty: there is none.
std::string_view ColourAt(std::string_view text) {
  for (const Colour colour : {Colour::kRed, Colour::kGreen, Colour::kYellow, Colour::kBlue,
                              Colour::kBold, Colour::kFaint}) {
    if (text.starts_with(CodeOf(colour))) return CodeOf(colour);
  }
  return text.starts_with(kNoColour) ? kNoColour : std::string_view();
}

// The control character at the beginning of the text: its bytes, 0 where there is none. Those from
// U+0080 to U+009F are of two bytes in UTF-8.
size_t ControlAt(std::string_view text) {
  const auto byte = [&](size_t at) { return static_cast<unsigned char>(text[at]); };
  if (byte(0) < 0x20) return byte(0) == '\n' || byte(0) == '\t' ? 0 : 1;
  if (byte(0) == 0x7F) return 1;
  return byte(0) == 0xC2 && text.size() > 1 && byte(1) >= 0x80 && byte(1) < 0xA0 ? 2 : 0;
}

std::string Format(const char* format, double number) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, number);
  return text.data();
}

}  // namespace

bool StdoutTakesColours() {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return isatty(STDOUT_FILENO) != 0 && (no_colour == nullptr || *no_colour == '\0') &&
         term != nullptr && std::string_view(term) != "dumb";
}

std::string Paint::operator()(Colour colour, std::string_view text) const {
  if (!colours_ || colour == Colour::kNone) return std::string(text);
  return std::string(CodeOf(colour)) + std::string(text) + std::string(kNoColour);
}

std::string Harmless(std::string_view text, bool colours) {
  std::string harmless;
  while (!text.empty()) {
    const std::string_view colour = colours ? ColourAt(text) : std::string_view();
    const size_t control = colour.empty() ? ControlAt(text) : 0;
    const size_t length = std::max<size_t>({colour.size(), control, 1});
    if (control > 0) {
      std::array<char, 8> escaped{};
      std::snprintf(escaped.data(), escaped.size(), "\\u%04x",
                    static_cast<unsigned char>(text[control - 1]));
      harmless += escaped.data();
    } else {
      harmless += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return harmless;
}

void ShowText(std::string_view text) {
  std::fputs(Harmless(text, StdoutTakesColours()).c_str(), stdout);
}

std::string Wrapped(std::string_view text, std::string_view indent) {
  constexpr size_t kColumns = 100;
  std::string wrapped;
  size_t column = indent.size();
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find_first_of(" \n", at), text.size());
    const std::string_view word = text.substr(at, end - at);
    const size_t width = SeenWidth(word);
    if (column > indent.size() && column + 1 + width > kColumns) {
      (wrapped += '\n') += indent;
      column = indent.size();
    } else if (column > indent.size()) {
      wrapped += ' ';
      ++column;
    }
    wrapped += word;
    column += width;
    at = end + 1;
  }
  return wrapped;
}

size_t SeenWidth(std::string_view text) {
  size_t width = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {  // a colour sequence ends with 'm'
      i = std::min(text.find('m', i), text.size());
      continue;
    }
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) ++width;  // not inside a character
  }
  return width;
}

std::string Table::Print(std::string_view indent) const {
  std::vector<size_t> widths(columns_.size(), 0);
  for (const auto& row : rows_) {
    for (size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], SeenWidth(row[c]));
  }
  std::string text;
  for (const auto& row : rows_) {
    std::string line(indent);
    for (size_t c = 0; c < row.size(); ++c) {
      if (c > 0) line += "  ";
      const std::string blanks(widths[c] - SeenWidth(row[c]), ' ');
      line += columns_[c] == Align::kRight ? blanks + row[c] : row[c] + blanks;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string Bar(double share, size_t width) {
  static constexpr std::array<std::string_view, 8> kEighths = {"",  "▏", "▎", "▍",
                                                               "▌", "▋", "▊", "▉"};
  const double held = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0;
  const auto eighths = static_cast<size_t>(std::lround(held * static_cast<double>(width) * 8));
  std::string bar;
  for (size_t i = 0; i < eighths / 8; ++i) bar += "█";
  bar += kEighths[eighths % 8];
  for (size_t i = (eighths + 7) / 8; i < width; ++i) bar += "░";
  return bar;
}

std::string HumanMebibytes(double mebibytes) {
  const double size = std::abs(mebibytes);
  if (size < 1024) return Format(size == std::floor(size) ? "%.0f MiB" : "%.1f MiB", mebibytes);
  if (size < 1024.0 * 1024) {
    const double gib = mebibytes / 1024;
    return Format(gib == std::floor(gib) ? "%.0f GiB" : "%.1f GiB", gib);
  }
  return Format("%.2f TiB", mebibytes / 1024 / 1024);
}

std::string HumanCores(int64_t millis) {
  if (millis % 1000 == 0) return Grouped(millis / 1000);
  std::string text = Format("%.3f", static_cast<double>(millis) / 1000);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

std::string Grouped(int64_t number) {
  std::string digits = std::to_string(number);
  const size_t first = digits[0] == '-' ? 1 : 0;
  for (size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string Percent(double share) {
  const double percent = std::round(share * 1000) / 10;
  return Format(percent == std::floor(percent) ? "%.0f %%" : "%.1f %%", percent);
}

}  // namespace ballast::webhook
