// What all the Spark versions that may run an application refuse of it, by setting.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/spark_startup.h"
#include "policy/workload.h"

namespace ballast::policy {

struct StartupVerdict {
  // One setting at fault.
  struct Group {
    std::string setting;
    std::string_view stage;  // of its first refusal; static storage
    std::string message;     // of its first refusal: Spark's own reason
    std::string versions;    // that refuse it: "3.5", "3.3 to 4.1", "3.3, 4.0 to 4.3"
    bool by_all = false;     // every possible version refuses this setting
  };
  std::vector<Group> groups;    // in the order in which Spark reaches them
  bool refused_by_all = false;  // every possible version refuses something

  bool Names(std::string_view setting) const;
};

// The SparkContext's checks included. `possible` must not be empty: {workload.versions} at least.
StartupVerdict JudgeStartup(const SparkConf& conf, const Workload& workload,
                            std::span<const SparkVersions> possible);

}  // namespace ballast::policy
