#include "policy/quantity.h"

#include <array>
#include <limits>
#include <optional>

namespace ballast::policy {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

struct Suffix {
  std::string_view text;
  int base;
  int exponent;
};
constexpr std::array<Suffix, 16> kSuffixes = {{
    {"", 10, 0},
    {"n", 10, -9},
    {"u", 10, -6},
    {"m", 10, -3},
    {"k", 10, 3},
    {"M", 10, 6},
    {"G", 10, 9},
    {"T", 10, 12},
    {"P", 10, 15},
    {"E", 10, 18},
    {"Ki", 2, 10},
    {"Mi", 2, 20},
    {"Gi", 2, 30},
    {"Ti", 2, 40},
    {"Pi", 2, 50},
    {"Ei", 2, 60},
}};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The exponent of "e3", "E-3", "e+3", held at a million either way: beyond twenty or so only zero
// and saturation are left.
std::optional<int> DecimalExponent(std::string_view text) {
  if (text.size() < 2 || (text[0] != 'e' && text[0] != 'E')) return std::nullopt;
  text.remove_prefix(1);
  const bool negative = text[0] == '-';
  if (negative || text[0] == '+') text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  int exponent = 0;
  for (const char c : text) {
    if (!IsDigit(c)) return std::nullopt;
    if (exponent < 1'000'000) exponent = exponent * 10 + (c - '0');
  }
  return negative ? -exponent : exponent;
}

std::optional<Suffix> FindSuffix(std::string_view text) {
  for (const Suffix& suffix : kSuffixes) {
    if (suffix.text == text) return suffix;
  }
  if (const auto exponent = DecimalExponent(text)) return Suffix{text, 10, *exponent};
  return std::nullopt;
}

// A decimal number as written: digits before and after the point.
struct Decimal {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
};

// The digits [0, end) of whole + fraction, with zeros where they end, as a number; held at int64.
int64_t LeadingDigits(const Decimal& number, int64_t end) {
  int64_t value = 0;
  const auto size = static_cast<int64_t>(number.whole.size() + number.fraction.size());
  for (int64_t i = 0; i < end; ++i) {
    if (i >= size && value == 0) return 0;
    const auto at = static_cast<size_t>(i);
    const char digit = i >= size                  ? '0'
                       : at < number.whole.size() ? number.whole[at]
                                                  : number.fraction[at - number.whole.size()];
    value = SaturatingAdd(SaturatingMultiply(value, 10), digit - '0');
    if (value == kMax) return kMax;
  }
  return value;
}

bool AnyNonZero(std::string_view digits) {
  return digits.find_first_not_of('0') != std::string_view::npos;
}

// number * 10^exponent, rounded up; exact for any number of digits.
int64_t TimesPowerOfTen(const Decimal& number, int64_t exponent) {
  const int64_t end = static_cast<int64_t>(number.whole.size()) + exponent;
  const int64_t value = LeadingDigits(number, end);
  bool rest = false;
  if (end < static_cast<int64_t>(number.whole.size())) {
    const size_t from = end < 0 ? 0 : static_cast<size_t>(end);
    rest = AnyNonZero(number.whole.substr(from)) || AnyNonZero(number.fraction);
  } else {
    const size_t from = static_cast<size_t>(end) - number.whole.size();
    rest = from < number.fraction.size() && AnyNonZero(number.fraction.substr(from));
  }
  return rest ? SaturatingAdd(value, 1) : value;
}

// number * factor, rounded up; exact. The fraction is multiplied digit by digit from its end, so
// that what is carried out of it is whole; factor is under 2^71.
int64_t TimesFactor(const Decimal& number, Int128 factor) {
  const int64_t whole = LeadingDigits(number, static_cast<int64_t>(number.whole.size()));
  if (whole > kMax / factor) return kMax;
  Int128 carry = 0;
  bool rest = false;
  for (size_t i = number.fraction.size(); i-- > 0;) {
    const Int128 product = (number.fraction[i] - '0') * factor + carry;
    rest = rest || product % 10 != 0;
    carry = product / 10;
  }
  const Int128 value = whole * factor + carry + (rest ? 1 : 0);
  return value > kMax ? kMax : static_cast<int64_t>(value);
}

Error Malformed(std::string_view text) {
  std::string what = "\"";
  what.append(text.substr(0, 64));
  what +=
      "\" is not a quantity: write a number with a suffix of n, u, m, k, M, G, T, P, E, Ki, Mi, "
      "Gi, Ti, Pi, Ei or an exponent, for example 39Gi, 500m or 1e3";
  return {"", std::move(what)};
}

// `text` in units of 10^-decimals. The grammar's digits are required: Kubernetes' reader takes
// "Gi" for zero, which nobody means.
Result<int64_t> Parse(std::string_view text, int decimals) {
  std::string_view rest = text;
  Decimal number;
  if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) {
    number.negative = rest[0] == '-';
    rest.remove_prefix(1);
  }
  auto take_digits = [&rest] {
    size_t n = 0;
    while (n < rest.size() && IsDigit(rest[n])) ++n;
    const std::string_view digits = rest.substr(0, n);
    rest.remove_prefix(n);
    return digits;
  };
  number.whole = take_digits();
  if (!rest.empty() && rest[0] == '.') {
    rest.remove_prefix(1);
    number.fraction = take_digits();
  }
  if (number.whole.empty() && number.fraction.empty()) return Malformed(text);
  while (!number.whole.empty() && number.whole[0] == '0') number.whole.remove_prefix(1);

  const auto suffix = FindSuffix(rest);
  if (!suffix) return Malformed(text);
  int64_t value = 0;
  if (suffix->base == 10) {
    value = TimesPowerOfTen(number, suffix->exponent + decimals);
  } else {
    Int128 factor = Int128{1} << suffix->exponent;
    for (int i = 0; i < decimals; ++i) factor *= 10;
    value = TimesFactor(number, factor);
  }
  return number.negative ? -value : value;
}

}  // namespace

Result<ByteSize> ParseMemoryQuantity(std::string_view text) {
  const auto bytes = Parse(text, 0);
  if (!bytes) return bytes.error();
  return Bytes(*bytes);
}

Result<MilliCpu> ParseCpuQuantity(std::string_view text) {
  const auto millis = Parse(text, 3);
  if (!millis) return millis.error();
  return Millis(*millis);
}

Result<int64_t> ParseCountQuantity(std::string_view text) { return Parse(text, 0); }

std::string PrintMemoryQuantity(ByteSize size) {
  int64_t value = size.bytes();
  size_t suffix = 0;
  constexpr std::array<std::string_view, 7> kUnits = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  while (value != 0 && value % 1024 == 0 && suffix + 1 < kUnits.size()) {
    value /= 1024;
    ++suffix;
  }
  return std::to_string(value).append(kUnits[suffix]);
}

std::string PrintCpuQuantity(MilliCpu cpu) {
  if (cpu.millis() % 1000 == 0) return std::to_string(cpu.millis() / 1000);
  return std::to_string(cpu.millis()) + "m";
}

}  // namespace ballast::policy
