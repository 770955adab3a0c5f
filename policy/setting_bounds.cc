#include "policy/setting_bounds.h"

#include <algorithm>

#include "policy/print_value.h"
#include "policy/replace_setting.h"
#include "policy/spark_settings.h"

namespace ballast::policy {
namespace {

using Type = SettingRule::Type;
using Kind = SettingOutcome::Kind;
// Wide enough for every int64 and every double.
using Number = long double;

constexpr std::string_view kExecutorSizes[] = {
    "spark.executor.cores",
    "spark.executor.memory",
    "spark.executor.memoryOverhead",
    "spark.executor.pyspark.memory",
    "spark.kubernetes.executor.limit.cores",
    "spark.kubernetes.executor.request.cores",
    "spark.memory.offHeap.size",
};

// Reads values of one row's setting; sizes and times in the setting's own unit.
struct Reader {
  Type type;
  const Setting* setting;  // nullptr for a key that Ballast does not know
  ByteUnit byte_unit = ByteUnit::kByte;
  TimeUnit time_unit = TimeUnit::kMillis;

  explicit Reader(const SettingRule& row) : type(row.type), setting(FindSetting(row.key)) {
    if (setting == nullptr) return;
    byte_unit = setting->byte_unit;
    time_unit = setting->time_unit;
  }

  // A text of the policy, which may be written as the newest Spark reads it.
  std::optional<Number> operator()(std::string_view text) const { return Read(text, kNewestSpark); }
  std::optional<Number> Read(std::string_view text, SparkVersion version) const;
  // What the configuration says, `text` being its raw value.
  std::optional<Number> Written(const SparkConf& conf, std::string_view text,
                                SparkVersion version) const;

