#include "policy/spark_settings.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <limits>
#include <variant>
#include <vector>

#include "policy/key_index.h"
#include "policy/spark_checks.h"
#include "policy/spark_reference.h"
#include "policy/spark_settings_table.h"
#include "policy/written_setting.h"

namespace ballast::policy {
namespace {

constexpr int64_t kBillion = 1'000'000'000;

// The text that Spark converts: a view of the conf or of static storage where it can be, else of
// `owned`.
struct SourceText {
  const Setting* setting = nullptr;  // the one that it came from, after falling back
  std::string_view view;
  std::string owned;
  bool set = false;
  std::string not_known;  // as in ResolvedText
};

// Puts the text of a setting into `source`, whose `set` stays false where there is none.
Result<std::monostate> Resolve(const SparkConf& conf, const InForce& found, SparkVersion version,
                               SourceText& source) {
  source.setting = found.setting;
  if (!found.written) {
    source.view = found.setting->DefaultIn(version);
    source.set = !source.view.empty();
    return std::monostate{};
  }
  const Written& written = *found.written;
  source.set = true;
  source.view = written.text;
  if (HasUnitOfItsOwn(written)) {
    Result<std::string> text = TextOf(written);
    if (!text.ok()) return text.error();
    source.owned = *std::move(text);
    source.view = source.owned;
  }
  if (source.view.find("${") != std::string_view::npos) {
    Result<ResolvedText> resolved = ResolveReferences(conf, source.view, version);
    if (!resolved.ok()) return Error{std::string(found.setting->key), resolved.error().what};
    source.owned = std::move(resolved->text);
    source.not_known = std::move(resolved->not_known);
    source.view = source.owned;
  }
  return std::monostate{};
}

// It may be all right where Spark reads it.
Error NotKnown(const SourceText& source) {
  return Error{std::string(source.setting->key), source.not_known + std::string(kNotKnownHere)};
}

Result<int64_t> Convert(const Setting& setting, std::string_view text, SparkVersion version) {
  switch (setting.type) {
    case SettingType::kBytes:
      return BytesConf(text, setting.byte_unit, version);
    case SettingType::kTime:
      return TimeStringAs(text, setting.time_unit);
    case SettingType::kInt:
      return JavaInt(text);
    case SettingType::kLong:
      return JavaLong(text);
    case SettingType::kDecimal: {
      if (version >= kDecimalTaskCpus) return JavaDecimalBillionths(text);
      Result<int64_t> whole = JavaInt(text);
      if (!whole.ok()) return whole;
      return *whole * kBillion;
    }
    case SettingType::kBoolean: {
      const Result<bool> yes = JavaBoolean(text);
      if (yes.ok()) return *yes ? 1 : 0;
      // Scala 2.13 compares letters by their upper case, and that of a long s is an S.
      const size_t long_s = text.find("\xC5\xBF");
      if (long_s != std::string_view::npos && version >= SparkVersion{4, 0}) {
        return Convert(setting, std::string(text).replace(long_s, 2, "s"), version);
      }
      return yes.error();
    }
    default:
      assert(false && "a text or double setting read as an integer");
      return 0;
  }
}

// Reads a text as an integer of the setting's kind.
Result<int64_t> ReadSource(const Setting& setting, std::string_view text, SparkVersion version) {
  Result<int64_t> value = Convert(setting, text, version);
  if (!value.ok()) return TypeMismatch(setting, text, value.error().what, version);
  if (setting.check != SettingCheck::kNone) {
    if (auto refused = CheckInteger(setting, *value, version)) return *std::move(refused);
  }
  return value;
}

// Spark's own double, checked.
Result<double> ReadDoubleSource(const Setting& setting, std::string_view text,
                                SparkVersion version) {
  Result<double> value = JavaDouble(text);
  if (!value.ok()) return TypeMismatch(setting, text, value.error().what, version);
  if (auto refused = CheckDouble(setting, *value, version)) return *std::move(refused);
  return value;
}

// What Spark reads where a setting is unset, as most are: read once, by row and version. nullopt
// where there is no default, and where Spark refuses its own.
template <typename T>
class Defaults {
 public:
  using Read = Result<T> (*)(const Setting& setting, std::string_view text, SparkVersion version);

  Defaults(Read read, bool (*is_of_type)(SettingType type)) {
    for (const Setting& setting : table::kSettings) {
      for (const SparkVersion version : KnownSparkVersions()) {
        std::optional<T>& value = values_.emplace_back();
        const std::string_view text = setting.DefaultIn(version);
        if (text.empty() || !is_of_type(setting.type)) continue;
        const Result<T> number = read(setting, text, version);
        if (number.ok()) value = *number;
      }
    }
  }

  std::optional<T> Get(const Setting& setting, SparkVersion version) const {
    const auto place = PlaceOf(version);
    if (!place) return std::nullopt;
    return values_[table::IndexOf(setting) * kSparkVersions.size() + *place];
  }

