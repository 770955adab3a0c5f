#include "webhook/text/line_diff.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace ballast::webhook {
namespace {

constexpr size_t kContext = 3;
constexpr size_t kMostLines = 20'000;

using Lines = std::vector<std::string_view>;

struct Edit {
  char mark;  // ' ', '-' or '+'
  std::string_view line;
};

Lines Split(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1);
    lines.push_back(text.substr(0, text[end] == '\n' ? end : end + 1));
    text.remove_prefix(end + 1);
  }
  return lines;
}

// The longest common subsequence decides which lines stay; equal ends are taken off first, since
// two versions of a manifest differ in a few lines only.
std::vector<Edit> EditsOf(const Lines& before, const Lines& after) {
  size_t head = 0;
  while (head < before.size() && head < after.size() && before[head] == after[head]) ++head;
  size_t tail = 0;
  while (tail < before.size() - head && tail < after.size() - head &&
         before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) {
    ++tail;
  }
  const size_t rows = before.size() - head - tail;
  const size_t columns = after.size() - head - tail;
  const bool comparable = rows + columns <= kMostLines && rows * columns <= 16'000'000;
  std::vector<uint32_t> longest(comparable ? (rows + 1) * (columns + 1) : 0, 0);
  auto at = [&](size_t i, size_t j) -> uint32_t& { return longest[i * (columns + 1) + j]; };
  if (comparable) {
    for (size_t i = rows; i-- > 0;) {
      for (size_t j = columns; j-- > 0;) {
        at(i, j) = before[head + i] == after[head + j] ? at(i + 1, j + 1) + 1
                                                       : std::max(at(i + 1, j), at(i, j + 1));
      }
    }
  }
  std::vector<Edit> edits;
  for (size_t i = 0; i < head; ++i) edits.push_back({' ', before[i]});
  size_t i = 0;
  size_t j = 0;
  while (i < rows || j < columns) {
    if (comparable && i < rows && j < columns && before[head + i] == after[head + j]) {
      edits.push_back({' ', before[head + i]});
      ++i;
      ++j;
    } else if (j == columns || (i < rows && (!comparable || at(i + 1, j) >= at(i, j + 1)))) {
      edits.push_back({'-', before[head + i++]});
    } else {
      edits.push_back({'+', after[head + j++]});
    }
  }
  for (size_t t = before.size() - tail; t < before.size(); ++t) edits.push_back({' ', before[t]});
  return edits;
}

std::string HunkHead(const std::vector<Edit>& edits, size_t first, size_t end) {
  size_t before_line = 1;
  size_t after_line = 1;
  for (size_t i = 0; i < first; ++i) {
    before_line += edits[i].mark != '+' ? 1 : 0;
    after_line += edits[i].mark != '-' ? 1 : 0;
  }
  size_t before_count = 0;
  size_t after_count = 0;
  for (size_t i = first; i < end; ++i) {
    before_count += edits[i].mark != '+' ? 1 : 0;
    after_count += edits[i].mark != '-' ? 1 : 0;
  }
  // A side without lines is named by the line before it.
  if (before_count == 0) --before_line;
  if (after_count == 0) --after_line;
  return "@@ -" + std::to_string(before_line) + "," + std::to_string(before_count) + " +" +
         std::to_string(after_line) + "," + std::to_string(after_count) + " @@";
}

}  // namespace

std::string LineDiff(std::string_view before, std::string_view after, std::string_view before_name,
                     std::string_view after_name, const Paint& paint) {
  if (before == after) return "";
  const std::vector<Edit> edits = EditsOf(Split(before), Split(after));
  std::string text = paint(Colour::kBold, "--- " + std::string(before_name)) + "\n" +
                     paint(Colour::kBold, "+++ " + std::string(after_name)) + "\n";
  for (size_t i = 0; i < edits.size();) {
    if (edits[i].mark == ' ') {
      ++i;
      continue;
    }
    // A hunk goes on while no more than twice the context lies before the next change.
    const size_t first = i >= kContext ? i - kContext : 0;
    size_t last = i;
    for (size_t k = i; k < edits.size() && k <= last + 2 * kContext + 1; ++k) {
      if (edits[k].mark != ' ') last = k;
    }
    const size_t end = std::min(last + 1 + kContext, edits.size());
    text += paint(Colour::kBlue, HunkHead(edits, first, end)) + "\n";
    for (size_t k = first; k < end; ++k) {
      const Colour colour = edits[k].mark == '-'   ? Colour::kRed
                            : edits[k].mark == '+' ? Colour::kGreen
                                                   : Colour::kNone;
      text += paint(colour, edits[k].mark + std::string(edits[k].line)) + "\n";
    }
    i = end;
  }
  return text;
}

}  // namespace ballast::webhook
