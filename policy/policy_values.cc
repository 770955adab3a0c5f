#include "policy/policy_values.h"

#include <charconv>
#include <cmath>
#include <system_error>

#include "policy/quantity.h"
#include "policy/share.h"
#include "policy/spark_size.h"

namespace ballast::policy {
namespace {

Error Mistake(std::string_view text, std::string_view what) {
  return {"", "'" + std::string(text) + "' " + std::string(what)};
}

bool EndsWithLetter(std::string_view text) {
  return !text.empty() &&
         ((text.back() >= 'a' && text.back() <= 'z') || (text.back() >= 'A' && text.back() <= 'Z'));
}

bool AllDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Text that has no blanks around it, which YAML keeps only between quotes.
bool Tight(std::string_view text) { return JavaTrim(text) == text; }

}  // namespace

Result<ByteSize> ReadSparkSize(std::string_view text) {
  if (AllDigits(text)) {
    const std::string digits(text);
    return Mistake(text, "has no unit; write " + digits + "g or " + digits + "m");
  }
  const Result<int64_t> bytes = ByteStringAs(text, ByteUnit::kByte, kOldestSpark);
  if (bytes.ok() && Tight(text)) {
    if (bytes.value() <= 0) return Mistake(text, "must be over 0; leave it out to set no limit");
    return Bytes(bytes.value());
  }
  const Result<ByteSize> quantity = ParseMemoryQuantity(text);
  if (quantity.ok() && EndsWithLetter(text) && quantity->bytes() >= (1 << 20)) {
    return Mistake(text,
                   "is written as Kubernetes writes it; a heap or a Spark setting is written "
                   "as Spark writes it: " +
                       PrintExactSparkSize(*quantity));
  }
  return Mistake(text, "is no Spark size; write a whole number and k, m, g or t, such as 28g");
}

std::string PrintExactSparkSize(ByteSize size) {
  constexpr std::pair<int64_t, const char*> kUnits[] = {
      {int64_t{1} << 30, "g"}, {int64_t{1} << 20, "m"}, {int64_t{1} << 10, "k"}};
  for (const auto& [unit, suffix] : kUnits) {
    if (size.bytes() != 0 && size.bytes() % unit == 0) {
      return std::to_string(size.bytes() / unit) + suffix;
    }
  }
  return std::to_string(size.bytes()) + "b";
}

Result<ByteSize> ReadMemory(std::string_view text) {
  const Result<ByteSize> quantity = ParseMemoryQuantity(text);
  const Result<int64_t> spark = ByteStringAs(text, ByteUnit::kMiB, kOldestSpark);
  if (quantity.ok() && quantity->bytes() >= (1 << 20)) return *quantity;
  if (spark.ok() && spark.value() > 0 && EndsWithLetter(text)) {
    return Mistake(text, "is not how Kubernetes writes the memory of a pod; write " +
                             PrintMemoryQuantity(Mebibytes(spark.value())));
  }
  if (quantity.ok()) {
    return Mistake(text, "is less than a mebibyte; write a unit, such as 48Gi");
  }
  return Mistake(text, "is no memory quantity; write it as Kubernetes does, such as 48Gi");
}

Result<MilliCpu> ReadCpu(std::string_view text) {
  const Result<MilliCpu> cpu = ParseCpuQuantity(text);
  if (!cpu.ok()) return Mistake(text, "is no cpu quantity; write cores, such as 4 or 500m");
  if (cpu->millis() <= 0) return Mistake(text, "must be over 0; leave it out to set no limit");
  return *cpu;
}

Result<double> ReadNumber(std::string_view text, double most) {
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = failure == std::errc() && end == text.data() + text.size();
  if (!whole || !std::isfinite(number)) {
    return Mistake(text, "is no number; write one such as 0.6");
  }
  if (number < 0 || number > most || std::signbit(number)) {
    return Mistake(text, "must be from 0 to " + PrintNumber(most));
  }
  return number;
}

Result<double> ReadShare(std::string_view text) {
  const bool percent = text.ends_with('%');
  std::string_view digits = percent ? text.substr(0, text.size() - 1) : text;
  while (percent && digits.ends_with(' ')) digits.remove_suffix(1);
  double number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failure != std::errc() || end != digits.data() + digits.size() || !std::isfinite(number)) {
    return Mistake(text, "is no share; write a percentage such as 80%");
  }
  if (!percent && number > 1 && number <= 100) {
    return Mistake(text, "is no share; write " + std::string(digits) + "%");
  }
  const double share = percent ? number / 100 : number;
  if (!(share > 0) || share > 1) {
    return Mistake(text, "must be over 0 and at most 100%; leave it out to set no limit");
  }
  return share;
}

std::string PrintShare(double share) {
  const std::string percent = PrintPercent(share) + "%";
  const Result<double> again = ReadShare(percent);
  return again.ok() && *again == share ? percent : PrintNumber(share);
}

Result<int64_t> ReadWhole(std::string_view text, int64_t least, int64_t most) {
  int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = !text.empty() && end == text.data() + text.size();
  if (!whole || failure == std::errc::invalid_argument) {
    return Mistake(text, "is no whole number");
  }
  if (failure != std::errc() || number < least || number > most) {
    return Mistake(text, "must be from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return number;
}

Result<int64_t> ReadTime(std::string_view text) {
  if (AllDigits(text)) return Mistake(text, "has no unit; write " + std::string(text) + "s");
  const Result<int64_t> millis = TimeStringAs(text, TimeUnit::kMillis);
  if (!millis.ok() || !Tight(text)) {
    return Mistake(text, "is no time; write a whole number and ms, s, min, h or d, such as 120s");
  }
  if (millis.value() <= 0) return Mistake(text, "must be at least 1ms; leave it out for no limit");
  return millis.value();
}

Result<int64_t> ReadDuration(std::string_view text) {
  const Result<int64_t> millis = ReadTime(text);
  if (!millis.ok()) {
    if (AllDigits(text)) return Mistake(text, "has no unit; write " + std::string(text) + "d");
    return millis.error();
  }
  if (millis.value() % 1000 != 0) return Mistake(text, "must be whole seconds");
  return millis.value() / 1000;
}

std::string PrintDuration(int64_t seconds) {
  constexpr std::pair<int64_t, const char*> kUnits[] = {{24 * 3600, "d"}, {3600, "h"}, {60, "min"}};
  for (const auto& [unit, suffix] : kUnits) {
    if (seconds % unit == 0) return std::to_string(seconds / unit) + suffix;
  }
  return std::to_string(seconds) + "s";
}

Result<bool> ReadTruth(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return Mistake(text, "is neither true nor false");
}

Result<Mode> ReadMode(std::string_view text) {
  for (const Mode mode : {Mode::kEnforce, Mode::kWarn, Mode::kOff}) {
    if (text == Name(mode)) return mode;
  }
  return Mistake(text, "is no mode of a rule; write Enforce, Warn or Off");
}

}  // namespace ballast::policy
