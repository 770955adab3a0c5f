#include "webhook/charts/axis.h"

#include <algorithm>
#include <cstdio>

#include "webhook/text/terminal.h"

namespace ballast::webhook {
namespace {

using policy::Bytes;
using policy::ByteSize;

constexpr int64_t kSecond = 1000;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;

// What people count in; beyond them whole days.
constexpr int64_t kSteps[] = {1,
                              2,
                              5,
                              10,
                              20,
                              50,
                              100,
                              200,
                              500,
                              kSecond,
                              2 * kSecond,
                              5 * kSecond,
                              10 * kSecond,
                              15 * kSecond,
                              30 * kSecond,
                              kMinute,
                              2 * kMinute,
                              5 * kMinute,
                              10 * kMinute,
                              15 * kMinute,
                              30 * kMinute,
                              kHour,
                              2 * kHour,
                              3 * kHour,
                              6 * kHour,
                              12 * kHour,
                              kDay};

std::string TwoParts(int64_t whole, const char* unit, int64_t rest, const char* rest_unit) {
  std::string text = std::to_string(whole) + " " + unit;
  if (rest > 0) text += " " + std::to_string(rest) + " " + rest_unit;
  return text;
}

}  // namespace

double Axis::At(double value) const {
  if (!(to > from)) return first;
  const double share = std::clamp((value - from) / (to - from), 0.0, 1.0);
  return first + share * (last - first);
}

std::string Units(double length) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", length);
  return text;
}

std::vector<ByteSize> MemoryTicks(ByteSize most) {
  constexpr int64_t kMostSteps = 5;
  int64_t step = int64_t{1} << 20;
  const int64_t top = std::max<int64_t>(most.bytes(), step);
  while (step < (int64_t{1} << 61) && (top - 1) / step + 1 > kMostSteps) step *= 2;
  std::vector<ByteSize> ticks;
  for (int64_t i = 0; i <= (top - 1) / step + 1; ++i) {
    ticks.push_back(Bytes(policy::SaturatingMultiply(step, i)));
  }
  return ticks;
}

std::vector<int64_t> TimeTicks(int64_t span) {
  constexpr int64_t kMostSteps = 8;
  int64_t step = kSteps[0];
  for (const int64_t one : kSteps) {
    step = one;
    if (span / step <= kMostSteps) break;
  }
  while (span / step > kMostSteps) step = policy::SaturatingMultiply(step, 2);
  std::vector<int64_t> ticks;
  for (int64_t i = 0; i <= std::max<int64_t>(span, 0) / step; ++i) ticks.push_back(step * i);
  return ticks;
}

std::string MemoryLabel(ByteSize size) {
  if (size.bytes() == 0) return "0";
  return HumanMebibytes(static_cast<double>(size.bytes()) / (1 << 20));
}

std::string TimeLabel(int64_t millis) {
  if (millis <= 0) return "0";
  if (millis < kSecond) return std::to_string(millis) + " ms";
  if (millis < 10 * kSecond && millis % kSecond != 0) {
    return Units(static_cast<double>(millis) / kSecond) + " s";
  }
  if (millis < kMinute) return std::to_string(millis / kSecond) + " s";
  if (millis < kHour) {
    return TwoParts(millis / kMinute, "min", millis % kMinute / kSecond, "s");
  }
  if (millis < kDay) return TwoParts(millis / kHour, "h", millis % kHour / kMinute, "min");
  return TwoParts(millis / kDay, "d", millis % kDay / kHour, "h");
}

}  // namespace ballast::webhook
