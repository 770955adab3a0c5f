// What a value that Spark (or the JVM) cannot read plainly means: the same number in a spelling
// that every one of them reads.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "policy/spark_settings.h"

namespace ballast::policy {

// "1gb", "1 G", "1Gi" -> "1g"; "1024mb" -> "1024m"; of a time "10 sec" -> "10s", "2mins" -> "2min";
// of a number of MiB without a suffix "128m" -> "128"; of a whole number " 2 " -> "2". nullopt
// where no one value is plainly meant ("1.5g", "abc", "-1g") or where it is spelled so already.
std::optional<std::string> PlainSpelling(const Setting& setting, std::string_view text);

// The part for sizes: lower case, one letter, no blanks. Without a suffix: nullopt.
std::optional<std::string> PlainSize(std::string_view text);

// A fraction as the whole number of MiB that it is: "1.5g" -> "1536m". To propose, not to assume.
std::optional<std::string> WholeSize(std::string_view text);

}  // namespace ballast::policy
