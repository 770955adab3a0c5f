#include "policy/plain_spelling.h"

#include <utility>

#include "policy/replace_setting.h"

namespace ballast::policy {
namespace {

using Suffix = std::pair<std::string_view, std::string_view>;  // as written -> as Spark writes it

constexpr Suffix kSizes[] = {
    {"b", "b"},         {"byte", "b"},  {"bytes", "b"},  {"k", "k"},         {"kb", "k"},
    {"ki", "k"},        {"kib", "k"},   {"m", "m"},      {"mb", "m"},        {"mi", "m"},
    {"mib", "m"},       {"mbyte", "m"}, {"mbytes", "m"}, {"megabytes", "m"}, {"g", "g"},
    {"gb", "g"},        {"gi", "g"},    {"gib", "g"},    {"gbyte", "g"},     {"gbytes", "g"},
    {"gigabytes", "g"}, {"t", "t"},     {"tb", "t"},     {"ti", "t"},        {"tib", "t"},
};

constexpr Suffix kTimes[] = {
    {"us", "us"},   {"ms", "ms"},    {"msec", "ms"},    {"millis", "ms"},   {"s", "s"},
    {"sec", "s"},   {"secs", "s"},   {"second", "s"},   {"seconds", "s"},   {"m", "m"},
    {"min", "min"}, {"mins", "min"}, {"minute", "min"}, {"minutes", "min"}, {"h", "h"},
    {"hr", "h"},    {"hrs", "h"},    {"hour", "h"},     {"hours", "h"},     {"d", "d"},
    {"day", "d"},   {"days", "d"},
};

// Long enough for every number and suffix above; what is longer is no slip of the pen.
constexpr size_t kLongest = 40;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

// Digits, blanks, letters.
struct Parts {
  std::string_view digits;
  std::string suffix;  // in lower case
};

std::optional<Parts> Cut(std::string_view text) {
  text = Trim(text);
  if (text.size() > kLongest) return std::nullopt;
  size_t end = 0;
  while (end < text.size() && IsDigit(text[end])) ++end;
  if (end == 0) return std::nullopt;
  Parts parts{text.substr(0, end), {}};
  for (const char c : Trim(text.substr(end))) {
    if (c >= 'A' && c <= 'Z') {
      parts.suffix += static_cast<char>(c - 'A' + 'a');
    } else if (c >= 'a' && c <= 'z') {
      parts.suffix += c;
    } else {
      return std::nullopt;
    }
  }
  return parts;
}

template <size_t N>
std::optional<std::string> WithSuffixOf(const Suffix (&suffixes)[N], std::string_view text) {
  const auto parts = Cut(text);
  if (!parts) return std::nullopt;
  for (const auto& [written, plain] : suffixes) {
    if (parts->suffix == written) return std::string(parts->digits) + std::string(plain);
  }
  return std::nullopt;
}

// A whole number; of a setting that counts MiB also "128m" and "1g".
std::optional<std::string> PlainInteger(const Setting& setting, std::string_view text) {
  const auto parts = Cut(text);
  if (!parts) return std::nullopt;
  if (parts->suffix.empty()) return std::string(parts->digits);
  if (setting.key != "spark.rpc.message.maxSize") return std::nullopt;
  const auto size = PlainSize(text);
  if (!size) return std::nullopt;
  const auto mebibytes = ByteStringAs(*size, ByteUnit::kMiB, kOldestSpark);
  if (!mebibytes.ok() || *mebibytes <= 0) return std::nullopt;
  return std::to_string(*mebibytes);
}

}  // namespace

std::optional<std::string> WholeSize(std::string_view text) {
  const size_t point = text.find('.');
  if (point == std::string_view::npos || text.size() > kLongest) return std::nullopt;
  size_t end = point + 1;
  while (end < text.size() && IsDigit(text[end])) ++end;
  const auto unit = PlainSize(Join({"1", text.substr(end)}));
  const Result<double> number = JavaDouble(text.substr(0, end));
  if (!unit || !number.ok()) return std::nullopt;
  const Result<int64_t> bytes = ByteStringAs(*unit, ByteUnit::kByte, kOldestSpark);
  const double mebibytes = *number * static_cast<double>(bytes.value_or(0)) / (1 << 20);
  constexpr double kMost = 1e12;
  if (!(mebibytes >= 1 && mebibytes < kMost)) return std::nullopt;
  const auto whole = static_cast<int64_t>(mebibytes);
  if (static_cast<double>(whole) != mebibytes) return std::nullopt;
  return std::to_string(whole) + "m";
}

std::optional<std::string> PlainSize(std::string_view text) { return WithSuffixOf(kSizes, text); }

std::optional<std::string> PlainSpelling(const Setting& setting, std::string_view text) {
  std::optional<std::string> plain;
  switch (setting.type) {
    case SettingType::kBytes:
      plain = PlainSize(text);
      break;
    case SettingType::kTime:
      plain = WithSuffixOf(kTimes, text);
      break;
    case SettingType::kInt:
    case SettingType::kLong:
      plain = PlainInteger(setting, text);
      break;
    default:
      break;
  }
  if (plain && *plain == text) return std::nullopt;
  return plain;
}

}  // namespace ballast::policy
