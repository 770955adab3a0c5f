// Spark's own grammars for sizes and times. Kubernetes' grammar is another one and lives in
// quantity.h; plain numbers are Java's, in java_number.h.
//
// Source: org.apache.spark.network.util.JavaUtils.byteStringAs and timeStringAs, and
// org.apache.spark.internal.config.ConfigHelpers; held against the real classes by
// tests/testdata/vectors. Errors carry Spark's text in `what` and leave `where` empty.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "policy/java_number.h"
#include "policy/result.h"
#include "policy/spark_version.h"
#include "policy/units.h"

namespace ballast::policy {

enum class ByteUnit { kByte, kKiB, kMiB, kGiB, kTiB, kPiB };
enum class TimeUnit { kMicros, kMillis, kSeconds, kMinutes, kHours, kDays };

// What JavaUtils.byteStringAs makes of `text`: a whole number of `unit`, rounded down; a number
// without a suffix is in `unit`. Never negative; what exceeds int64 in `unit` is an error. Suffixes
// such as "gi" exist from 4.2 on.
Result<int64_t> ByteStringAs(std::string_view text, ByteUnit unit, SparkVersion version);

// What a bytesConf entry makes of it: as above, but one '-' as the very first character negates.
Result<int64_t> BytesConf(std::string_view text, ByteUnit unit, SparkVersion version);

// What JavaUtils.timeStringAs makes of it: a whole number of `unit`, towards zero, saturating.
Result<int64_t> TimeStringAs(std::string_view text, TimeUnit unit);

// "MiB", "BYTE", ... and "SECONDS", ...: as Spark's errors name the units.
std::string_view SparkName(ByteUnit unit);
std::string_view SparkName(TimeUnit unit);

// The spelling that every Spark and every JVM reads: "28g", "1536m". Rounds up to the MiB; less
// than nothing is "0m".
std::string PrintSparkSize(ByteSize size);
// "600s", "1500ms".
std::string PrintSparkTime(int64_t millis);

}  // namespace ballast::policy
