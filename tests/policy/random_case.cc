#include "tests/policy/random_case.h"

#include <vector>

namespace ballast::policy {

Workload WorkloadOf(const ConfMap& conf, Language language, SparkVersion version) {
  std::vector<std::pair<std::string_view, std::string_view>> entries(conf.begin(), conf.end());
  Workload workload;
  workload.resource = {"sparkoperator.k8s.io/v1beta2", "SparkApplication", "default", "job"};
  workload.language = language;
  workload.versions = {version, version};
  workload.conf = SparkConf(std::move(entries));
  Derive(workload);
  return workload;
}

namespace {

std::string SizeText(int64_t n) { return std::to_string(n) + "m"; }

void RandomExecutor(Dice& dice, ConfMap& conf) {
  const int64_t heaps[] = {470, 512, 1024, 2048, 4096, 8192, 16384, 28672, 61440, 131072};
  conf["spark.executor.memory"] = SizeText(dice.Of(heaps) + dice.Between(0, 1) * 37);
  const int64_t cores = dice.Between(1, 16);
  conf["spark.executor.cores"] = std::to_string(cores);
  if (dice.OneIn(4)) conf["spark.task.cpus"] = std::to_string(dice.Between(1, (cores + 1) / 2));
  if (dice.OneIn(3)) conf["spark.executor.memoryOverhead"] = SizeText(dice.Between(100, 9000));
  if (dice.OneIn(4)) conf["spark.executor.memoryOverheadFactor"] = dice.OneIn(2) ? "0.2" : "0.05";
  if (dice.OneIn(4)) {
    conf["spark.memory.offHeap.enabled"] = "true";
    conf["spark.memory.offHeap.size"] = SizeText(dice.Between(1, 20000));
  }
  if (dice.OneIn(4)) conf["spark.executor.pyspark.memory"] = SizeText(dice.Between(1, 8000));
  if (dice.OneIn(4)) {
    conf["spark.kubernetes.executor.request.cores"] =
        std::to_string(dice.Between(100, cores * 1000)) + "m";
  }
  if (dice.OneIn(4)) {
    conf["spark.kubernetes.executor.limit.cores"] = std::to_string(cores + dice.Between(0, 2));
  }
  if (dice.OneIn(6)) conf["executor.memoryLimit"] = std::to_string(dice.Between(1, 200)) + "g";
  if (dice.OneIn(6)) {
    conf["spark.sql.autoBroadcastJoinThreshold"] = SizeText(dice.Between(1, 2000));
  }
}

void RandomCount(Dice& dice, ConfMap& conf) {
  if (!dice.OneIn(3)) {
    if (!dice.OneIn(5)) conf["spark.executor.instances"] = std::to_string(dice.Between(1, 300));
    return;
  }
  conf["spark.dynamicAllocation.enabled"] = "true";
  const int64_t least = dice.Between(0, 20);
  const int64_t most = least + dice.Between(1, 300);
  if (dice.OneIn(2)) conf["spark.dynamicAllocation.minExecutors"] = std::to_string(least);
  if (!dice.OneIn(3)) conf["spark.dynamicAllocation.maxExecutors"] = std::to_string(most);
  if (dice.OneIn(3)) {
    conf["spark.dynamicAllocation.initialExecutors"] = std::to_string(dice.Between(0, 40));
  }
  if (dice.OneIn(4)) conf["spark.executor.instances"] = std::to_string(dice.Between(1, 40));
}

}  // namespace

ConfMap RandomSizes(Dice& dice) {
  ConfMap conf;
  RandomExecutor(dice, conf);
  RandomCount(dice, conf);
  const int64_t drivers[] = {512, 1024, 4096, 20480, 65536};
  conf["spark.driver.memory"] = SizeText(dice.Of(drivers));
  conf["spark.driver.cores"] = std::to_string(dice.Between(1, 8));
  if (dice.OneIn(6)) conf["spark.driver.memoryOverhead"] = SizeText(dice.Between(100, 4000));
  if (dice.OneIn(6)) conf["spark.kubernetes.driver.request.cores"] = "500m";
  return conf;
}

ConfMap RandomConf(Dice& dice) {
  ConfMap conf = RandomSizes(dice);
  struct Choice {
    const char* key;
    const char* values[6];
  };
  static constexpr Choice kChoices[] = {
      {"spark.kryoserializer.buffer.max", {"64m", "512m", "2047m", "2048m", "2g", "100g"}},
      {"spark.kryoserializer.buffer", {"64k", "256m", "3g", "1m", "2048m", "64"}},
      {"spark.rpc.message.maxSize", {"128", "1024", "2047", "2048", "1", "0"}},
      {"spark.driver.maxResultSize", {"1g", "0", "4g", "100g", "512m", "1"}},
      {"spark.task.maxDirectResultSize", {"1m", "10m", "3g", "1k", "0", "100m"}},
      {"spark.network.timeout", {"120s", "600s", "10s", "1h", "59s", "1800s"}},
      {"spark.executor.heartbeatInterval", {"10s", "120s", "20s", "600s", "1s", "1m"}},
      {"spark.rpc.askTimeout", {"120s", "900s", "1s", "10s", "2h", "60s"}},
      {"spark.memory.fraction", {"0.6", "0.8", "0.9", "0.1", "1", "0"}},
      {"spark.memory.storageFraction", {"0.5", "0.3", "0.9", "0", "1", "0.1"}},
      {"spark.sql.shuffle.partitions", {"200", "1", "100000", "2000", "10", "50"}},
      {"spark.sql.files.maxPartitionBytes", {"128m", "1g", "1m", "32MB", "4g", "1b"}},
      {"spark.sql.autoBroadcastJoinThreshold", {"10m", "-1", "1g", "9g", "100m", "0"}},
      {"spark.serializer",
       {"org.apache.spark.serializer.KryoSerializer", "org.apache.spark.serializer.JavaSerializer",
        "x", "org.apache.spark.serializer.KryoSerializer",
        "org.apache.spark.serializer.KryoSerializer", "y"}},
      {"spark.kryo.registrationRequired", {"true", "false", "true", "false", "yes", "false"}},
      {"spark.kryo.unsafe", {"true", "false", "true", "false", "false", "false"}},
      {"spark.serializer.objectStreamReset", {"100", "1", "-1", "0", "1000", "10"}},
      {"spark.dynamicAllocation.shuffleTracking.enabled",
       {"true", "true", "true", "true", "true", "false"}},
      {"spark.shuffle.memoryFraction", {"0.2", "0.2", "0.2", "0.2", "0.2", "0.2"}},
      {"spark.driver.memory", {"1gb", "1Gi", "2g", "4g", "450m", "100g"}},
      {"spark.executor.memory", {"1gb", "1Gi", "2g", "4g", "450m", "100g"}},
      {"spark.yarn.executor.memoryOverhead", {"1g", "100m", "4g", "400m", "10g", "384m"}},
      {"spark.kubernetes.memoryOverheadFactor", {"0.1", "0.4", "0.01", "0.2", "0.3", "0.5"}},
      {"driver.memoryLimit", {"1g", "100g", "4Gi", "1000", "10g", "64g"}},
  };
  for (const Choice& choice : kChoices) {
    if (dice.OneIn(6)) conf[choice.key] = dice.Of(choice.values);
  }
  return conf;
}

ClusterCapacity RandomCluster(Dice& dice) {
  ClusterCapacity cluster;
  cluster.known = !dice.OneIn(20);
  const int64_t classes = dice.Between(1, 4);
  for (int64_t i = 0; i < classes; ++i) {
    NodeClass nodes;
    nodes.name = "class-" + std::to_string(i);
    nodes.allocatable = {Millis(dice.Between(1000, 64000)),
                         policy::Mebibytes(dice.Between(2000, 140000)),
                         dice.Between(3, 110),
                         {}};
    nodes.count = dice.Between(1, 60);
    nodes.ready = dice.OneIn(4) ? dice.Between(0, nodes.count) : nodes.count;
    cluster.classes.push_back(nodes);
  }
  return cluster;
}

namespace {

template <typename T, typename Make>
void RandomRange(Dice& dice, Range<T>& range, int64_t least, int64_t most, const Make& make) {
  const int64_t low = dice.Between(least, most);
  if (dice.OneIn(4)) range.min = make(low);
  if (dice.OneIn(3)) range.max = make(dice.Between(low, most));
}

}  // namespace

Policy RandomShapePolicy(Dice& dice) {
  Policy policy = BuiltInPolicy();
  for (const char* rule : {"executor-shape", "executor-fits-node", "driver-shape", "cluster-share",
                           "stranded-capacity"}) {
    policy.rules[rule] = Mode::kEnforce;
  }
  const auto mebibytes = [](int64_t n) { return policy::Mebibytes(n); };
  const auto millis = [](int64_t n) { return Millis(n); };
  RandomRange(dice, policy.limits.executor.heap, 400, 40000, mebibytes);
  RandomRange(dice, policy.limits.executor.memory, 900, 60000, mebibytes);
  RandomRange(dice, policy.limits.executor.cores, 500, 12000, millis);
  RandomRange(dice, policy.limits.driver.heap, 400, 20000, mebibytes);
  RandomRange(dice, policy.limits.driver.memory, 900, 30000, mebibytes);
  RandomRange(dice, policy.limits.driver.cores, 500, 8000, millis);
  if (dice.OneIn(3)) policy.limits.application.executors.max = dice.Between(1, 400);
  if (dice.OneIn(5)) policy.limits.application.executors.min = dice.Between(1, 20);
  if (dice.OneIn(3)) {
    policy.limits.application.memory_share = static_cast<double>(dice.Between(1, 100)) / 100;
  }
  if (dice.OneIn(4)) {
    policy.limits.application.cpu_share = static_cast<double>(dice.Between(1, 100)) / 100;
  }
  if (dice.OneIn(6)) policy.limits.application.pod_share = 0.5;
  if (dice.OneIn(6)) {
    policy.limits.executor.memory_per_core.max = policy::Mebibytes(dice.Between(300, 12000));
  }
  if (dice.OneIn(3)) policy.split.min_heap = policy::Mebibytes(dice.Between(400, 8000));
  if (dice.OneIn(4)) policy.split.min_cores = dice.Between(1, 4);
  if (dice.OneIn(4)) policy.split.max_factor = dice.Between(1, 16);
  if (dice.OneIn(3)) {
    policy.capacity.reserve =
        Reserve{Millis(dice.Between(0, 900)), policy::Mebibytes(dice.Between(0, 1500)),
                static_cast<double>(dice.Between(0, 10))};
  }
  return policy;
}

namespace {

void RandomSettingLimits(Dice& dice, Limits& limits) {
  const auto mebibytes = [](int64_t n) { return policy::Mebibytes(n); };
  const auto number = [](int64_t n) { return n; };
  const auto percent = [](int64_t n) { return static_cast<double>(n) / 100; };
  if (dice.OneIn(3)) limits.kryo_buffer_max = mebibytes(dice.Between(1, 2100));
  if (dice.OneIn(4)) limits.kryo_heap_share = percent(dice.Between(1, 50));
  RandomRange(dice, limits.memory_fraction, 10, 90, percent);
  RandomRange(dice, limits.storage_fraction, 10, 90, percent);
  if (dice.OneIn(4)) limits.serializer.require = SerializerChoice::kKryo;
  if (dice.OneIn(4)) limits.serializer.registration_required = dice.OneIn(2);
  if (dice.OneIn(4)) limits.serializer.unsafe = dice.OneIn(2);
  if (dice.OneIn(4)) limits.serializer.reference_tracking = dice.OneIn(2);
  RandomRange(dice, limits.serializer.object_stream_reset, 1, 500, number);
  if (dice.OneIn(4)) limits.rpc_message_max = dice.Between(1, 2047);
  if (dice.OneIn(4)) limits.direct_result_max = mebibytes(dice.Between(1, 2047));
  if (dice.OneIn(4)) limits.result_heap_share = percent(dice.Between(1, 100));
  RandomRange(dice, limits.network_timeout, 60000, 2000000, number);
  RandomRange(dice, limits.rpc_ask_timeout, 1000, 2000000, number);
  RandomRange(dice, limits.parallelism.shuffle_partitions, 1, 5000, number);
  RandomRange(dice, limits.parallelism.max_partition_bytes, 1, 2000, mebibytes);
  if (dice.OneIn(4)) limits.parallelism.broadcast_threshold = mebibytes(dice.Between(1, 2000));
  if (dice.OneIn(4)) limits.parallelism.broadcast_heap_share = percent(dice.Between(1, 50));
  OverheadLimits& overhead = limits.executor.overhead_factor;
  if (dice.OneIn(3)) overhead.min = percent(dice.Between(5, 50));
  if (dice.OneIn(3)) overhead.min_non_jvm = percent(dice.Between(10, 60));
  if (dice.OneIn(2)) overhead.apply_to = OverheadScope::kAll;
  OffHeapLimits& off_heap = limits.executor.off_heap;
  RandomRange(dice, off_heap.size, 1, 20000, mebibytes);
  if (dice.OneIn(4)) off_heap.heap_ceiling = mebibytes(dice.Between(470, 40000));
  if (dice.OneIn(2)) off_heap.move_rest = true;
}

void RandomSettings(Dice& dice, Policy& policy) {
  using Type = SettingRule::Type;
  const SettingRule rows[] = {
      {"spark.kryoserializer.buffer.max", Type::kSize, "128m", "1g", {}, "", false, false},
      {"spark.network.timeout", Type::kTime, "120s", "", {}, "600s", false, false},
      {"spark.sql.shuffle.partitions", Type::kNumber, "50", "3000", {}, "300", false, false},
      {"spark.rpc.message.maxSize", Type::kNumber, "", "512", {}, "256", false, false},
      {"spark.executor.memory", Type::kSize, "", "20g", {}, "", false, false},
      {"spark.executor.memory", Type::kSize, "8g", "", {}, "", false, false},
      {"spark.executor.cores", Type::kNumber, "", "6", {}, "", false, false},
      {"spark.executor.instances", Type::kNumber, "", "60", {}, "", false, false},
      {"spark.dynamicAllocation.maxExecutors", Type::kNumber, "", "60", {}, "50", false, false},
      {"spark.serializer", Type::kText, "", "", {"x", "y"}, "", false, false},
      {"spark.shuffle.memoryFraction", Type::kNumber, "", "", {}, "", false, true},
      {"spark.kryo.unsafe", Type::kBoolean, "", "", {}, "", true, false},
      {"spark.driver.memory", Type::kSize, "1g", "16g", {}, "2g", false, false},
  };
  for (const SettingRule& row : rows) {
    if (dice.OneIn(12)) policy.settings[row.key] = row;
  }
}

}  // namespace

Policy RandomPolicy(Dice& dice) {
  Policy policy = RandomShapePolicy(dice);
  RandomSettings(dice, policy);
  RandomSettingLimits(dice, policy.limits);
  const Mode modes[] = {Mode::kOff, Mode::kWarn, Mode::kEnforce, Mode::kEnforce, Mode::kEnforce};
  for (auto& [rule, mode] : policy.rules) mode = dice.Of(modes);
  return policy;
}

}  // namespace ballast::policy
