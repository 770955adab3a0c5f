// Writing the number of executors: fixed or dynamic, under the settings where it is written.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "policy/spark_conf.h"
#include "policy/spark_size.h"
#include "policy/workload.h"

namespace ballast::policy {

inline constexpr HashedKey kInstancesKey = "spark.executor.instances";
inline constexpr HashedKey kMinExecutorsKey = "spark.dynamicAllocation.minExecutors";
inline constexpr HashedKey kInitialExecutorsKey = "spark.dynamicAllocation.initialExecutors";
inline constexpr HashedKey kMaxExecutorsKey = "spark.dynamicAllocation.maxExecutors";
// Spark counts executors in an int.
inline constexpr int64_t kMostExecutors = 2147483647;

// The changes that put every number of executors through `map`, which must not fall where its
// argument rises. A number that is not written stays so where its default comes out the same.
template <typename Map>
std::vector<SettingChange> MapExecutors(const SparkConf& conf, const ExecutorCount& count,
                                        const Map& map) {
  std::vector<SettingChange> changes;
  auto change = [&](std::string_view key, int64_t from) {
    const int64_t to = map(from);
    if (to != from) changes.push_back({std::string(key), std::to_string(to)});
  };
  auto change_if_written = [&](HashedKey key) {
    const auto written = conf.Get(key);
    if (!written) return;
    const auto value = JavaInt(*written);
    if (value.ok() && *value > 0) change(key, *value);
  };
  if (conf.Has(kInitWorkersKey)) {
    for (const std::string_view key : {kInitWorkersKey, kMinWorkersKey, kMaxWorkersKey}) {
      change_if_written(key);
    }
    return changes;
  }
  if (!count.dynamic) {
    change(kInstancesKey, count.instances);
    return changes;
  }
  change(kMinExecutorsKey, count.min);
  change(kMaxExecutorsKey, count.max);
  // Spark starts with the largest of these and the least number.
  change_if_written(kInitialExecutorsKey);
  change_if_written(kInstancesKey);
  return changes;
}

// What they come to.
template <typename Map>
ExecutorCount MapCount(const ExecutorCount& count, const Map& map) {
  ExecutorCount mapped = count;
  if (count.dynamic) {
    mapped.min = map(count.min);
    mapped.initial = map(count.initial);
    mapped.max = map(count.max);
  } else {
    mapped.instances = map(count.instances);
  }
  return mapped;
}

}  // namespace ballast::policy
