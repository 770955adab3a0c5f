#include "policy/java_number.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "policy/units.h"

namespace ballast::policy {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

Error NotANumber(std::string_view text) {
  return Error{"", "For input string: \"" + std::string(text) + "\""};
}

// The code points of the digit zero of every script in Unicode's basic plane; the nine after each
// are the other digits. Character.digit, and so Integer.parseInt, takes them all.
constexpr std::array<char32_t, 37> kZeros = {
    0x0030, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6,
    0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0,
    0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620,
    0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10};

Result<int64_t> ParseWithin(std::string_view text, int64_t least, int64_t most) {
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest.empty()) return NotANumber(text);
  // Few plain digits, as nearly all numbers are, fit whatever the bounds are.
  constexpr size_t kFew = 9;
  if (rest.size() <= kFew) {
    int64_t few = 0;
    size_t at = 0;
    for (; at < rest.size() && IsDigit(rest[at]); ++at) few = 10 * few + (rest[at] - '0');
    if (at == rest.size()) return negative ? -few : few;
  }
  Int128 value = 0;
  const Int128 bound = negative ? -static_cast<Int128>(least) : static_cast<Int128>(most);
  while (!rest.empty()) {
    const int digit = TakeJavaDigit(rest);
    if (digit < 0) return NotANumber(text);
    value = value * 10 + digit;
    if (value > bound) return NotANumber(text);
  }
  return static_cast<int64_t>(negative ? -value : value);
}

bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Takes digits, a point and digits off the front: false when there is no digit at all.
template <typename IsMemberDigit>
bool SkipMantissa(std::string_view& rest, IsMemberDigit is_digit) {
  bool any = false;
  const auto skip = [&] {
    while (!rest.empty() && is_digit(rest[0])) {
      rest.remove_prefix(1);
      any = true;
    }
  };
  skip();
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    skip();
  }
  return any;
}

// Takes a sign and at least one digit off the front.
bool SkipExponent(std::string_view& rest) {
  if (rest.starts_with('+') || rest.starts_with('-')) rest.remove_prefix(1);
  if (rest.empty() || !IsDigit(rest[0])) return false;
  while (!rest.empty() && IsDigit(rest[0])) rest.remove_prefix(1);
  return true;
}

// The digits and the exponent of a number whose spelling was checked. Out of the range of a double
// is zero or infinity, whichever is nearer: below one the text has no digit but zeros before its
// power of ten, however the exponent is written.
double ToDouble(std::string_view digits, std::string_view exponent, std::chars_format format) {
  double value = 0;
  const auto read =
      std::from_chars(digits.data(), exponent.data() + exponent.size(), value, format);
  if (read.ec != std::errc::result_out_of_range) return value;
  // Where the first digit other than zero stands, in places left of the point (1 for units).
  const size_t point = std::min(digits.find('.'), digits.size());
  const size_t first = digits.find_first_not_of("0.");
  if (first == std::string_view::npos) return 0;
  const int64_t place = first < point ? static_cast<int64_t>(point - first)
                                      : -static_cast<int64_t>(first - point - 1);
  int64_t power = 0;
  const bool down = exponent.find('-') != std::string_view::npos;
  for (const char c : exponent) {
    if (IsDigit(c)) power = SaturatingAdd(SaturatingMultiply(power, 10), c - '0');
  }
  const int64_t per_place = format == std::chars_format::hex ? 4 : 1;
  const int64_t magnitude =
      SaturatingAdd(SaturatingMultiply(place, per_place), down ? -power : power);
  return magnitude > 0 ? std::numeric_limits<double>::infinity() : 0.0;
}

bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c =
        text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
    if (c != lower[i]) return false;
  }
  return true;
}

}  // namespace

std::string_view JavaTrim(std::string_view text) {
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

int TakeJavaDigit(std::string_view& text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) {
    if (text[0] < '0' || text[0] > '9') return -1;
    const int digit = text[0] - '0';
    text.remove_prefix(1);
    return digit;
  }
  char32_t code_point = 0;
  size_t length = 0;
  if ((byte(0) & 0xE0) == 0xC0 && text.size() >= 2) {
    code_point = static_cast<char32_t>((byte(0) & 0x1F) << 6 | (byte(1) & 0x3F));
    length = 2;
  } else if ((byte(0) & 0xF0) == 0xE0 && text.size() >= 3) {
    code_point =
        static_cast<char32_t>((byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F));
    length = 3;
  } else {
    return -1;
  }
  for (const char32_t zero : kZeros) {
    if (code_point >= zero && code_point < zero + 10) {
      text.remove_prefix(length);
      return static_cast<int>(code_point - zero);
    }
  }
  return -1;
}

Result<int64_t> ParseJavaInt(std::string_view text) {
  return ParseWithin(text, std::numeric_limits<int32_t>::min(),
                     std::numeric_limits<int32_t>::max());
}

Result<int64_t> JavaInt(std::string_view text) { return ParseJavaInt(JavaTrim(text)); }

Result<int64_t> ParseJavaLong(std::string_view text) {
  return ParseWithin(text, std::numeric_limits<int64_t>::min(),
                     std::numeric_limits<int64_t>::max());
}

Result<int64_t> JavaLong(std::string_view text) { return ParseJavaLong(JavaTrim(text)); }

Result<double> JavaDouble(std::string_view text) {
  std::string_view rest = JavaTrim(text);
  if (rest.empty()) return Error{"", "empty String"};
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  const double sign = negative ? -1.0 : 1.0;
  if (rest == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (rest == "Infinity") return sign * std::numeric_limits<double>::infinity();

  const bool hex = rest.starts_with("0x") || rest.starts_with("0X");
  if (hex) rest.remove_prefix(2);
  const std::string_view start = rest;
  if (!(hex ? SkipMantissa(rest, IsHexDigit) : SkipMantissa(rest, IsDigit)))
    return NotANumber(text);
  const std::string_view digits = start.substr(0, start.size() - rest.size());

  const std::string_view exponent_start = rest;
  const bool has_exponent =
      !rest.empty() && (hex ? rest[0] == 'p' || rest[0] == 'P' : rest[0] == 'e' || rest[0] == 'E');
  if (has_exponent) {
    rest.remove_prefix(1);
    if (!SkipExponent(rest)) return NotANumber(text);
  } else if (hex) {
    return NotANumber(text);  // Java wants the power of a hexadecimal number always
  }
  const std::string_view exponent = exponent_start.substr(0, exponent_start.size() - rest.size());
  if (rest.size() == 1 && std::string_view("fFdD").find(rest[0]) != std::string_view::npos) {
    rest.remove_prefix(1);
  }
  if (!rest.empty()) return NotANumber(text);
  return sign *
         ToDouble(digits, exponent, hex ? std::chars_format::hex : std::chars_format::general);
}

Result<bool> ParseJavaBoolean(std::string_view text) {
  if (EqualsIgnoringCase(text, "true")) return true;
  if (EqualsIgnoringCase(text, "false")) return false;
  return Error{"", "For input string: \"" + std::string(text) + "\""};
}

Result<bool> JavaBoolean(std::string_view text) { return ParseJavaBoolean(JavaTrim(text)); }

}  // namespace ballast::policy
