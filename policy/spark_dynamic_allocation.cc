// ExecutorAllocationManager: what it refuses of dynamic allocation.
#include <algorithm>
#include <string>

#include "policy/spark_settings_table.h"
#include "policy/spark_stages.h"

namespace ballast::policy::stages {
namespace {

constexpr SparkVersion k35{3, 5};

Error On(std::string_view key, std::string text) { return {std::string(key), std::move(text)}; }

// How many executors: least and most of them.
Refused CheckBounds(const SparkConf& conf, SparkVersion version) {
  static constexpr const Setting& kMin = table::At("spark.dynamicAllocation.minExecutors");
  static constexpr const Setting& kMax = table::At("spark.dynamicAllocation.maxExecutors");
  const auto least = ReadInteger(conf, kMin, version);
  if (!least.ok()) return least.error();
  const auto most = ReadInteger(conf, kMax, version);
  if (!most.ok()) return most.error();
  if (*least < 0 || *most < 0) {
    return On(*least < 0 ? kMin.key : kMax.key,
              "spark.dynamicAllocation.minExecutors and spark.dynamicAllocation.maxExecutors must "
              "be positive!");
  }
  if (*most == 0) return On(kMax.key, "spark.dynamicAllocation.maxExecutors cannot be 0!");
  if (*least > *most) {
    return On(kMax.key, "spark.dynamicAllocation.minExecutors (" + std::to_string(*least) +
                            ") must be less than or equal to spark.dynamicAllocation.maxExecutors "
                            "(" +
                            std::to_string(*most) + ")!");
  }
  return std::nullopt;
}

// Settings that are only read here; their own checks are all that can fail.
Refused CheckReadable(const SparkConf& conf, SparkVersion version) {
  for (const Setting* setting : {&table::At("spark.dynamicAllocation.initialExecutors"),
                                 &table::At("spark.dynamicAllocation.executorIdleTimeout"),
                                 &table::At("spark.dynamicAllocation.cachedExecutorIdleTimeout"),
                                 &table::At("spark.dynamicAllocation.shuffleTracking.timeout")}) {
    const auto value = ReadInteger(conf, *setting, version);
    if (!value.ok()) return value.error();
  }
  if (version >= k35) {
    for (const Setting* flag : {&table::At("spark.dynamicAllocation.testing"),
                                &table::At("spark.testing.resourceProfileManager")}) {
      const auto value = ReadBoolean(conf, *flag, version);
      if (!value.ok()) return value.error();
    }
  }
  const auto decommission = ReadBoolean(conf, table::At("spark.decommission.enabled"), version);
  if (!decommission.ok()) return decommission.error();
  const auto instances = ReadOptionalInteger(conf, table::At("spark.executor.instances"), version);
  if (!instances.ok()) return instances.error();
  return std::nullopt;
}

Refused CheckBacklog(const SparkConf& conf, SparkVersion version) {
  static constexpr const Setting& kFirst =
      table::At("spark.dynamicAllocation.schedulerBacklogTimeout");
  static constexpr const Setting& kSustained =
      table::At("spark.dynamicAllocation.sustainedSchedulerBacklogTimeout");
  const auto first = ReadInteger(conf, kFirst, version);
  if (!first.ok()) return first.error();
  if (*first <= 0) return On(kFirst.key, std::string(kFirst.key) + " must be > 0!");
  const auto sustained = ReadInteger(conf, kSustained, version);
  if (!sustained.ok()) return sustained.error();
  if (*sustained > 0) return std::nullopt;
  return On(kSustained.key, "s" + std::string(kSustained.key) + " must be > 0!");  // sic
}

// Something must keep shuffle files when an executor goes.
Refused CheckShuffle(const SparkConf& conf, SparkVersion version) {
  const auto read = [&](const Setting& setting, Refused& error) {
    const auto value = ReadBoolean(conf, setting, version);
    if (!value.ok()) error = value.error();
    return value.value_or(false);
  };
  static constexpr const Setting& kTracking =
      table::At("spark.dynamicAllocation.shuffleTracking.enabled");
  Refused error;
  if (read(table::At("spark.shuffle.service.enabled"), error) || error) return error;
  if (read(kTracking, error) || error) return error;
  if (read(table::At("spark.decommission.enabled"), error) &&
      read(table::At("spark.storage.decommission.shuffleBlocks.enabled"), error)) {
    return std::nullopt;
  }
  if (error) return error;
  if (read(table::At("spark.dynamicAllocation.testing"), error) || error) return error;
  if (version < k35) {
    return On(kTracking.key,
              "Dynamic allocation of executors requires the external shuffle service. You may "
              "enable this through spark.shuffle.service.enabled.");
  }
  return On(kTracking.key,
            "Dynamic allocation of executors requires one of the following conditions: 1) enabling "
            "external shuffle service through spark.shuffle.service.enabled. 2) enabling shuffle "
            "tracking through spark.dynamicAllocation.shuffleTracking.enabled. 3) enabling shuffle "
            "blocks decommission through spark.decommission.enabled and "
            "spark.storage.decommission.shuffleBlocks.enabled. 4) (Experimental) configuring "
            "spark.shuffle.sort.io.plugin.class to use a custom ShuffleDataIO who's "
            "ShuffleDriverComponents supports reliable storage.");
}

// NaN passes both comparisons, as in Spark.
Refused CheckRatio(const SparkConf& conf, SparkVersion version) {
  static constexpr const Setting& kRatio =
      table::At("spark.dynamicAllocation.executorAllocationRatio");
  const auto ratio = ReadDouble(conf, kRatio, version);
  if (!ratio.ok()) return ratio.error();
  if (!(*ratio > 1.0 || *ratio <= 0.0)) return std::nullopt;
  return On(kRatio.key, std::string(kRatio.key) + " must be > 0 and <= 1.0");
}

}  // namespace

Refused DynamicAllocation(const SparkConf& conf, const Refused& slots, SparkVersion version) {
  const auto enabled = ReadBoolean(conf, table::At("spark.dynamicAllocation.enabled"), version);
  if (!enabled.ok()) return enabled.error();
  if (!*enabled) return std::nullopt;
  if (slots) return slots;
  if (auto no = CheckBounds(conf, version)) return no;
  if (auto no = CheckReadable(conf, version)) return no;
  if (auto no = CheckBacklog(conf, version)) return no;
  if (auto no = CheckShuffle(conf, version)) return no;
  return CheckRatio(conf, version);
}

}  // namespace ballast::policy::stages
