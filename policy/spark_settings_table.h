// The settings that Ballast reads, as data. Only spark_settings.cc and the arithmetic beside it
// include this: everybody else asks FindSetting.
//
// Source: SparkConf's ConfigEntry registry, dumped from Spark 3.3.4, 3.4.4, 3.5.9, 4.0.2, 4.1.4,
// 4.2.1 and 4.3.0; SparkConf.configsWithAlternatives for the old spellings.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <iterator>
#include <string_view>

#include "policy/key_index.h"
#include "policy/spark_settings.h"

namespace ballast::policy::table {

inline constexpr SparkVersion k34{3, 4};
inline constexpr SparkVersion k40{4, 0};
inline constexpr SparkVersion k41{4, 1};
inline constexpr SparkVersion k42{4, 2};
inline constexpr SparkVersion k43{4, 3};

inline constexpr std::array<HashedKey, 1> kOldDriverOverhead = {"spark.yarn.driver.memoryOverhead"};
inline constexpr std::array<HashedKey, 1> kOldExecutorOverhead = {
    "spark.yarn.executor.memoryOverhead"};
inline constexpr std::array<HashedKey, 1> kOldOffHeap = {"spark.unsafe.offHeap"};
inline constexpr std::array<HashedKey, 1> kOldKryoBuffer = {"spark.kryoserializer.buffer.mb"};
inline constexpr std::array<HashedKey, 1> kOldKryoBufferMax = {
    "spark.kryoserializer.buffer.max.mb"};
inline constexpr std::array<HashedKey, 1> kOldMaxInFlight = {"spark.reducer.maxMbInFlight"};
inline constexpr std::array<HashedKey, 1> kOldFileBuffer = {"spark.shuffle.file.buffer.kb"};
inline constexpr std::array<HashedKey, 2> kOldRemoteBlock = {"spark.reducer.maxReqSizeShuffleToMem",
                                                             "spark.maxRemoteBlockSizeFetchToMem"};
inline constexpr std::array<HashedKey, 1> kOldHeartbeatTimeout = {
    "spark.storage.blockManagerSlaveTimeoutMs"};
inline constexpr std::array<HashedKey, 1> kOldAskTimeout = {"spark.akka.askTimeout"};
inline constexpr std::array<HashedKey, 1> kOldLookupTimeout = {"spark.akka.lookupTimeout"};

// One row. The methods read as a sentence: Bytes(key, unit, "1g").Since(k40).
struct Row : Setting {
  constexpr Row Since(SparkVersion version) const {
    Row row = *this;
    row.since = version;
    return row;
  }
  constexpr Row Changed(SparkVersion version, std::string_view text) const {
    Row row = *this;
    size_t at = 1;
    while (!row.defaults[at].text.empty()) ++at;
    row.defaults[at] = {version, text};
    return row;
  }
  constexpr Row Must(SettingCheck what) const {
    Row row = *this;
    row.check = what;
    return row;
  }
  constexpr Row Else(std::string_view other) const {
    Row row = *this;
    row.falls_back_to = other;
    return row;
  }
  constexpr Row Was(std::span<const HashedKey> old) const {
    Row row = *this;
    row.old_spellings = old;
    return row;
  }
};

constexpr Row Of(SettingType type, std::string_view key, std::string_view text) {
  Row row;
  row.key = key;
  row.hash = KeyIndex::Hash(key);
  row.type = type;
  row.defaults[0] = {kOldestSpark, text};
  return row;
}
constexpr Row Bytes(std::string_view key, ByteUnit unit, std::string_view text = "") {
  Row row = Of(SettingType::kBytes, key, text);
  row.byte_unit = unit;
  return row;
}
constexpr Row Time(std::string_view key, TimeUnit unit, std::string_view text = "") {
  Row row = Of(SettingType::kTime, key, text);
  row.time_unit = unit;
  return row;
}
constexpr Row Int(std::string_view key, std::string_view text = "") {
  return Of(SettingType::kInt, key, text);
}
constexpr Row Long(std::string_view key, std::string_view text = "") {
  return Of(SettingType::kLong, key, text);
}
constexpr Row Double(std::string_view key, std::string_view text = "") {
  return Of(SettingType::kDouble, key, text);
}
constexpr Row Decimal(std::string_view key, std::string_view text = "") {
  return Of(SettingType::kDecimal, key, text);
}
constexpr Row Boolean(std::string_view key, std::string_view text = "") {
  return Of(SettingType::kBoolean, key, text);
}
constexpr Row Text(std::string_view key, std::string_view text = "") {
  return Of(SettingType::kText, key, text);
}

using enum ByteUnit;
using enum SettingCheck;
inline constexpr TimeUnit kMs = TimeUnit::kMillis;
inline constexpr TimeUnit kS = TimeUnit::kSeconds;

inline constexpr Row kRows[] = {
    Boolean("spark.acls.enable", "false"),
    Boolean("spark.authenticate", "false"),
    Boolean("spark.authenticate.enableSaslEncryption", "false"),
    Bytes("spark.broadcast.blockSize", kKiB, "4m"),
    Boolean("spark.broadcast.compress", "true"),
    Bytes("spark.buffer.pageSize", kByte),
    Int("spark.buffer.size", "65536").Must(kNotNegative),
    Int("spark.cores.max"),
    Boolean("spark.decommission.enabled", "false"),
    Int("spark.default.parallelism").Since(k40),
    Int("spark.driver.cores", "1"),
    Text("spark.driver.extraJavaOptions"),
    Bytes("spark.driver.maxResultSize", kByte, "1g"),
    Bytes("spark.driver.memory", kMiB, "1g"),
    Bytes("spark.driver.memoryOverhead", kMiB).Was(kOldDriverOverhead),
    Double("spark.driver.memoryOverheadFactor", "0.1").Must(kFactorPositive),
    Bytes("spark.driver.minMemoryOverhead", kMiB, "384m").Since(k40),
    Time("spark.dynamicAllocation.cachedExecutorIdleTimeout", kS, "2147483647s")
        .Must(kTimeoutNotNegative),
    Boolean("spark.dynamicAllocation.enabled", "false"),
    Double("spark.dynamicAllocation.executorAllocationRatio", "1.0"),
    Time("spark.dynamicAllocation.executorIdleTimeout", kS, "60s").Must(kTimeoutNotNegative),
    Int("spark.dynamicAllocation.initialExecutors").Else("spark.dynamicAllocation.minExecutors"),
    Int("spark.dynamicAllocation.maxExecutors", "2147483647"),
    Int("spark.dynamicAllocation.minExecutors", "0"),
    Time("spark.dynamicAllocation.schedulerBacklogTimeout", kS, "1s"),
    Boolean("spark.dynamicAllocation.shuffleTracking.enabled", "false").Changed(k34, "true"),
    Time("spark.dynamicAllocation.shuffleTracking.timeout", kMs, "9223372036854775807ms")
        .Must(kTimeoutNotNegative),
    Time("spark.dynamicAllocation.sustainedSchedulerBacklogTimeout", kS)
        .Else("spark.dynamicAllocation.schedulerBacklogTimeout"),
    Boolean("spark.dynamicAllocation.testing", "false"),
    Int("spark.executor.cores", "1"),
    Text("spark.executor.extraJavaOptions"),
    Int("spark.executor.heartbeat.maxFailures", "60"),
    Time("spark.executor.heartbeatInterval", kMs, "10s"),
    Int("spark.executor.instances"),
    Bytes("spark.executor.memory", kMiB, "1g"),
    Bytes("spark.executor.memoryOverhead", kMiB).Was(kOldExecutorOverhead),
    Double("spark.executor.memoryOverheadFactor", "0.1").Must(kFactorPositive),
    Bytes("spark.executor.minMemoryOverhead", kMiB, "384m").Since(k40),
    Bytes("spark.executor.pyspark.memory", kMiB),
    Text("spark.io.compression.codec", "lz4"),
    Boolean("spark.io.encryption.enabled", "false"),
    Text("spark.kryo.classesToRegister"),
    Boolean("spark.kryo.pool", "true"),
    Boolean("spark.kryo.referenceTracking", "true"),
    Boolean("spark.kryo.registrationRequired", "false"),
    Text("spark.kryo.registrator"),
    Boolean("spark.kryo.unsafe", "false").Changed(k34, "true"),
    Bytes("spark.kryoserializer.buffer", kKiB, "64k").Was(kOldKryoBuffer),
    Bytes("spark.kryoserializer.buffer.max", kMiB, "64m").Was(kOldKryoBufferMax),
    Time("spark.kubernetes.allocation.batch.delay", kMs, "1s").Must(kBatchDelay),
    Int("spark.kubernetes.allocation.batch.size", "5")
        .Changed(k40, "10")
        .Changed(k42, "20")
        .Must(kBatchSize),
    Text("spark.kubernetes.allocation.pods.allocator", "direct"),
    Boolean("spark.kubernetes.allocation.recoveryMode.enabled").Since(k42),
    Long("spark.kubernetes.configMap.maxSize", "1048576"),
    Text("spark.kubernetes.container.image.pullPolicy", "IfNotPresent").Must(kPullPolicy),
    Text("spark.kubernetes.driver.limit.cores"),
    Text("spark.kubernetes.driver.request.cores"),
    Boolean("spark.kubernetes.driver.securityContext.allowPrivilegeEscalation")
        .Since(k43)
        .Else("spark.kubernetes.securityContext.allowPrivilegeEscalation"),
    Text("spark.kubernetes.driver.service.ipFamilies", "IPv4").Since(k34).Must(kIpFamilies),
    Text("spark.kubernetes.driver.service.ipFamilyPolicy", "SingleStack")
        .Since(k34)
        .Must(kIpFamilyPolicy),
    Boolean("spark.kubernetes.driver.service.publishNotReadyAddresses", "false").Since(k43),
    Boolean("spark.kubernetes.executor.disableConfigMap", "false"),
    Text("spark.kubernetes.executor.limit.cores"),
    Text("spark.kubernetes.executor.podNamePrefix").Must(kPodNamePrefix),
    Text("spark.kubernetes.executor.request.cores"),
    Boolean("spark.kubernetes.executor.securityContext.allowPrivilegeEscalation")
        .Since(k43)
        .Else("spark.kubernetes.securityContext.allowPrivilegeEscalation"),
    Time("spark.kubernetes.executor.terminationGracePeriodSeconds", kS, "30s")
        .Since(k41)
        .Must(kGracePeriod),
    Boolean("spark.kubernetes.executor.useDriverPodIP", "true").Since(k41),
    Boolean("spark.kubernetes.legacy.useReadWriteOnceAccessMode", "false").Since(k34),
    Boolean("spark.kubernetes.local.dirs.tmpfs", "false"),
    Double("spark.kubernetes.memoryOverheadFactor", "0.1").Must(kFactorNotNegative),
    Boolean("spark.kubernetes.securityContext.allowPrivilegeEscalation", "false").Since(k43),
    Time("spark.locality.wait", kMs, "3s"),
    Double("spark.memory.fraction", "0.6"),
    Boolean("spark.memory.offHeap.enabled", "false").Was(kOldOffHeap),
    Bytes("spark.memory.offHeap.size", kByte, "0b").Must(kOffHeapNotNegative),
    Double("spark.memory.storageFraction", "0.5").Must(kStorageFraction),
    Time("spark.memory.unmanagedMemoryPollingInterval", kMs, "0s").Since(k41),
    Boolean("spark.network.crypto.enabled", "false"),
    Bytes("spark.network.maxRemoteBlockSizeFetchToMem", kByte, "200m")
        .Must(kRemoteBlock)
        .Was(kOldRemoteBlock),
    Time("spark.network.timeout", kS, "120s"),
    Time("spark.network.timeoutInterval", kMs, "60s"),
    Bytes("spark.reducer.maxSizeInFlight", kMiB, "48m").Was(kOldMaxInFlight),
    Text("spark.rpc.askTimeout").Was(kOldAskTimeout),
    Text("spark.rpc.lookupTimeout").Was(kOldLookupTimeout),
    Int("spark.rpc.message.maxSize", "128"),
    Boolean("spark.security.directCredentialProviders.enabled", "false").Since(k43),
    Text("spark.serializer", "org.apache.spark.serializer.JavaSerializer"),
    Int("spark.serializer.objectStreamReset", "100"),
    Boolean("spark.shuffle.compress", "true"),
    Bytes("spark.shuffle.file.buffer", kKiB, "32k").Must(kShuffleFileBuffer).Was(kOldFileBuffer),
    Bytes("spark.shuffle.mapOutput.minSizeForBroadcast", kByte, "512k"),
    Boolean("spark.shuffle.service.enabled", "false"),
    Text("spark.shuffle.sort.io.plugin.class",
         "org.apache.spark.shuffle.sort.io.LocalDiskShuffleDataIO"),
    Int("spark.shuffle.spill.numElementsForceSpillThreshold", "2147483647"),
    Boolean("spark.speculation", "false"),
    Double("spark.speculation.multiplier", "1.5").Changed(k40, "3.0"),
    Double("spark.speculation.quantile", "0.75").Changed(k40, "0.9"),
    Bytes("spark.sql.adaptive.advisoryPartitionSizeInBytes", kByte)
        .Must(kAdvisorySize)
        .Else("spark.sql.adaptive.shuffle.targetPostShuffleInputSize"),
    Bytes("spark.sql.adaptive.autoBroadcastJoinThreshold", kByte),
    Bytes("spark.sql.adaptive.shuffle.targetPostShuffleInputSize", kByte, "64MB")
        .Must(kAdvisorySize),
    Bytes("spark.sql.autoBroadcastJoinThreshold", kByte, "10MB"),
    Time("spark.sql.broadcastTimeout", kS, "300"),
    Bytes("spark.sql.files.maxPartitionBytes", kByte, "128MB"),
    Bytes("spark.sql.maxBroadcastTableSize", kByte, "8g").Since(k41),
    Int("spark.sql.shuffle.partitions", "200").Must(kShufflePartitions),
    Time("spark.storage.blockManagerHeartbeatTimeoutMs", kMs).Was(kOldHeartbeatTimeout),
    Boolean("spark.storage.decommission.enabled", "false"),
    Boolean("spark.storage.decommission.shuffleBlocks.enabled", "false").Changed(k34, "true"),
    Bytes("spark.storage.memoryMapThreshold", kByte, "2m"),
    Text("spark.submit.deployMode", "client"),
    Decimal("spark.task.cpus", "1").Must(kTaskCpus),
    Bytes("spark.task.maxDirectResultSize", kByte, "1m").Must(kDirectResult),
    Int("spark.task.maxFailures", "4"),
    Boolean("spark.testing"),
    Long("spark.testing.reservedMemory"),
    Boolean("spark.testing.resourceProfileManager", "false"),
    Int("spark.ui.port", "4040"),
};
static_assert(std::is_sorted(std::begin(kRows), std::end(kRows),
                             [](const Row& a, const Row& b) { return a.key < b.key; }));

inline constexpr auto kSettings = [] {
  std::array<Setting, std::size(kRows)> settings;
  std::copy(std::begin(kRows), std::end(kRows), settings.begin());
  return settings;
}();

// Where a row of the table stands in it.
inline size_t IndexOf(const Setting& setting) {
  const std::ptrdiff_t index = &setting - kSettings.data();
  assert(index >= 0 && index < std::ssize(kSettings) && "no row of the table");
  return static_cast<size_t>(index);
}

// The row of a key, found by the compiler: a key that is not in the table does not compile.
consteval const Setting& At(std::string_view key) {
  for (const Setting& setting : kSettings) {
    if (setting.key == key) return setting;
  }
  throw "no such setting";
}

}  // namespace ballast::policy::table
