#include "policy/spark_version.h"

#include <algorithm>
#include <charconv>

namespace ballast::policy {

static_assert(kSparkVersions.front() == kOldestSpark && kSparkVersions.back() == kNewestSpark);

Result<SparkVersion> ParseSparkVersion(std::string_view text) {
  const auto malformed = [&] {
    return Error{"", "\"" + std::string(text) + "\" is no Spark version; write it as \"3.5.6\""};
  };
  std::string_view rest = text;
  if (rest.starts_with('v')) rest.remove_prefix(1);
  const char* const end = rest.data() + rest.size();
  SparkVersion version;
  const auto major = std::from_chars(rest.data(), end, version.major);
  if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return malformed();
  const auto minor = std::from_chars(major.ptr + 1, end, version.minor);
  if (minor.ec != std::errc() || version.major < 0 || version.minor < 0) return malformed();
  if (minor.ptr != end && *minor.ptr != '.' && *minor.ptr != '-') return malformed();
  return version;
}

SparkVersion NearestKnown(SparkVersion version) {
  const auto above = std::upper_bound(kSparkVersions.begin(), kSparkVersions.end(), version);
  return above == kSparkVersions.begin() ? kSparkVersions.front() : *(above - 1);
}

std::string PrintSparkVersion(SparkVersion version) {
  return std::to_string(version.major) + "." + std::to_string(version.minor);
}

}  // namespace ballast::policy
