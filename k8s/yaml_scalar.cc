#include "k8s/yaml_scalar.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

namespace ballast::k8s {
namespace {

using nlohmann::json;

enum class Word { kTrue, kFalse, kNull };

constexpr std::pair<std::string_view, Word> kWords[] = {
    {"y", Word::kTrue},      {"Y", Word::kTrue},      {"yes", Word::kTrue},
    {"Yes", Word::kTrue},    {"YES", Word::kTrue},    {"true", Word::kTrue},
    {"True", Word::kTrue},   {"TRUE", Word::kTrue},   {"on", Word::kTrue},
    {"On", Word::kTrue},     {"ON", Word::kTrue},     {"n", Word::kFalse},
    {"N", Word::kFalse},     {"no", Word::kFalse},    {"No", Word::kFalse},
    {"NO", Word::kFalse},    {"false", Word::kFalse}, {"False", Word::kFalse},
    {"FALSE", Word::kFalse}, {"off", Word::kFalse},   {"Off", Word::kFalse},
    {"OFF", Word::kFalse},   {"", Word::kNull},       {"~", Word::kNull},
    {"null", Word::kNull},   {"Null", Word::kNull},   {"NULL", Word::kNull},
};
constexpr std::string_view kNoNumbers[] = {".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF"};

std::string_view WithoutSign(std::string_view text) {
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  return text;
}

// Go's strconv.ParseInt and ParseUint with base 0: a prefix, or a leading zero, names the base.
std::optional<json> WholeNumber(std::string_view text) {
  std::string_view digits = WithoutSign(text);
  const bool negative = text.starts_with('-');
  int base = 10;
  if (digits.size() > 1 && digits[0] == '0') {
    const char mark = static_cast<char>(digits[1] | 0x20);
    base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
    digits.remove_prefix(mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
  }
  uint64_t magnitude = 0;
  const char* last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, magnitude, base);
  if (error != std::errc() || end != last) return std::nullopt;
  if (!negative) {
    // What fits is kept signed, as a reader of JSON has it.
    if (magnitude <= static_cast<uint64_t>(INT64_MAX)) return static_cast<int64_t>(magnitude);
    return text.starts_with('+') ? std::nullopt : std::optional<json>(magnitude);
  }
  if (magnitude > static_cast<uint64_t>(INT64_MAX) + 1) return std::nullopt;
  return static_cast<int64_t>(~magnitude + 1);
}

// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool LooksLikeReal(std::string_view text) {
  std::string_view rest = WithoutSign(text);
  const auto digits = [&] {
    const size_t count = std::min(rest.find_first_not_of("0123456789"), rest.size());
    rest.remove_prefix(count);
    return count;
  };
  const size_t whole = digits();
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    if (digits() == 0 && whole == 0) return false;
  } else if (whole == 0) {
    return false;
  }
  if (!rest.starts_with('e') && !rest.starts_with('E')) return rest.empty();
  rest = WithoutSign(rest.substr(1));
  return digits() > 0 && rest.empty();
}

std::optional<json> RealNumber(std::string_view text) {
  if (!LooksLikeReal(text)) return std::nullopt;
  if (text[0] == '+') text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  // On the way through JSON a whole value loses its point: 4.0 is 4, 1e3 is 1000.
  constexpr double kTooLarge = 9223372036854775808.0;
  if (std::trunc(number) == number && std::abs(number) < kTooLarge) {
    return static_cast<int64_t>(number);
  }
  return number;
}

}  // namespace

std::optional<json> ResolvePlainScalar(std::string_view text) {
  for (const auto& [word, meaning] : kWords) {
    if (word != text) continue;
    return meaning == Word::kNull ? json() : json(meaning == Word::kTrue);
  }
  for (const std::string_view word : kNoNumbers) {
    if (word == text || (word[1] != 'n' && word[1] != 'N' && word == WithoutSign(text))) {
      return std::nullopt;
    }
  }
  const std::string_view first = WithoutSign(text).substr(0, 1);
  if (!first.empty() && (std::isdigit(static_cast<unsigned char>(first[0])) || first[0] == '.')) {
    std::string plain(text);
    std::erase(plain, '_');
    if (auto whole = WholeNumber(plain)) return whole;
    if (auto real = RealNumber(plain)) return real;
  }
  return json(text);
}

}  // namespace ballast::k8s
