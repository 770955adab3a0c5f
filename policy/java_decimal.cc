// Decimal numbers as java.math.BigDecimal reads them, and doubles as Java prints them.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "policy/java_number.h"
#include "policy/units.h"

namespace ballast::policy {
namespace {

constexpr int64_t kPlaces = 9;  // of a billionth

Error NoDecimal(std::string_view text) {
  return Error{"", "\"" + std::string(text) + "\" is no decimal number"};
}

// Takes the number's digits and point off the front; false when there is no digit.
bool TakeDigits(std::string_view& rest, JavaDecimal& number) {
  bool any = false;
  bool after_point = false;
  while (!rest.empty()) {
    if (rest[0] == '.' && !after_point) {
      after_point = true;
      rest.remove_prefix(1);
      continue;
    }
    const int digit = TakeJavaDigit(rest);
    if (digit < 0) break;
    any = true;
    if (!number.digits.empty() || digit != 0) number.digits += static_cast<char>('0' + digit);
    if (after_point) --number.power;
  }
  while (number.digits.ends_with('0')) {
    number.digits.pop_back();
    ++number.power;
  }
  return any;
}

}  // namespace

Result<JavaDecimal> ParseJavaDecimal(std::string_view text) {
  std::string_view rest = text;
  JavaDecimal number;
  number.negative = rest.starts_with('-');
  if (number.negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (!TakeDigits(rest, number)) return NoDecimal(text);
  if (rest.empty()) return number;
  if (rest[0] != 'e' && rest[0] != 'E') return NoDecimal(text);
  const Result<int64_t> exponent = ParseJavaInt(rest.substr(1));
  if (!exponent.ok()) return NoDecimal(text);
  number.power += *exponent;
  return number;
}

Result<int64_t> JavaDecimalBillionths(std::string_view text) {
  const Result<JavaDecimal> number = ParseJavaDecimal(JavaTrim(text));
  if (!number.ok()) return number.error();
  if (number->digits.empty()) return 0;
  const int64_t zeros = number->power + kPlaces;  // to be appended to reach a billionth
  if (zeros < 0) {
    return Error{"", "\"" + std::string(text) + "\" has more than 9 decimal places"};
  }
  int64_t value = 0;
  for (const char digit : number->digits) {
    value = SaturatingAdd(SaturatingMultiply(value, 10), digit - '0');
  }
  constexpr int64_t kEnough = 20;  // ten to this power exceeds int64
  for (int64_t i = 0; i < std::min(zeros, kEnough); ++i) value = SaturatingMultiply(value, 10);
  return number->negative ? -value : value;
}

std::string PrintJavaDouble(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  std::array<char, 40> buffer{};
  const double magnitude = std::fabs(value);
  const bool plain = magnitude == 0 || (magnitude >= 1e-3 && magnitude < 1e7);
  const auto written =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                    plain ? std::chars_format::fixed : std::chars_format::scientific);
  std::string text(buffer.data(), written.ptr);
  const size_t exponent = text.find('e');
  if (exponent == std::string::npos) {
    return text.find('.') == std::string::npos ? text + ".0" : text;
  }
  std::string mantissa = text.substr(0, exponent);
  if (mantissa.find('.') == std::string::npos) mantissa += ".0";
  std::string power = text.substr(exponent + 1);
  const bool down = power[0] == '-';
  power.erase(0, std::min(power.find_first_not_of("+-0"), power.size() - 1));
  return mantissa + "E" + (down ? "-" : "") + power;
}

}  // namespace ballast::policy
