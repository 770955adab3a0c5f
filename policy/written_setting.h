// Where in a configuration a setting stands. Part of reading settings: everybody else asks
// spark_settings.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "policy/result.h"
#include "policy/spark_conf.h"
#include "policy/spark_settings.h"

namespace ballast::policy {

// What is written under the setting's key or under its first old spelling present.
struct Written {
  std::string_view spelling;
  std::string_view text;
};

// Whether the number under this old spelling means another unit than the setting's
// (spark.kryoserializer.buffer.mb).
bool HasUnitOfItsOwn(const Written& written);
// The text as Spark reads it for the setting, that unit told.
Result<std::string> TextOf(const Written& written);

// The setting that Spark reads, which is another one where this is unset and falls back to that.
struct InForce {
  const Setting* setting = nullptr;
  std::optional<Written> written;
};

// `setting` must be a row of the table. The views live as long as the conf is not changed.
std::optional<Written> FindWritten(const SparkConf& conf, const Setting& setting);
InForce FindInForce(const SparkConf& conf, const Setting& setting);

}  // namespace ballast::policy
