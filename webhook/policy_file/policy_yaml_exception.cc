#include "webhook/policy_file/policy_yaml_exception.h"

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

#include "webhook/policy_file/policy_yaml_types.h"

namespace ballast::webhook {
namespace {

using policy::Error;
using policy::Result;

// `count` digits at `at`; nullopt where there is something else.
std::optional<int> Digits(std::string_view text, size_t at, size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int number = 0;
  for (const char digit : text.substr(at, count)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    number = number * 10 + (digit - '0');
  }
  return number;
}

bool Is(std::string_view text, size_t at, char wanted) {
  return at < text.size() && text[at] == wanted;
}

// "+02:00" or "Z" in seconds.
std::optional<int64_t> Offset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.size() != 6 || !(text[0] == '+' || text[0] == '-') || text[3] != ':') {
    return std::nullopt;
  }
  const std::optional<int> hours = Digits(text, 1, 2);
  const std::optional<int> minutes = Digits(text, 4, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const int64_t seconds = *hours * 3600 + *minutes * 60;
  return text[0] == '-' ? -seconds : seconds;
}

}  // namespace

Result<int64_t> ReadMoment(std::string_view text) {
  const Error mistake{
      "", "'" + std::string(text) + "' is no date; write 2026-12-31 or 2026-12-31T18:00:00Z"};
  const auto year = Digits(text, 0, 4);
  const auto month = Digits(text, 5, 2);
  const auto day = Digits(text, 8, 2);
  if (!year || !month || !day || !Is(text, 4, '-') || !Is(text, 7, '-')) return mistake;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *year < 1970) return mistake;
  constexpr int64_t kDay = int64_t{24} * 3600;
  const int64_t midnight = std::chrono::sys_days(date).time_since_epoch().count() * kDay;
  if (text.size() == 10) return midnight + kDay;

  const auto hour = Digits(text, 11, 2);
  const auto minute = Digits(text, 14, 2);
  const auto second = Digits(text, 17, 2);
  if (!hour || !minute || !second || !(Is(text, 10, 'T') || Is(text, 10, ' ')) ||
      !Is(text, 13, ':') || !Is(text, 16, ':') || *hour > 23 || *minute > 59 || *second > 60) {
    return mistake;
  }
  size_t rest = 19;
  if (Is(text, rest, '.')) {
    do {
      ++rest;
    } while (rest < text.size() && text[rest] >= '0' && text[rest] <= '9');
  }
  const std::optional<int64_t> offset = Offset(text.substr(rest));
  if (!offset) return mistake;
  return midnight + *hour * 3600 + *minute * 60 + *second - *offset;
}

std::string PrintMoment(int64_t seconds) {
  const std::chrono::sys_seconds moment{std::chrono::seconds(seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(moment - day);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text;
}

void ReadExceptionSpec(const YamlNode& spec, policy::PolicyException& exception,
                       Mistakes& mistakes) {
  static constexpr std::string_view kKeys[] = {"rules", "objectSelector", "until", "reason"};
  if (!ExpectMap(spec, "spec", "a map {rules, objectSelector, until, reason}", mistakes)) return;
  CheckKeys(spec, "", kKeys, mistakes);
  for (const std::string_view needed : {"rules", "until", "reason"}) {
    if (spec.Find(needed) == nullptr) {
      mistakes.Add(spec, "an exception needs " + std::string(needed) +
                             (needed == "until" ? ", the date on which it ends" : ""));
    }
  }
  if (const YamlNode* rules = spec.Find("rules")) {
    exception.rules = ReadLiftableRules(*rules, "rules", mistakes);
    if (rules->values.empty()) mistakes.Add(*rules, "rules names no rule to lift");
  }
  if (const YamlNode* selector = spec.Find("objectSelector")) {
    exception.object_selector = ReadSelector(*selector, "objectSelector", mistakes);
  }
  exception.reason = TextOf(spec, "reason", "", mistakes);
  if (spec.Find("reason") != nullptr && exception.reason.empty()) {
    mistakes.Add(*spec.Find("reason"), "reason is empty; say why the rules are lifted");
  }
  exception.expires_seconds =
      ValueOf(spec, "until", "", "a date: 2026-12-31", ReadMoment, int64_t{0}, mistakes);
}

}  // namespace ballast::webhook
