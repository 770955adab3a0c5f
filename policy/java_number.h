// Numbers and booleans as Java and Scala read them from text; Spark's typed settings trim first.
//
// Source: java.lang.Integer.parseInt, Long.parseLong, Double.parseDouble, java.math.BigDecimal,
// scala.collection.StringOps.toBoolean. The errors say what is wrong in Java's words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "policy/result.h"

namespace ballast::policy {

// Java's String.trim: strips characters up to U+0020 at both ends. A no-break space stays.
std::string_view JavaTrim(std::string_view text);

// Takes one decimal digit, of any script as in Java, off the front of UTF-8 text; -1 when there is
// none. The text must not be empty.
int TakeJavaDigit(std::string_view& text);

// Decimal with an optional sign, in 32 and 64 bits; digits of every script count, as in Java.
// The first two do not trim.
Result<int64_t> ParseJavaInt(std::string_view text);
Result<int64_t> ParseJavaLong(std::string_view text);
Result<int64_t> JavaInt(std::string_view text);
Result<int64_t> JavaLong(std::string_view text);

// "1.5", "1e-3", "0x1.8p1", "2f", "NaN", "-Infinity"; out of range saturates to infinity or zero.
Result<double> JavaDouble(std::string_view text);
// "true" or "false" in any case. The first does not trim.
Result<bool> ParseJavaBoolean(std::string_view text);
Result<bool> JavaBoolean(std::string_view text);

// A decimal number as java.math.BigDecimal reads it ("0.5", "-1e3", no suffix): its digits without
// point and without zeros at the ends (empty for zero), and the power of ten of the last one.
struct JavaDecimal {
  bool negative = false;
  std::string digits;
  int64_t power = 0;
};
// Does not trim.
Result<JavaDecimal> ParseJavaDecimal(std::string_view text);

// A decimal number, trimmed, in billionths, as Spark 4.3 keeps spark.task.cpus. What
// exceeds int64 saturates; what is finer than a billionth is an error.
Result<int64_t> JavaDecimalBillionths(std::string_view text);

// As Java prints a double: the shortest text that reads back to it, "0.1", "1.0", "1.0E-5", "NaN".
std::string PrintJavaDouble(double value);

}  // namespace ballast::policy
