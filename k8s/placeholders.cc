#include "k8s/placeholders.h"

#include <algorithm>

namespace ballast::k8s {
namespace {

constexpr std::string_view kNameCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";

// {{...}, or {NAME} with something joined to it.
bool BeginsWithPlaceholder(std::string_view value) {
  if (value.starts_with("{{")) return true;
  if (!value.starts_with('{')) return false;
  const size_t end = value.find_first_not_of(kNameCharacters, 1);
  if (end == std::string_view::npos || end == 1 || value[end] != '}') return false;
  return end + 1 < value.size() &&
         std::string_view(" \t,#}]").find(value[end + 1]) == std::string_view::npos;
}

// Where the value of "key: value" or "- value" begins; npos where the line has none.
size_t ValueStart(std::string_view line) {
  size_t start = std::min(line.find_first_not_of(' '), line.size());
  while (line.substr(start).starts_with("- ")) {
    start = std::min(line.find_first_not_of(' ', start + 2), line.size());
  }
  if (line.substr(start).starts_with('{')) return start;
  const size_t colon = line.find(": ", start);
  return colon == std::string_view::npos ? colon : line.find_first_not_of(' ', colon + 2);
}

void AppendQuoted(std::string& text, std::string_view value) {
  text += '\'';
  for (const char c : value) {
    text += c;
    if (c == '\'') text += c;
  }
  text += '\'';
}

}  // namespace

std::optional<std::string> QuotePlaceholders(std::string_view text) {
  std::string quoted;
  bool any = false;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const size_t start = ValueStart(line);
    if (start != std::string_view::npos && BeginsWithPlaceholder(line.substr(start))) {
      any = true;
      quoted += line.substr(0, start);
      std::string_view value = line.substr(start);
      value = value.substr(0, value.find(" #"));
      value = value.substr(0, value.find_last_not_of(' ') + 1);
      AppendQuoted(quoted, value);
    } else {
      quoted += line;
    }
    quoted += '\n';
  }
  if (!any) return std::nullopt;
  return quoted;
}

}  // namespace ballast::k8s
