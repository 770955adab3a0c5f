#include "policy/written_setting.h"

#include "policy/java_number.h"
#include "policy/spark_checks.h"

namespace ballast::policy {

bool HasUnitOfItsOwn(const Written& written) {
  return written.spelling == "spark.kryoserializer.buffer.mb";
}

// Whole and broken thousands of KiB, cut to an int.
Result<std::string> TextOf(const Written& written) {
  if (!HasUnitOfItsOwn(written)) return std::string(written.text);
  const Result<double> number = JavaDouble(written.text);
  if (!number.ok()) return Error{std::string(written.spelling), number.error().what};
  return std::to_string(ScalaToInt(*number * 1000)) + "k";
}

std::optional<Written> FindWritten(const SparkConf& conf, const Setting& setting) {
  if (const auto text = conf.Get(setting.hashed_key())) return Written{setting.key, *text};
  for (const HashedKey& old : setting.old_spellings) {
    if (const auto text = conf.Get(old)) return Written{old, *text};
  }
  return std::nullopt;
}

InForce FindInForce(const SparkConf& conf, const Setting& setting) {
  for (const Setting* at = &setting;;) {
    const auto written = FindWritten(conf, *at);
    if (written || at->falls_back_to.empty()) return {at, written};
    at = FindSetting(at->falls_back_to);
  }
}

}  // namespace ballast::policy
