// The stages of Spark's start-up, one function each; spark_startup.cc calls them in their order.
// Each answers with the reason for which Spark stops there, its `where` the setting's key.
#pragma once

#include <optional>

#include "policy/result.h"
#include "policy/spark_conf.h"
#include "policy/spark_memory.h"
#include "policy/spark_profile.h"
#include "policy/spark_version.h"

namespace ballast::policy::stages {

using Refused = std::optional<Error>;

// spark_stages_submit.cc: before the driver runs.
Refused SubmitArgs(const SparkConf& conf, SparkVersion version);
Refused DriverXmx(const SparkConf& conf, SparkVersion version);
Refused Jvm(const SparkConf& conf);

// spark_stages_pods.cc: what else is refused where the pods are made, besides DriverShape and
// ExecutorShape of spark_memory.h.
Refused DriverPod(const SparkConf& conf, Language language, SparkVersion version);
Refused ExecutorPod(const SparkConf& conf, SparkVersion version);

// spark_stages_driver.cc: inside the driver.
Refused ValidateSettings(const SparkConf& conf, SparkVersion version);
Refused Slots(const Result<ExecutorProfile>& profile);
Refused Kryo(const SparkConf& conf, SparkVersion version);
Refused Rpc(const SparkConf& conf, SparkVersion version);
Refused DriverRegions(const SparkConf& conf, SparkVersion version);
Refused ExecutorRegions(const SparkConf& conf, SparkVersion version);

// spark_dynamic_allocation.cc
// `slots` is what the stage Slots said: the manager of resource profiles comes before, and counts.
Refused DynamicAllocation(const SparkConf& conf, const Refused& slots, SparkVersion version);

}  // namespace ballast::policy::stages
