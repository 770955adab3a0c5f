// The heap that the driver's JVM is told to start with (-Xms, -XX:InitialHeapSize). It ends at once
// where the largest heap, spark.driver.memory, is below that.
//
// An executor's options do not matter so: behind them the entrypoint of Spark's images writes an
// -Xms of spark.executor.memory, and the last one counts.
#pragma once

#include <optional>

#include "policy/spark_conf.h"
#include "policy/units.h"

namespace ballast::policy {

// nullopt where no option says it, or the JVM could not read it.
std::optional<ByteSize> InitialDriverHeap(const SparkConf& conf);

}  // namespace ballast::policy
