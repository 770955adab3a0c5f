// Spark's own grammars for values: sizes, times, numbers, booleans. Kubernetes' grammar is another
// one and lives in quantity.h.
//
// Source: JavaUtils.byteStringAs, JavaUtils.timeStringAs, ConfigHelpers (see CONTRIBUTING.md); held
// against the real classes by tests/testdata/vectors. Errors carry Spark's text in `what`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "policy/result.h"
#include "policy/spark_version.h"
#include "policy/units.h"

namespace ballast::policy {

enum class ByteUnit { kByte, kKiB, kMiB, kGiB, kTiB, kPiB };
enum class TimeUnit { kMicros, kMillis, kSeconds, kMinutes, kHours, kDays };

// What JavaUtils.byteStringAs makes of `text`: a whole number of `unit`, rounded down; a number
// without a suffix is in `unit`. Never negative. Suffixes such as "gi" exist from 4.2 on.
Result<int64_t> ByteStringAs(std::string_view text, ByteUnit unit, SparkVersion version);

// What a bytesConf entry makes of it: as above, but one leading '-' negates.
Result<int64_t> BytesConf(std::string_view text, ByteUnit unit, SparkVersion version);

// What JavaUtils.timeStringAs makes of it: a whole number of `unit`, towards zero, saturating.
Result<int64_t> TimeStringAs(std::string_view text, TimeUnit unit);

// Java's Integer.parseInt, Long.parseLong and Double.parseDouble and Scala's toBoolean on the
// trimmed text, as Spark's typed entries use them.
Result<int64_t> JavaInt(std::string_view text);
Result<int64_t> JavaLong(std::string_view text);
Result<double> JavaDouble(std::string_view text);
Result<bool> JavaBoolean(std::string_view text);

// Java's String.trim: strips characters up to U+0020 at both ends.
std::string_view JavaTrim(std::string_view text);

// The spelling that every Spark and every JVM reads: "28g", "1536m". Rounds up to the MiB.
std::string PrintSparkSize(ByteSize size);
// "600s", "1500ms".
std::string PrintSparkTime(int64_t millis);

}  // namespace ballast::policy
