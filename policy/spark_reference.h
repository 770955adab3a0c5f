// "${spark.executor.memory}" inside a setting's value: Spark puts the other setting's text there.
#pragma once

#include <string>
#include <string_view>

#include "policy/result.h"
#include "policy/spark_conf.h"
#include "policy/spark_version.h"

namespace ballast::policy {

// The text with its references to other settings resolved, as
// org.apache.spark.internal.config.ConfigReader does; what it cannot resolve stays as it is
// (references to the environment and to system properties are not known here). A reference that
// comes back to itself is an error; so are more than 256 of them and a result over 64 KiB.
Result<std::string> ResolveReferences(const SparkConf& conf, std::string_view text,
                                      SparkVersion version);

}  // namespace ballast::policy
