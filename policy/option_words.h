// The words of a text of Java options, as Spark's launcher parts them: blanks do, quotes and
// backslashes hold together.
//
// Source: org.apache.spark.launcher.CommandBuilderUtils.parseOptionString of Spark 3.3 to 4.3.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::policy {

// nullopt where a quote or an escape is left open, which Spark refuses.
std::optional<std::vector<std::string>> OptionWords(std::string_view options);

}  // namespace ballast::policy