 private:
  bool SparkReadsItAlike() const;
};

template <typename T>
std::optional<Number> AsNumber(const Result<T>& result) {
  if (!result.ok()) return std::nullopt;
  return static_cast<Number>(*result);
}

std::optional<Number> Reader::Read(std::string_view text, SparkVersion version) const {
  switch (type) {
    case Type::kSize:
      return AsNumber(BytesConf(text, byte_unit, version));
    case Type::kTime:
      return AsNumber(TimeStringAs(text, time_unit));
    case Type::kBoolean:
      return AsNumber(JavaBoolean(text));
    case Type::kNumber: {
      if (const auto whole = AsNumber(JavaLong(text))) return whole;
      const auto number = AsNumber(JavaDouble(text));
      return number && *number == *number ? number : std::nullopt;  // NaN is no bound and no value
    }
    case Type::kText:
      return std::nullopt;
  }
  return std::nullopt;
}

bool Reader::SparkReadsItAlike() const {
  if (setting == nullptr) return false;
  switch (setting->type) {
    case SettingType::kBytes:
      return type == Type::kSize;
    case SettingType::kTime:
      return type == Type::kTime;
    case SettingType::kInt:
    case SettingType::kLong:
      return type == Type::kNumber;
    case SettingType::kBoolean:
      return type == Type::kBoolean;
    default:
      return false;
  }
}

std::optional<Number> Reader::Written(const SparkConf& conf, std::string_view text,
                                      SparkVersion version) const {
  if (SparkReadsItAlike()) {  // references and old spellings with a unit of their own included
    const auto value = ReadOptionalInteger(conf, *setting, version);
    if (value.ok() && *value) return static_cast<Number>(**value);
  }
  return Read(text, version);
}

std::string_view TypeName(Type type) {
  switch (type) {
    case Type::kSize:
      return "a size as Spark writes it, such as 512m";
    case Type::kTime:
      return "a time as Spark writes it, such as 120s";
    case Type::kNumber:
      return "a number";
    case Type::kBoolean:
      return "true or false";
    case Type::kText:
      return "a text";
  }
  return "";
}

// A size in the one spelling that every Spark and every JVM reads; all else as the policy has it.
std::string Spelled(const Reader& reader, std::string_view text) {
  if (reader.type == Type::kSize) {
    const Result<int64_t> bytes = BytesConf(text, ByteUnit::kByte, kNewestSpark);
    const bool suffixed = !text.empty() && !(text.back() >= '0' && text.back() <= '9');
    if (suffixed && bytes.ok() && *bytes > 0) return PrintExactSize(Bytes(*bytes));
  }
  return std::string(JavaTrim(text));
}

bool Allowed(const SettingRule& row, const Reader& read, std::optional<Number> value,
             std::string_view text) {
  if (row.allowed.empty()) return true;
  return std::any_of(row.allowed.begin(), row.allowed.end(), [&](const std::string& one) {
    return value ? read(one) == value : one == text;
  });
}

std::string List(const std::vector<std::string>& values) {
  std::string list;
  for (const std::string& value : values) {
    if (!list.empty()) list += ", ";
    list += value;
  }
  return list;
}

SettingOutcome Refuse(std::string_view reason, std::string why) {
  return {Kind::kRefuse, reason, std::move(why), {}, false};
}

// The value that counts (written, or a default) against minimum and maximum.
SettingOutcome HoldBounds(const SettingRule& row, const Reader& read, std::optional<Number> value) {
  const auto min = row.min.empty() ? std::nullopt : read(row.min);
  const auto max = row.max.empty() ? std::nullopt : read(row.max);
  if (!value) return {};
  if (max && (*value > *max || (min && *min > *max && *value < *max))) {
    const std::string bound = Spelled(read, row.max);
    return {Kind::kReplace, "above the policy's maximum",
            Join({"the policy wants at most ", bound}), bound, false};
  }
  if (min && *value < *min && (!max || *min <= *max)) {
    const std::string bound = Spelled(read, row.min);
    return {Kind::kReplace, "below the policy's minimum",
            Join({"the policy wants at least ", bound}), bound, true};
  }
  return {};
}

SettingOutcome HoldUnset(const SettingRule& row, const Reader& read, SparkVersion version) {
  if (!row.default_value.empty()) {
    SettingOutcome bounded = HoldBounds(row, read, read(row.default_value));
    if (bounded.kind == Kind::kReplace) return bounded;
    const std::string value = Spelled(read, row.default_value);
    return {Kind::kReplace, "the policy's default", Join({"the policy's default is ", value}),
            value, false};
  }
  if (row.required) return Refuse("required by the policy", "the policy requires a value");
  if (read.setting == nullptr) return {};
  const std::string_view standard = read.setting->DefaultIn(version);
  if (standard.empty()) return {};
  SettingOutcome outcome = HoldBounds(row, read, read(standard));
  if (outcome.kind == Kind::kReplace) {
    outcome.why += Join({", Spark's default is ", standard});
  }
  return outcome;
}

}  // namespace

SettingOutcome HoldAgainst(const SettingRule& row, const SparkConf& conf, SparkVersion version) {
  const auto written = RawSetting(conf, row.key);
  const Reader read(row);
  if (!written) return HoldUnset(row, read, version);
  if (row.forbidden) return Refuse("forbidden by the policy", "the policy forbids this setting");
  const auto value = read.Written(conf, *written, version);
  if (row.type != Type::kText && !value) {
    return Refuse("not of the setting's type", Join({"must be ", TypeName(row.type)}));
  }
  if (Allowed(row, read, value, *written)) return HoldBounds(row, read, value);
  std::string why = Join({"the policy allows ", List(row.allowed)});
  const std::string instead = Spelled(read, row.default_value);
  if (instead.empty() || !Allowed(row, read, read(instead), instead)) {
    return Refuse("not among the policy's values", std::move(why));
  }
  return {Kind::kReplace, "not among the policy's values", std::move(why), instead, false};
}

bool ExecutorSettingsHold(const Policy& policy, const SparkConf& conf, SparkVersion version) {
  if (policy.settings.empty()) return true;
  return std::all_of(std::begin(kExecutorSizes), std::end(kExecutorSizes),
                     [&](std::string_view key) {
                       const auto row = policy.settings.find(key);
                       if (row == policy.settings.end()) return true;
                       const SettingOutcome outcome = HoldAgainst(row->second, conf, version);
                       return outcome.kind == Kind::kFine;
                     });
}

}  // namespace ballast::policy
