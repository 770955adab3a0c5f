#include "webhook/diagnose/message_numbers.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace ballast::webhook {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view WithoutBlanks(std::string_view text) {
  const size_t begin = text.find_first_not_of(' ');
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

constexpr double kMostBytes = 1e18;

}  // namespace

std::string_view After(std::string_view text, std::string_view mark) {
  const size_t found = text.find(mark);
  return found == std::string_view::npos ? std::string_view() : text.substr(found + mark.size());
}

std::string_view UpTo(std::string_view text, std::string_view ends) {
  return text.substr(0, text.find_first_of(ends));
}

int64_t LeadingNumber(std::string_view text) {
  text = WithoutBlanks(text);
  int64_t number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && number >= 0 ? number : -1;
}

int64_t LeadingSize(std::string_view text) {
  text = WithoutBlanks(text);
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc() || !(number >= 0)) return 0;
  const std::string_view unit = WithoutBlanks(text.substr(static_cast<size_t>(end - text.data())));
  constexpr std::string_view kUnits = "KMGTP";
  const size_t power = unit.empty() ? std::string_view::npos : kUnits.find(unit.front());
  const bool sized =
      power != std::string_view::npos && unit.size() > 1 && (unit[1] == 'i' || unit[1] == 'B');
  for (size_t i = 0; sized && i <= power; ++i) number *= 1024;
  // Up to the next byte: 3.4 MiB are told as 3.4 MiB again, and not as 3.3.
  return static_cast<int64_t>(std::ceil(std::min(number, kMostBytes)));
}

int64_t StageIn(std::string_view text) { return LeadingNumber(After(text, "in stage ")); }

std::string_view ExecutorIn(std::string_view text) {
  for (size_t at = 0; (at = text.find("xecutor ", at)) != std::string_view::npos;) {
    at += 8;
    std::string_view rest = text.substr(at);
    if (rest.starts_with("with id ")) rest.remove_prefix(8);
    if (rest.starts_with("driver")) return rest.substr(0, 6);
    size_t end = 0;
    while (end < rest.size() && IsDigit(rest[end])) ++end;
    if (end > 0) return rest.substr(0, end);
  }
  return {};
}

}  // namespace ballast::webhook
