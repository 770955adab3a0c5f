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

// A cluster begins with so many workers; an autoscaler moves them where its bounds differ.
ExecutorCount CountWorkers(const SparkConf& conf) {
  const auto number = [&](std::string_view key) {
    const auto written = conf.Get(key);
    return written ? JavaInt(*written).value_or(0) : 0;
  };
  const int64_t initial = number(kInitWorkersKey);
  const int64_t least = number(kMinWorkersKey);
  const int64_t most = number(kMaxWorkersKey);
  ExecutorCount count;
  if (least >= most) {
    count.instances = initial;
    return count;
  }
  count.dynamic = true;
  count.min = least;
  count.initial = initial;
  count.max = std::max(most, initial);
  return count;
}

// The driver runs the tasks by itself, and asks for no executors.
bool DriverAlone(const SparkConf& conf) {
  const auto master = conf.Get("spark.kubernetes.driver.master");
  return master && master->starts_with("local");
}

// What no setting of the one pod says that was read.
Error SaidElsewhere() { return {"", "not said in this pod"}; }

Result<PodShape> DriverSize(const Workload& workload) {
  if (workload.extent == Extent::kExecutorPod) return SaidElsewhere();
  if (workload.extent == Extent::kDriverPod) {
    return DriverShape(workload.conf, workload.language, workload.versions.submit);
  }
  return DriverShapeOf(workload, workload.conf);
}

Result<PodShape> ExecutorSize(const Workload& workload) {
  if (workload.extent == Extent::kDriverPod) return SaidElsewhere();
  if (workload.executor_given) {
    const GivenPod& given = *workload.executor_given;
    return ShapeOf(given, given.heap.value_or(ByteSize()));
  }
  return ExecutorShape(workload.conf, workload.language, workload.versions.runtime);
}

Result<ExecutorCount> Executors(const Workload& workload) {
  if (workload.extent == Extent::kDriverPod) return SaidElsewhere();
  if (workload.extent == Extent::kExecutorPod) return ExecutorCount{.instances = 1};
  if (workload.executor_given) return CountWorkers(workload.conf);
  return CountExecutors(workload.conf, workload.versions.runtime);
}

template <typename Size>
void Compute(const Workload& workload, Size (*compute)(const Workload&), Size& size,
             KeysRead& keys) {
  keys = {};
  const KeysRead::Watch watch(keys);
  size = compute(workload);
}

}  // namespace

bool Workload::operator==(const Workload& other) const {
  return resource == other.resource && extent == other.extent && labels == other.labels &&
         language == other.language && spark_version_text == other.spark_version_text &&
         versions == other.versions && version_known == other.version_known &&
         unknown_version == other.unknown_version && by_spark_submit == other.by_spark_submit &&
         conf == other.conf && driver_extras == other.driver_extras &&
         executor_extras == other.executor_extras && driver_placement == other.driver_placement &&
         executor_placement == other.executor_placement && overridden == other.overridden &&
         claims_per_executor == other.claims_per_executor && driver_given == other.driver_given &&
         executor_given == other.executor_given && gang == other.gang;
}

bool DerivedSizes::ok(Extent extent) const {
  if (extent == Extent::kDriverPod) return driver.ok();
  return extent == Extent::kExecutorPod ? executor.ok() : ok();
}

void Derive(Workload& workload) {
  DerivedSizes& sizes = workload.sizes;
  Compute(workload, DriverSize, sizes.driver, sizes.driver_keys);
  Compute(workload, ExecutorSize, sizes.executor, sizes.executor_keys);
  Compute(workload, Executors, sizes.executors, sizes.executors_keys);
}

void Derive(Workload& workload, std::span<const std::string> changed) {
  DerivedSizes& sizes = workload.sizes;
  if (sizes.driver_keys.MayHoldAny(changed)) {
    Compute(workload, DriverSize, sizes.driver, sizes.driver_keys);
  }
  if (sizes.executor_keys.MayHoldAny(changed)) {
    Compute(workload, ExecutorSize, sizes.executor, sizes.executor_keys);
  }
  if (sizes.executors_keys.MayHoldAny(changed)) {
    Compute(workload, Executors, sizes.executors, sizes.executors_keys);
  }
}

Result<PodShape> DriverShapeOf(const Workload& workload, const SparkConf& conf) {
  const SparkVersions& versions = workload.versions;
  if (!workload.driver_given) return DriverShape(conf, workload.language, versions.submit);
  const GivenPod& given = *workload.driver_given;
  if (given.heap) return ShapeOf(given, *given.heap);
  const auto heap = ReadInteger(conf, table::At("spark.driver.memory"), versions.submit);
  if (!heap.ok()) return heap.error();
  return ShapeOf(given, Mebibytes(*heap));
}

Result<ExecutorCount> CountExecutors(const SparkConf& conf, SparkVersion version) {
  if (DriverAlone(conf)) return ExecutorCount{};
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
