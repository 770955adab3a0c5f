// "${spark.executor.memory}" inside a setting's value: Spark puts the other setting's text there.
#pragma once

#include <string>
#include <string_view>

#include "policy/result.h"
#include "policy/spark_conf.h"
#include "policy/spark_version.h"

namespace ballast::policy {

// A text with its references to other settings resolved.
struct ResolvedText {
  std::string text;
  // The first reference of which Ballast cannot tell what it stands for: "${env:HOME}", a system
  // property, a setting that it has no use for. It stays in the text as it is; empty: none.
  std::string not_known;
};

// How an error ends that is no refusal of Spark's, but for such a reference.
inline constexpr std::string_view kNotKnownHere = " stands for what is known only where Spark runs";

// As org.apache.spark.internal.config.ConfigReader does: what is unset stands for its default, and
// what is no setting stays as it is. A reference that comes back to itself is an error; so are more
// than 256 of them and a result over 64 KiB.
Result<ResolvedText> ResolveReferences(const SparkConf& conf, std::string_view text,
                                       SparkVersion version);

}  // namespace ballast::policy