 private:
  std::vector<std::optional<T>> values_;
};

std::optional<int64_t> DefaultInteger(const Setting& setting, SparkVersion version) {
  static const Defaults<int64_t> kDefaults(ReadSource, [](SettingType type) {
    return type != SettingType::kText && type != SettingType::kDouble;
  });
  return kDefaults.Get(setting, version);
}

std::optional<double> DefaultDouble(const Setting& setting, SparkVersion version) {
  static const Defaults<double> kDefaults(
      ReadDoubleSource, [](SettingType type) { return type == SettingType::kDouble; });
  return kDefaults.Get(setting, version);
}

// Whether Spark reads the text as it is written.
bool IsPlain(const Written& written) {
  return written.text.find('$') == std::string_view::npos && !HasUnitOfItsOwn(written);
}

Result<int64_t> ReadFound(const SparkConf& conf, const InForce& found, SparkVersion version) {
  if (!found.written) {
    if (const auto value = DefaultInteger(*found.setting, version)) return *value;
  } else if (IsPlain(*found.written)) {
    return ReadSource(*found.setting, found.written->text, version);
  }
  SourceText source;
  if (const auto read = Resolve(conf, found, version, source); !read.ok()) return read.error();
  assert(source.set && "neither set nor with a default");
  Result<int64_t> value = ReadSource(*source.setting, source.view, version);
  if (!value.ok() && !source.not_known.empty()) return NotKnown(source);
  return value;
}

const Setting& Known(HashedKey key) {
  const Setting* setting = FindSetting(key);
  assert(setting != nullptr && "not in the table of settings");
  return *setting;
}

}  // namespace

const Setting* FindSetting(HashedKey key) {
  static const KeyIndex kIndex = [] {
    KeyIndex index(table::kSettings.size());
    for (size_t i = 0; i < table::kSettings.size(); ++i) index.AddHash(table::kSettings[i].hash, i);
    return index;
  }();
  assert(kIndex.complete());
  const auto at =
      kIndex.FindHash(key.hash, [&](size_t i) { return table::kSettings[i].key == key.text; });
  return at ? &table::kSettings[*at] : nullptr;
}

std::span<const Setting> AllSettings() { return table::kSettings; }

std::optional<std::string_view> RawSetting(const SparkConf& conf, const Setting& setting) {
  const auto written = FindWritten(conf, setting);
  return written ? std::optional(written->text) : std::nullopt;
}

std::optional<std::string_view> RawSetting(const SparkConf& conf, HashedKey key) {
  const Setting* setting = FindSetting(key);
  return setting != nullptr ? RawSetting(conf, *setting) : conf.Get(key);
}

std::string_view SpellingOf(const SparkConf& conf, HashedKey key) {
  const Setting* setting = FindSetting(key);
  if (setting == nullptr) return conf.Has(key) ? key.text : std::string_view();
  const auto written = FindWritten(conf, *setting);
  return written ? written->spelling : std::string_view();
}

std::span<const HashedKey> OldSpellings(HashedKey key) {
  const Setting* setting = FindSetting(key);
  return setting != nullptr ? setting->old_spellings : std::span<const HashedKey>();
}

Result<std::optional<int64_t>> ReadOptionalInteger(const SparkConf& conf, const Setting& setting,
                                                   SparkVersion version) {
  const InForce found = FindInForce(conf, setting);
  if (!found.written && found.setting->DefaultIn(version).empty()) return std::optional<int64_t>();
  const Result<int64_t> value = ReadFound(conf, found, version);
  if (!value.ok()) return value.error();
  return std::optional<int64_t>(*value);
}

Result<int64_t> ReadInteger(const SparkConf& conf, const Setting& setting, SparkVersion version) {
  return ReadFound(conf, FindInForce(conf, setting), version);
}

Result<bool> ReadBoolean(const SparkConf& conf, const Setting& setting, SparkVersion version) {
  const Result<int64_t> value = ReadInteger(conf, setting, version);
  if (!value.ok()) return value.error();
  return *value != 0;
}

Result<double> ReadDouble(const SparkConf& conf, const Setting& setting, SparkVersion version) {
  const InForce found = FindInForce(conf, setting);
  if (!found.written) {
    if (const auto value = DefaultDouble(*found.setting, version)) return *value;
  } else if (IsPlain(*found.written)) {
    return ReadDoubleSource(*found.setting, found.written->text, version);
  }
  SourceText source;
  if (const auto read = Resolve(conf, found, version, source); !read.ok()) return read.error();
  assert(source.set && "neither set nor with a default");
  Result<double> value = ReadDoubleSource(*source.setting, source.view, version);
  if (!value.ok() && !source.not_known.empty()) return NotKnown(source);
  return value;
}

Result<std::optional<double>> ReadOptionalDouble(const SparkConf& conf, HashedKey key,
                                                 SparkVersion version) {
  const Setting& setting = Known(key);
  if (!FindWritten(conf, setting) && setting.falls_back_to.empty() &&
      setting.DefaultIn(version).empty()) {
    return std::optional<double>();
  }
  const Result<double> value = ReadDouble(conf, setting, version);
  if (!value.ok()) return value.error();
  return std::optional<double>(*value);
}

Result<std::optional<std::string>> ReadText(const SparkConf& conf, const Setting& setting,
                                            SparkVersion version) {
  SourceText source;
  const auto found = Resolve(conf, FindInForce(conf, setting), version, source);
  if (!found.ok()) return found.error();
  if (!source.set) return std::optional<std::string>();
  if (!source.not_known.empty()) return NotKnown(source);
  if (auto refused = CheckText(*source.setting, source.view, version)) return *std::move(refused);
  return std::optional<std::string>(std::string(source.view));
}

Result<int64_t> ReadInteger(const SparkConf& conf, HashedKey key, SparkVersion version) {
  return ReadInteger(conf, Known(key), version);
}
Result<double> ReadDouble(const SparkConf& conf, HashedKey key, SparkVersion version) {
  return ReadDouble(conf, Known(key), version);
}
Result<bool> ReadBoolean(const SparkConf& conf, HashedKey key, SparkVersion version) {
  return ReadBoolean(conf, Known(key), version);
}
Result<std::optional<int64_t>> ReadOptionalInteger(const SparkConf& conf, HashedKey key,
                                                   SparkVersion version) {
  return ReadOptionalInteger(conf, Known(key), version);
}

}  // namespace ballast::policy
