// The places of one object where settings are written, laid over each other as the operator does.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/spark_conf.h"
#include "policy/workload.h"

namespace ballast::k8s {

// One setting as it stands somewhere in the object.
struct WrittenSetting {
  std::string_view key;
  std::string_view value;
  std::string_view pointer;  // of the field, or of the map that holds it
  std::string_view member;   // the key under which the map holds it; empty for a field
  bool beats_conf = true;    // of a field

  std::string Path() const;  // JSON pointer of the value
};

// `conf` is the object's map of settings, `others` what is written outside it (few). Of equal keys
// within `conf` the last counts. Where two sources differ, the loser is added to `overridden`.
policy::SparkConf LayOver(const std::vector<WrittenSetting>& conf,
                          const std::vector<WrittenSetting>& others,
                          std::vector<policy::OverriddenValue>& overridden);

}  // namespace ballast::k8s
