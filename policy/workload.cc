#include "policy/workload.h"

#include <algorithm>

#include "policy/spark_settings_table.h"

namespace ballast::policy {
namespace {

constexpr int64_t kDefaultInstances = 2;  // SchedulerBackendUtils.DEFAULT_NUMBER_EXECUTORS

// Spark's container with its sidecars, or an init container where that is larger. A cpu request of
// less than nothing, which Spark passes on, makes no room on a node: the API server refuses it.
template <typename Amount>
Amount WholePod(Amount own, Amount sidecars, Amount init) {
  return std::max(std::max(own, Amount()) + sidecars, init);
}

Result<ExecutorCount> CountDynamic(const SparkConf& conf, SparkVersion version, int64_t instances) {
  const auto least = ReadInteger(conf, table::At("spark.dynamicAllocation.minExecutors"), version);
  if (!least.ok()) return least.error();
  const auto initial =
      ReadInteger(conf, table::At("spark.dynamicAllocation.initialExecutors"), version);
  if (!initial.ok()) return initial.error();
  const auto most = ReadInteger(conf, table::At("spark.dynamicAllocation.maxExecutors"), version);
  if (!most.ok()) return most.error();
  ExecutorCount count;
  count.dynamic = true;
  count.min = *least;
  count.initial = std::max({*least, *initial, instances});
  count.max = *most;
  return count;
}

}  // namespace

bool Workload::operator==(const Workload& other) const {
  return resource == other.resource && extent == other.extent && labels == other.labels &&
         language == other.language && spark_version_text == other.spark_version_text &&
         versions == other.versions && version_known == other.version_known &&
         unknown_version == other.unknown_version && conf == other.conf &&
         driver_extras == other.driver_extras && executor_extras == other.executor_extras &&
         driver_placement == other.driver_placement &&
         executor_placement == other.executor_placement && overridden == other.overridden &&
         claims_per_executor == other.claims_per_executor;
}

bool DerivedSizes::ok(Extent extent) const {
  if (extent == Extent::kDriverPod) return driver.ok();
  return extent == Extent::kExecutorPod ? executor.ok() : ok();
}

void Derive(Workload& workload) {
  const SparkVersions& versions = workload.versions;
  const Error elsewhere = {"", "not said in this pod"};
  if (workload.extent == Extent::kDriverPod) {
    workload.sizes = {DriverShape(workload.conf, workload.language, versions.submit), elsewhere,
                      elsewhere};
    return;
  }
  if (workload.extent == Extent::kExecutorPod) {
    workload.sizes = {elsewhere, ExecutorShape(workload.conf, workload.language, versions.runtime),
                      ExecutorCount{.instances = 1}};
    return;
  }
  workload.sizes.driver = DriverShape(workload.conf, workload.language, versions.submit);
  workload.sizes.executor = ExecutorShape(workload.conf, workload.language, versions.runtime);
  workload.sizes.executors = CountExecutors(workload.conf, versions.runtime);
}

Result<ExecutorCount> CountExecutors(const SparkConf& conf, SparkVersion version) {
  const auto dynamic = ReadBoolean(conf, table::At("spark.dynamicAllocation.enabled"), version);
  if (!dynamic.ok()) return dynamic.error();
  const auto instances = ReadOptionalInteger(conf, table::At("spark.executor.instances"), version);
  if (!instances.ok()) return instances.error();
  if (*dynamic) return CountDynamic(conf, version, instances->value_or(0));
  ExecutorCount count;
  count.instances = instances->value_or(kDefaultInstances);
  return count;
}

ByteSize PodMemory(const PodShape& shape, const PodExtras& extras) {
  return WholePod(shape.memory(), extras.sidecar_memory, extras.init_memory);
}

MilliCpu PodCpu(const PodShape& shape, const PodExtras& extras) {
  return WholePod(shape.cpu, extras.sidecar_cpu, extras.init_cpu);
}

}  // namespace ballast::policy
