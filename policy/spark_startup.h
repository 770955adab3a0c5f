// What Spark itself would refuse at start-up, stage by stage.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/spark_conf.h"
#include "policy/spark_memory.h"
#include "policy/spark_version.h"

namespace ballast::policy {

// One refusal. Stages, in the order in which Spark reaches them: submitArgs, driver, driverXmx,
// jvm, validateSettings, taskSlots, kryo, rpc, ummDriver, dynAlloc, executor, ummExecutor.
struct Refusal {
  std::string_view stage;  // static storage
  std::string setting;     // the key at fault
  std::string message;     // Spark's own reason

  bool operator==(const Refusal&) const = default;
};

// Which Spark reads what: the one that submits (the operator's own image, or the spark-submit that
// was called) makes the driver pod, the one in the application's image makes everything else.
struct SparkVersions {
  SparkVersion submit;
  SparkVersion runtime;

  bool operator==(const SparkVersions&) const = default;
};

// Every stage is judged on its own and listed even after an earlier one failed; at most one refusal
// a stage. Empty when Spark would start.
std::vector<Refusal> StartupRefusals(const SparkConf& conf, Language language,
                                     SparkVersions versions);

}  // namespace ballast::policy
