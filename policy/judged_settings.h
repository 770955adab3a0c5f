// Which settings Ballast judges. All others are the user's own business and may hold keys and
// passwords: they never stand in an annotation, a log or a snapshot.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/spark_conf.h"

namespace ballast::policy {

// Whether rules or Spark's own checks look at a setting with this key. A policy's own list
// (`settings`) may name more.
bool IsJudgedSetting(std::string_view key);

// Whether Spark itself would hide the value of such a key (spark.redaction.regex).
bool LooksSecret(std::string_view key);

// Whether the value of such a key may hold one: it looks secret, or is a list of Java options,
// which hold anything.
bool MayHoldSecret(std::string_view key);

// Whether the value of such a key may stand in a text: it is judged and holds no secret.
bool MayShowValue(std::string_view key);

// The judged settings of a configuration, those of `more`, and those that they refer to. A value
// that looks secret is hidden; of Java options only what Spark looks for is left. Rules that know
// no others come to the same decision as with all settings.
SparkConf JudgedSettings(const SparkConf& conf, const std::vector<std::string>& more);

}  // namespace ballast::policy
