#include "policy/spark_size.h"

#include <array>
#include <charconv>
#include <limits>

namespace ballast::policy {
namespace {

constexpr int64_t kMaxLong = std::numeric_limits<int64_t>::max();

// The letters of a suffix in one number, so that it is compared in one step.
constexpr uint32_t Packed(std::string_view letters) {
  uint32_t packed = 0;
  for (const char letter : letters) packed = packed << 8 | static_cast<unsigned char>(letter);
  return packed;
}

struct Suffix {
  uint32_t packed = 0;
  consteval Suffix(const char* text)
      : packed(Packed(text)) {}  // NOLINT(google-explicit-constructor)
};

struct ByteSuffix {
  Suffix text;
  ByteUnit unit;
  SparkVersion since = kOldestSpark;
};
constexpr SparkVersion k42{4, 2};
constexpr ByteSuffix kByteSuffixes[] = {
    {"b", ByteUnit::kByte},       {"k", ByteUnit::kKiB},        {"kb", ByteUnit::kKiB},
    {"m", ByteUnit::kMiB},        {"mb", ByteUnit::kMiB},       {"g", ByteUnit::kGiB},
    {"gb", ByteUnit::kGiB},       {"t", ByteUnit::kTiB},        {"tb", ByteUnit::kTiB},
    {"p", ByteUnit::kPiB},        {"pb", ByteUnit::kPiB},       {"ki", ByteUnit::kKiB, k42},
    {"kib", ByteUnit::kKiB, k42}, {"mi", ByteUnit::kMiB, k42},  {"mib", ByteUnit::kMiB, k42},
    {"gi", ByteUnit::kGiB, k42},  {"gib", ByteUnit::kGiB, k42}, {"ti", ByteUnit::kTiB, k42},
    {"tib", ByteUnit::kTiB, k42}, {"pi", ByteUnit::kPiB, k42},  {"pib", ByteUnit::kPiB, k42},
};

struct TimeSuffix {
  Suffix text;
  TimeUnit unit;
};
constexpr TimeSuffix kTimeSuffixes[] = {
    {"us", TimeUnit::kMicros}, {"ms", TimeUnit::kMillis},   {"s", TimeUnit::kSeconds},
    {"m", TimeUnit::kMinutes}, {"min", TimeUnit::kMinutes}, {"h", TimeUnit::kHours},
    {"d", TimeUnit::kDays},
};

constexpr std::string_view kByteHelp =
    "Size must be specified as bytes (b), kibibytes (k), mebibytes (m), gibibytes (g), tebibytes "
    "(t), or pebibytes(p). E.g. 50b, 100k, or 250m.\n";
constexpr std::string_view kTimeHelp =
    "Time must be specified as seconds (s), milliseconds (ms), microseconds (us), minutes (m or "
    "min), hour (h), or day (d). E.g. 50s, 100ms, or 250us.\n";

constexpr int64_t Multiplier(ByteUnit unit) { return int64_t{1} << (10 * static_cast<int>(unit)); }
constexpr int64_t Multiplier(TimeUnit unit) {
  constexpr std::array<int64_t, 6> kMicros = {1,          1'000,         1'000'000,
                                              60'000'000, 3'600'000'000, 86'400'000'000};
  return kMicros[static_cast<size_t>(unit)];
}

// A number with a suffix of letters, as both grammars write it. The suffix is lower-cased and
// packed; one that is longer than any suffix is cut, and so matches none.
struct NumberWithSuffix {
  enum class Reading { kGood, kMalformed, kTooLarge };
  Reading reading = Reading::kMalformed;
  int64_t number = 0;
  std::string_view digits;
  uint32_t suffix = 0;  // 0: none
};

// The digits at the beginning, as std::from_chars reads them, which is no shorter for few of them.
std::from_chars_result ReadDigits(const char* begin, const char* end, int64_t& number) {
  constexpr std::ptrdiff_t kFew = 18;
  const char* at = begin;
  int64_t sum = 0;
  for (; at != end && at - begin < kFew && *at >= '0' && *at <= '9'; ++at) {
    sum = 10 * sum + (*at - '0');
  }
  if (at == begin || at - begin == kFew) return std::from_chars(begin, end, number);
  number = sum;
  return {at, std::errc()};
}

NumberWithSuffix ReadNumberWithSuffix(std::string_view trimmed, bool may_be_negative) {
  NumberWithSuffix read;
  const char* const end = trimmed.data() + trimmed.size();
  const char* digits = trimmed.data();
  if (digits != end && *digits == '-' && may_be_negative) ++digits;
  if (digits == end || *digits < '0' || *digits > '9') return read;
  const auto number = ReadDigits(trimmed.data(), end, read.number);
  read.digits = trimmed.substr(0, static_cast<size_t>(number.ptr - trimmed.data()));
  for (const char* at = number.ptr; at != end; ++at) {
    char letter = *at;
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    if (end - at >= 3 && std::string_view(at, 3) == "\xE2\x84\xAA") {
      letter = 'k';  // U+212A KELVIN SIGN: Java lower-cases it to a plain k
      at += 2;
    }
    if (letter < 'a' || letter > 'z') return read;
    if (read.suffix < 1U << 24) read.suffix = read.suffix << 8 | static_cast<uint32_t>(letter);
  }
  read.reading = number.ec == std::errc() ? NumberWithSuffix::Reading::kGood
                                          : NumberWithSuffix::Reading::kTooLarge;
  return read;
}

std::string Lower(std::string_view text) {
  std::string lower(JavaTrim(text));
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// Why a text is no number with a suffix, in the words of JavaUtils.
Error Unreadable(std::string_view text, std::string_view help, std::string_view kind) {
  const std::string lower = Lower(text);
  const size_t point = lower.find('.');
  const auto digits = [](std::string_view part) {
    return part.substr(0, std::min(part.find_first_not_of("0123456789"), part.size()));
  };
  if (kind == "byte" && point != std::string::npos && point > 0 && digits(lower).size() == point &&
      !digits(std::string_view(lower).substr(point + 1)).empty()) {
    const size_t fraction = digits(std::string_view(lower).substr(point + 1)).size();
    return {"", std::string(help) + "Fractional values are not supported. Input was: " +
                    lower.substr(0, point + 1 + fraction)};
  }
  return {"", std::string(help) + "Failed to parse " + std::string(kind) +
                  " string: " + std::string(text)};
}

Error TooLarge(std::string_view digits, std::string_view help) {
  return {"", std::string(help) + "For input string: \"" + std::string(digits) + "\""};
}

Error InvalidSuffix(std::string_view trimmed, std::string_view digits, std::string_view help) {
  return {"",
          std::string(help) + "Invalid suffix: \"" + Lower(trimmed.substr(digits.size())) + "\""};
}

Error Overflow(int64_t number, ByteUnit unit, SparkVersion version) {
  const std::string name(SparkName(unit));
  const std::string advice = "Try a larger unit (e.g. MiB instead of KiB)";
  if (version >= SparkVersion{4, 3}) {
    return {"", "Conversion of " + std::to_string(number) + " " + name +
                    " exceeds Long.MAX_VALUE. " + advice + "."};
  }
  return {"", "Conversion of " + std::to_string(number) + " exceeds Long.MAX_VALUE in " + name +
                  ". " + advice};
}

}  // namespace

Result<int64_t> ByteStringAs(std::string_view text, ByteUnit unit, SparkVersion version) {
  const std::string_view trimmed = JavaTrim(text);
  const NumberWithSuffix read = ReadNumberWithSuffix(trimmed, /*may_be_negative=*/false);
  if (read.reading == NumberWithSuffix::Reading::kMalformed)
    return Unreadable(text, kByteHelp, "byte");
  if (read.reading == NumberWithSuffix::Reading::kTooLarge) return TooLarge(read.digits, kByteHelp);
  if (read.suffix == 0) return read.number;
  for (const ByteSuffix& suffix : kByteSuffixes) {
    if (suffix.text.packed != read.suffix) continue;
    if (version < suffix.since) break;
    if (suffix.unit <= unit) return read.number / (Multiplier(unit) / Multiplier(suffix.unit));
    const int64_t ratio = Multiplier(suffix.unit) / Multiplier(unit);
    if (kMaxLong / ratio < read.number) return Overflow(read.number, suffix.unit, version);
    return read.number * ratio;
  }
  return InvalidSuffix(trimmed, read.digits, kByteHelp);
}

Result<int64_t> BytesConf(std::string_view text, ByteUnit unit, SparkVersion version) {
  if (!text.starts_with('-')) return ByteStringAs(text, unit, version);
  Result<int64_t> size = ByteStringAs(text.substr(1), unit, version);
  if (size.ok()) return -*size;
  return size;
}

Result<int64_t> TimeStringAs(std::string_view text, TimeUnit unit) {
  const std::string_view trimmed = JavaTrim(text);
  const NumberWithSuffix read = ReadNumberWithSuffix(trimmed, /*may_be_negative=*/true);
  if (read.reading == NumberWithSuffix::Reading::kMalformed)
    return Unreadable(text, kTimeHelp, "time");
  if (read.reading == NumberWithSuffix::Reading::kTooLarge) return TooLarge(read.digits, kTimeHelp);
  if (read.suffix == 0) return read.number;
  for (const TimeSuffix& suffix : kTimeSuffixes) {
    if (suffix.text.packed != read.suffix) continue;
    if (suffix.unit <= unit) return read.number / (Multiplier(unit) / Multiplier(suffix.unit));
    return SaturatingMultiply(read.number, Multiplier(suffix.unit) / Multiplier(unit));
  }
  return InvalidSuffix(trimmed, read.digits, kTimeHelp);
}

std::string_view SparkName(ByteUnit unit) {
  constexpr std::array<std::string_view, 6> kNames = {"BYTE", "KiB", "MiB", "GiB", "TiB", "PiB"};
  return kNames[static_cast<size_t>(unit)];
}

std::string_view SparkName(TimeUnit unit) {
  constexpr std::array<std::string_view, 6> kNames = {"MICROSECONDS", "MILLISECONDS", "SECONDS",
                                                      "MINUTES",      "HOURS",        "DAYS"};
  return kNames[static_cast<size_t>(unit)];
}

std::string PrintSparkSize(ByteSize size) {
  const int64_t mebibytes = std::max<int64_t>(size.mebibytes_ceil(), 0);
  if (mebibytes != 0 && mebibytes % 1024 == 0) return std::to_string(mebibytes / 1024) + "g";
  return std::to_string(mebibytes) + "m";
}

std::string PrintSparkTime(int64_t millis) {
  if (millis % 1000 == 0) return std::to_string(millis / 1000) + "s";
  return std::to_string(millis) + "ms";
}

}  // namespace ballast::policy
