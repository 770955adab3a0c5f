// Holds a configuration against one row of the operator's own list of settings, by value and not by
// text: 120s is 2min, 1g is 1024m.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "policy/policy.h"
#include "policy/spark_conf.h"
#include "policy/spark_version.h"

namespace ballast::policy {

// What a row says about a configuration.
struct SettingOutcome {
  enum class Kind { kFine, kReplace, kRefuse };
  Kind kind = Kind::kFine;
  std::string_view reason;  // static storage
  std::string why;          // "the policy wants at least 120s"
  std::string value;        // of kReplace
  bool raises = false;      // the value was below the minimum
};

// Of equal texts and versions always the same; an outcome's value is itself fine.
SettingOutcome HoldAgainst(const SettingRule& row, const SparkConf& conf, SparkVersion version);

// Whether every row that is about the size of an executor holds. The split asks it of a candidate,
// so that it never proposes what the list would raise again.
bool ExecutorSettingsHold(const Policy& policy, const SparkConf& conf, SparkVersion version);

}  // namespace ballast::policy
