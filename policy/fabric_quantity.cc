#include "policy/fabric_quantity.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "policy/java_number.h"

namespace ballast::policy {
namespace {

constexpr Int128 kMost = (static_cast<Int128>(std::numeric_limits<int64_t>::max()) << 64) - 1;
constexpr int64_t kPlaces = 12;  // of a trillionth

struct Unit {
  std::string_view text;
  int64_t power_of_ten;
  int64_t power_of_two;
};
constexpr Unit kUnits[] = {
    {"", 0, 0},    {"n", -9, 0},  {"u", -6, 0},  {"m", -3, 0},  {"k", 3, 0},   {"M", 6, 0},
    {"G", 9, 0},   {"T", 12, 0},  {"P", 15, 0},  {"E", 18, 0},  {"Ki", 0, 10}, {"Mi", 0, 20},
    {"Gi", 0, 30}, {"Ti", 0, 40}, {"Pi", 0, 50}, {"Ei", 0, 60},
};

bool HasDigit(std::string_view text) {
  return text.find_first_of("0123456789") != std::string_view::npos;
}

// Where the unit begins; the library looks for the first letter that any unit begins with.
size_t UnitIndex(std::string_view text) {
  return std::min(text.find_first_of("eEinumkKMGTP"), text.size());
}

Int128 Times(Int128 value, Int128 factor) {
  return value > kMost / factor ? kMost : value * factor;
}

}  // namespace

std::optional<std::string> FabricRefusal(std::string_view text) {
  if (text.empty()) return "Invalid quantity string format passed.";
  const std::string_view unit = text.substr(UnitIndex(text));
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (HasDigit(unit) && is_letter(unit.back())) return "Invalid quantity string format passed";
  return std::nullopt;
}

Result<Int128> FabricTrillionths(std::string_view text) {
  if (auto refused = FabricRefusal(text)) return Error{"", *std::move(refused)};
  const size_t unit_index = UnitIndex(text);
  const std::string_view unit_text = text.substr(unit_index);
  const Result<JavaDecimal> number = ParseJavaDecimal(text.substr(0, unit_index));
  if (!number.ok()) return number.error();
  int64_t power_of_ten = number->power;
  int64_t power_of_two = 0;
  if (HasDigit(unit_text) && unit_text.size() > 1) {
    const Result<int64_t> exponent = ParseJavaInt(unit_text.substr(1));
    if (!exponent.ok()) return exponent.error();
    power_of_ten += *exponent;
  } else {
    const Unit* unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                    [&](const Unit& one) { return one.text == unit_text; });
    if (unit == std::end(kUnits)) return Error{"", "Invalid quantity format passed to parse"};
    power_of_ten += unit->power_of_ten;
    power_of_two = unit->power_of_two;
  }
  Int128 value = 0;
  for (const char digit : number->digits) {
    value = Times(value, 10);
    if (value <= kMost - 9) value += digit - '0';
  }
  value = Times(value, static_cast<Int128>(1) << power_of_two);
  constexpr int64_t kEnough = 40;  // ten to this power exceeds an Int128
  const int64_t scale = std::clamp(power_of_ten + kPlaces, -kEnough, kEnough);
  for (int64_t i = 0; i < scale; ++i) value = Times(value, 10);
  for (int64_t i = 0; i > scale; --i) value /= 10;
  return number->negative ? -value : value;
}

}  // namespace ballast::policy
