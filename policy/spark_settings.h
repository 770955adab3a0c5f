// What Spark makes of a setting: its type and unit, its default in that version, its old spellings,
// and the checks that Spark itself does when it reads it. The table is in spark_settings.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "policy/result.h"
#include "policy/spark_conf.h"
#include "policy/spark_size.h"
#include "policy/spark_version.h"

namespace ballast::policy {

enum class SettingType { kBytes, kTime, kInt, kLong, kDouble, kDecimal, kBoolean, kText };

struct Setting {
  std::string_view key;
  SettingType type = SettingType::kText;
  ByteUnit byte_unit = ByteUnit::kByte;    // of kBytes: what a number without a suffix means
  TimeUnit time_unit = TimeUnit::kMillis;  // of kTime
  // Present from `since` on (known to that version's ConfigEntry registry).
  SparkVersion since = kOldestSpark;
};

// The setting with this key, or nullptr when Ballast has no use for it.
const Setting* FindSetting(std::string_view key);
// All of them, in order of their keys.
std::span<const Setting> AllSettings();

// The raw text that Spark reads for `key`: under the key itself, else under its first old spelling
// present. nullopt when unset.
std::optional<std::string_view> RawSetting(const SparkConf& conf, std::string_view key);
// Under which spelling it was found ("spark.yarn.executor.memoryOverhead"); empty when unset.
std::string_view SpellingOf(const SparkConf& conf, std::string_view key);
// The old spellings of a key that still work, newest first.
std::span<const std::string_view> OldSpellings(std::string_view key);

// Reads a setting as this version of Spark would: old spellings, then the default, then Spark's own
// checks. The number is in the setting's own unit (spark.executor.memory: MiB). The error's `where`
// is the key and `what` is Spark's reason. `key` must be one of AllSettings() of the right type and
// must have a default in that version or be set; reading another is a bug and asserts.
Result<int64_t> ReadInteger(const SparkConf& conf, std::string_view key, SparkVersion version);
Result<double> ReadDouble(const SparkConf& conf, std::string_view key, SparkVersion version);
Result<bool> ReadBoolean(const SparkConf& conf, std::string_view key, SparkVersion version);
// For settings without a default: nullopt when unset.
Result<std::optional<int64_t>> ReadOptionalInteger(const SparkConf& conf, std::string_view key,
                                                   SparkVersion version);
Result<std::optional<double>> ReadOptionalDouble(const SparkConf& conf, std::string_view key,
                                                 SparkVersion version);

}  // namespace ballast::policy
