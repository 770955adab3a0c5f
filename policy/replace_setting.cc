#include "policy/replace_setting.h"

#include <utility>

#include "policy/cut_text.h"
#include "policy/judged_settings.h"
#include "policy/spark_settings.h"

namespace ballast::policy {
namespace {

// A value longer than this is cut in a message: nobody reads the end of it.
constexpr size_t kShownLength = 80;

std::string ValueAsWritten(const SparkConf& conf, std::string_view key) {
  if (MayHoldSecret(key)) return "";
  return std::string(RawSetting(conf, key).value_or(""));
}

}  // namespace

std::string Join(std::initializer_list<std::string_view> pieces) {
  size_t length = 0;
  for (const std::string_view piece : pieces) length += piece.size();
  std::string joined;
  joined.reserve(length);
  for (const std::string_view piece : pieces) joined += piece;
  return joined;
}

std::string AsWritten(const SparkConf& conf, std::string_view key) {
  const std::string_view spelling = SpellingOf(conf, key);
  if (spelling.empty()) return Join({key, " unset"});
  const std::string_view value = *RawSetting(conf, key);
  if (MayHoldSecret(key)) return Join({spelling, " (its value is not shown)"});
  return Join(
      {spelling, "=", CutText(value, kShownLength), value.size() > kShownLength ? "..." : ""});
}

std::vector<SettingChange> ReplacementOf(const SparkConf& conf, std::string_view key,
                                         std::string value) {
  std::vector<SettingChange> changes;
  changes.push_back({std::string(key), std::move(value)});
  for (const std::string_view old : OldSpellings(key)) {
    if (conf.Has(old)) changes.push_back({std::string(old), std::nullopt});
  }
  return changes;
}

Judgement Replace(const SparkConf& conf, std::string_view reason, Severity severity,
                  std::string_view key, std::string value, std::string_view why) {
  std::string message = Join({AsWritten(conf, key), ": ", why, "; use ", value});
  Judgement judgement =
      Rewrite(reason, severity, std::move(message), ReplacementOf(conf, key, value));
  judgement.finding.before = ValueAsWritten(conf, key);
  judgement.finding.after = std::move(value);
  return judgement;
}

Judgement WarnAbout(const SparkConf& conf, std::string_view reason, Severity severity,
                    std::string_view key, std::string_view why) {
  Judgement judgement =
      Warn(reason, severity, Join({AsWritten(conf, key), ": ", why}), {std::string(key)});
  judgement.finding.before = ValueAsWritten(conf, key);
  return judgement;
}

Judgement RejectBecause(const SparkConf& conf, std::string_view reason, Severity severity,
                        std::string_view key, std::string_view why) {
  Judgement judgement =
      Reject(reason, severity, Join({AsWritten(conf, key), ": ", why}), {std::string(key)});
  judgement.finding.before = ValueAsWritten(conf, key);
  return judgement;
}

}  // namespace ballast::policy
