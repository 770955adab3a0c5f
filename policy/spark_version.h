// Which Spark reads a setting: defaults, grammars and refusals differ by minor version.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "policy/result.h"

namespace ballast::policy {

struct SparkVersion {
  int major = 0;
  int minor = 0;

  auto operator<=>(const SparkVersion&) const = default;
};

// The versions whose arithmetic was measured against the real classes (tests/testdata/vectors).
inline constexpr SparkVersion kOldestSpark{3, 3};
inline constexpr SparkVersion kNewestSpark{4, 3};

inline constexpr std::array kSparkVersions = {
    SparkVersion{3, 3}, SparkVersion{3, 4}, SparkVersion{3, 5}, SparkVersion{4, 0},
    SparkVersion{4, 1}, SparkVersion{4, 2}, SparkVersion{4, 3}};

// All of them, the oldest first.
constexpr std::span<const SparkVersion> KnownSparkVersions() { return kSparkVersions; }

// Where it stands among them; nullopt: it is none of them.
constexpr std::optional<size_t> PlaceOf(SparkVersion version) {
  size_t place = 0;
  for (const SparkVersion known : kSparkVersions) {
    if (known == version) return place;
    ++place;
  }
  return std::nullopt;
}

// Reads "4.0.2", "v3.5.6", "4.1.0-preview1", "3.5". The patch level does not matter.
Result<SparkVersion> ParseSparkVersion(std::string_view text);

// The measured version that stands for this one: the newest that is not newer than it, so that an
// unknown newer version is treated as the newest known; an older one than all is treated as the
// oldest.
SparkVersion NearestKnown(SparkVersion version);

// What becomes of a job whose Spark is none of the known versions: it is judged as the nearest one
// in any case, and besides nothing, a warning or a refusal says so. Decided by a named option.
enum class UnknownVersion { kAsNearest, kWarn, kReject };

// "4.0".
std::string PrintSparkVersion(SparkVersion version);

}  // namespace ballast::policy
