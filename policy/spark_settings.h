// What Spark makes of a setting: its type and unit, its default in that version, its old spellings,
// and the checks that Spark itself does when it reads it. The table of them is in
// spark_settings_table.h.
//
// Source: the ConfigEntry registry of Spark 3.3 to 4.3 (SparkConf.get), SparkConf.getOption.
#pragma once

#include <array>
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

// What Spark demands of a value besides that it can be read; the texts are in spark_settings.cc.
enum class SettingCheck : uint8_t {
  kNone,
  kFactorPositive,
  kFactorNotNegative,
  kOffHeapNotNegative,
  kStorageFraction,
  kTaskCpus,
  kTimeoutNotNegative,
  kNotNegative,
  kGracePeriod,
  kShufflePartitions,
  kAdvisorySize,
  kBatchSize,
  kBatchDelay,
  kShuffleFileBuffer,
  kRemoteBlock,
  kDirectResult,
  kPodNamePrefix,
  kPullPolicy,
  kIpFamilies,
  kIpFamilyPolicy,
};

struct DefaultText {
  SparkVersion since;
  std::string_view text;
};

struct Setting {
  std::string_view key;
  uint64_t hash = 0;  // KeyIndex::Hash of the key
  SettingType type = SettingType::kText;
  ByteUnit byte_unit = ByteUnit::kByte;    // of kBytes: what a number without a suffix means
  TimeUnit time_unit = TimeUnit::kMillis;  // of kTime
  SparkVersion since = kOldestSpark;       // known to Spark from this version on
  // As Spark would read them, each from a version on, in order of those; empty: none, the setting
  // may be unset.
  std::array<DefaultText, 3> defaults;
  SettingCheck check = SettingCheck::kNone;
  std::string_view falls_back_to;            // the setting that is read where this is unset
  std::span<const HashedKey> old_spellings;  // that still work, in order of precedence

  constexpr HashedKey hashed_key() const { return {key, hash}; }
  // Empty: none.
  constexpr std::string_view DefaultIn(SparkVersion version) const {
    std::string_view text;
    for (const DefaultText& one : defaults) {
      if (!one.text.empty() && version >= one.since) text = one.text;
    }
    return text;
  }
};

// The setting with this key, or nullptr when Ballast has no use for it.
const Setting* FindSetting(HashedKey key);
// All of them, in order of their keys.
std::span<const Setting> AllSettings();

// The text that the user wrote for `key`: under the key itself, else under its first old spelling
// present; verbatim, also where an old spelling has a unit of its own
// ("spark.kryoserializer.buffer.mb"). nullopt when unset.
std::optional<std::string_view> RawSetting(const SparkConf& conf, HashedKey key);
std::optional<std::string_view> RawSetting(const SparkConf& conf, const Setting& setting);
// Under which spelling it was found ("spark.yarn.executor.memoryOverhead"); empty when unset. The
// view is of static storage, or `key` itself.
std::string_view SpellingOf(const SparkConf& conf, HashedKey key);
// The old spellings of a key that still work, in order of precedence.
std::span<const HashedKey> OldSpellings(HashedKey key);

// Reads a setting as this version of Spark would: old spellings, "${...}" references, then what it
// falls back to, then the default, then Spark's own checks. The number is in the setting's own unit
// (spark.executor.memory: MiB), of kDecimal in billionths. The error's `where` is the key and
// `what` is Spark's reason. `key` must be one of AllSettings() of the right type and must have a
// default or be set; reading another is a bug and asserts. A value that follows from what is known
// only where Spark runs ("${env:CORES}") is an error that says so.
Result<int64_t> ReadInteger(const SparkConf& conf, HashedKey key, SparkVersion version);
Result<double> ReadDouble(const SparkConf& conf, HashedKey key, SparkVersion version);
Result<bool> ReadBoolean(const SparkConf& conf, HashedKey key, SparkVersion version);
// For settings without a default: nullopt when unset.
Result<std::optional<int64_t>> ReadOptionalInteger(const SparkConf& conf, HashedKey key,
                                                   SparkVersion version);
Result<std::optional<double>> ReadOptionalDouble(const SparkConf& conf, HashedKey key,
                                                 SparkVersion version);

// The same for a setting that is at hand: without the look-up.
Result<int64_t> ReadInteger(const SparkConf& conf, const Setting& setting, SparkVersion version);
Result<double> ReadDouble(const SparkConf& conf, const Setting& setting, SparkVersion version);
Result<bool> ReadBoolean(const SparkConf& conf, const Setting& setting, SparkVersion version);
Result<std::optional<int64_t>> ReadOptionalInteger(const SparkConf& conf, const Setting& setting,
                                                   SparkVersion version);
// The text, references resolved and checked; nullopt when unset and without a default.
Result<std::optional<std::string>> ReadText(const SparkConf& conf, const Setting& setting,
                                            SparkVersion version);

}  // namespace ballast::policy
