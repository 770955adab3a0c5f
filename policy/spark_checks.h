// What Spark says when it cannot read a setting, or does not like what it read. Part of reading
// settings: everybody else asks spark_settings.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "policy/result.h"
#include "policy/spark_settings.h"

namespace ballast::policy {

// From this version on spark.task.cpus is a decimal number.
inline constexpr SparkVersion kDecimalTaskCpus{4, 3};

// Scala's Double.toInt and toLong: towards zero, saturating, NaN is 0.
int64_t ScalaToInt(double value);
int64_t ScalaToLong(double value);

// The error of a text that cannot be read as the setting's type; `reason` is the parser's.
Error TypeMismatch(const Setting& setting, std::string_view text, std::string_view reason,
                   SparkVersion version);

// Spark's own check of a value that was read (in the setting's unit); nullopt when it holds.
std::optional<Error> CheckInteger(const Setting& setting, int64_t value, SparkVersion version);
std::optional<Error> CheckDouble(const Setting& setting, double value, SparkVersion version);
std::optional<Error> CheckText(const Setting& setting, std::string_view value,
                               SparkVersion version);

}  // namespace ballast::policy
