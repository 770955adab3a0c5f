#include "policy/spark_checks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>

#include "policy/units.h"

namespace ballast::policy {
namespace {

constexpr SparkVersion k34{3, 4};
constexpr SparkVersion k40{4, 0};
constexpr SparkVersion k41{4, 1};
constexpr SparkVersion k42{4, 2};
constexpr int64_t kMaxInt = std::numeric_limits<int32_t>::max();
constexpr int64_t kBillion = 1'000'000'000;

std::string TypeName(const Setting& setting, SparkVersion version) {
  switch (setting.type) {
    case SettingType::kBytes:
      return "bytes in " + std::string(SparkName(setting.byte_unit));
    case SettingType::kTime:
      return "time in " + std::string(SparkName(setting.time_unit));
    case SettingType::kInt:
      return "int";
    case SettingType::kLong:
      return "long";
    case SettingType::kDouble:
      return "double";
    case SettingType::kDecimal:
      return version >= kDecimalTaskCpus ? "decimal" : "int";
    case SettingType::kBoolean:
      return "boolean";
    case SettingType::kText:
      break;
  }
  return "string";
}

Error NotMet(const Setting& setting, const std::string& value, std::string_view demand,
             SparkVersion version) {
  const std::string key(setting.key);
  if (version >= k41) {
    return {key, "[INVALID_CONF_VALUE.REQUIREMENT] The value '" + value + "' in the config \"" +
                     key + "\" is invalid. " + std::string(demand) + " SQLSTATE: 22022"};
  }
  return {key, "'" + value + "' in " + key + " is invalid. " + std::string(demand)};
}

// As Spark prints a value that it refuses: from 4.1 on sizes in bytes and times in milliseconds.
std::string Print(const Setting& setting, int64_t value, SparkVersion version) {
  if (setting.type == SettingType::kDecimal) {
    if (value % kBillion == 0) return std::to_string(value / kBillion);
    return PrintJavaDouble(static_cast<double>(value) / static_cast<double>(kBillion));
  }
  if (version < k41) return std::to_string(value);
  if (setting.type == SettingType::kBytes) {
    const int64_t unit = int64_t{1} << (10 * static_cast<int>(setting.byte_unit));
    return std::to_string(SaturatingMultiply(value, unit)) + "b";
  }
  if (setting.type == SettingType::kTime) {
    const int64_t unit = setting.time_unit == TimeUnit::kSeconds ? 1000 : 1;
    return std::to_string(SaturatingMultiply(value, unit)) + "ms";
  }
  return std::to_string(value);
}

// What Spark demands of this value; empty when it is met.
std::string_view Unmet(SettingCheck check, int64_t value, SparkVersion version) {
  const auto demand = [](bool met, std::string_view text) {
    return met ? std::string_view() : text;
  };
  switch (check) {
    case SettingCheck::kOffHeapNotNegative:
      return demand(value >= 0, "The off-heap memory size must not be negative");
    case SettingCheck::kTaskCpus:
      if (version < k42) return {};
      if (version < kDecimalTaskCpus) {
        return demand(value > 0, "Number of cores to allocate for each task should be positive.");
      }
      return demand(value >= 1 && value <= kMaxInt * kBillion,
                    "Number of cores to allocate for each task must be a positive value between "
                    "1E-9 and 2147483647 (inclusive).");
    case SettingCheck::kTimeoutNotNegative:
      return demand(value >= 0, "Timeout must be >= 0.");
    case SettingCheck::kNotNegative:
      return demand(value >= 0, "The buffer size must not be negative");
    case SettingCheck::kGracePeriod:
      return demand(value >= 0, "terminationGracePeriodSeconds must be non-negative");
    case SettingCheck::kShufflePartitions:
      return demand(value > 0, "The value of spark.sql.shuffle.partitions must be positive");
    case SettingCheck::kAdvisorySize:
      return demand(value > 0, "advisoryPartitionSizeInBytes must be positive");
    case SettingCheck::kBatchSize:
      return demand(value > 0, "Allocation batch size should be a positive integer");
    case SettingCheck::kBatchDelay:
      if (version >= k40) {
        return demand(value > 100, "Allocation batch delay must be greater than 0.1s.");
      }
      return demand(value > 0, "Allocation batch delay must be a positive time value.");
    case SettingCheck::kShuffleFileBuffer:
      return demand(value > 0 && value <= 2097151,
                    "The file buffer size must be positive and less than or equal to 2097151.");
    case SettingCheck::kRemoteBlock:
      return demand(value <= kMaxInt - 512,
                    "maxRemoteBlockSizeFetchToMem cannot be larger than (Int.MaxValue - 512) "
                    "bytes.");
    case SettingCheck::kDirectResult:
      if (version < k34) return {};
      return demand(value < kMaxInt - 15, "The max direct result size is 2GB");
    default:
      return {};
  }
}

// Kubernetes' DNS-1123 subdomain: labels of lower-case letters, digits and inner dashes.
bool IsDnsSubdomain(std::string_view name) {
  const auto is_alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  char previous = '.';
  for (const char c : name) {
    if (!is_alphanumeric(c) && c != '-' && c != '.') return false;
    if (!is_alphanumeric(c) && previous == '.') return false;
    if (c == '.' && previous == '-') return false;
    previous = c;
  }
  return is_alphanumeric(previous);
}

// The only texts that a setting may have; empty: it may have any.
std::span<const std::string_view> OptionsOf(SettingCheck check) {
  static constexpr std::string_view kPolicies[] = {"Always", "Never", "IfNotPresent"};
  static constexpr std::string_view kFamilies[] = {"IPv4", "IPv6", "IPv4,IPv6", "IPv6,IPv4"};
  static constexpr std::string_view kStacks[] = {"SingleStack", "PreferDualStack",
                                                 "RequireDualStack"};
  switch (check) {
    case SettingCheck::kPullPolicy:
      return kPolicies;
    case SettingCheck::kIpFamilies:
      return kFamilies;
    case SettingCheck::kIpFamilyPolicy:
      return kStacks;
    default:
      return {};
  }
}

std::string Listed(std::span<const std::string_view> options) {
  std::string list;
  for (const std::string_view option : options) {
    if (!list.empty()) list += ", ";
    list += "'" + std::string(option) + "'";
  }
  return list;
}

}  // namespace

int64_t ScalaToInt(double value) {
  if (std::isnan(value)) return 0;
  constexpr double kMax = std::numeric_limits<int32_t>::max();
  constexpr double kMin = std::numeric_limits<int32_t>::min();
  if (value >= kMax) return std::numeric_limits<int32_t>::max();
  if (value <= kMin) return std::numeric_limits<int32_t>::min();
  return static_cast<int64_t>(value);
}

int64_t ScalaToLong(double value) {
  if (std::isnan(value)) return 0;
  constexpr double kTwoTo63 = 9223372036854775808.0;
  if (value >= kTwoTo63) return std::numeric_limits<int64_t>::max();
  if (value <= -kTwoTo63) return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(value);
}

Error TypeMismatch(const Setting& setting, std::string_view text, std::string_view reason,
                   SparkVersion version) {
  const std::string key(setting.key);
  const std::string type = TypeName(setting, version);
  if (version >= k41) {
    return {key, "[INVALID_CONF_VALUE.TYPE_MISMATCH] The value '" + std::string(text) +
                     "' in the config \"" + key + "\" is invalid. It should be a/an '" + type +
                     "' value. SQLSTATE: 22022"};
  }
  if (setting.type == SettingType::kBytes || setting.type == SettingType::kTime) {
    return {key, std::string(reason)};
  }
  return {key, key + " should be " + type + ", but was " + std::string(text)};
}

std::optional<Error> CheckInteger(const Setting& setting, int64_t value, SparkVersion version) {
  const std::string_view unmet = Unmet(setting.check, value, version);
  if (unmet.empty()) return std::nullopt;
  return NotMet(setting, Print(setting, value, version), unmet, version);
}

std::optional<Error> CheckDouble(const Setting& setting, double value, SparkVersion version) {
  std::string_view unmet;
  switch (setting.check) {  // written so that NaN meets none
    case SettingCheck::kFactorPositive:
      if (!(value > 0)) unmet = "Ensure that memory overhead is a double greater than 0";
      break;
    case SettingCheck::kFactorNotNegative:
      if (!(value >= 0)) unmet = "Ensure that memory overhead is non-negative";
      break;
    case SettingCheck::kStorageFraction:
      if (!(value >= 0 && value < 1)) unmet = "Storage fraction must be in [0,1)";
      break;
    default:
      break;
  }
  if (unmet.empty()) return std::nullopt;
  return NotMet(setting, PrintJavaDouble(value), unmet, version);
}

std::optional<Error> CheckText(const Setting& setting, std::string_view value,
                               SparkVersion version) {
  constexpr size_t kLongestPrefix = 237;  // 253 of Kubernetes less "-exec-" and ten digits
  const std::span<const std::string_view> options = OptionsOf(setting.check);
  if (!options.empty()) {
    if (std::ranges::find(options, value) != options.end()) return std::nullopt;
    return NotMet(setting, std::string(value), "It should be one of " + Listed(options), version);
  }
  if (setting.check != SettingCheck::kPodNamePrefix) return std::nullopt;
  if (value.size() <= kLongestPrefix && IsDnsSubdomain(value)) return std::nullopt;
  return NotMet(setting, std::string(value),
                "must conform https://kubernetes.io/docs/concepts/overview/"
                "working-with-objects/names/#dns-subdomain-names and the value length <= 237",
                version);
}

}  // namespace ballast::policy
