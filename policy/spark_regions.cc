// UnifiedMemoryManager and MemoryManager: how a JVM's heap is divided, and when they refuse.
#include <cmath>
#include <optional>
#include <string>

#include "policy/spark_checks.h"
#include "policy/spark_memory.h"
#include "policy/spark_settings_table.h"

namespace ballast::policy {
namespace {

constexpr int64_t kReserved = int64_t{300} << 20;
constexpr SparkVersion kErrorClasses{3, 5};
constexpr SparkVersion kErrorStates{4, 0};
constexpr SparkVersion kErrorSubclasses{4, 3};

// "[INVALID_DRIVER_MEMORY] System memory 1 must be at least 2. Please increase ...", as each
// version words it. `executor` is whose memory is at fault: from 4.3 on that is told apart.
std::string TooSmall(bool executor, bool by_setting, int64_t memory, int64_t least,
                     SparkVersion version) {
  const bool blames_executor = by_setting || (executor && version >= kErrorSubclasses);
  const std::string role = blames_executor ? "executor" : "driver";
  std::string text;
  if (version >= kErrorClasses) {
    text += blames_executor ? "[INVALID_EXECUTOR_MEMORY" : "[INVALID_DRIVER_MEMORY";
    if (version >= kErrorSubclasses) text += by_setting ? ".CONFIG_MEMORY" : ".SYSTEM_MEMORY";
    text += "] ";
    if (version >= kErrorSubclasses) text += "Insufficient " + role + " memory: ";
  }
  text += by_setting ? "Executor memory " : "System memory ";
  text += std::to_string(memory) + " must be at least " + std::to_string(least) + ".";
  text += version >= kErrorStates ? "\n" : " ";
  const std::string quote = version >= kErrorClasses ? "\"" : "";
  text += std::string("Please increase ") + (by_setting ? "executor memory" : "heap size") +
          " using the --" + role + "-memory option or " + quote + "spark." + role + ".memory" +
          quote + " in Spark configuration.";
  if (version >= kErrorStates) text += " SQLSTATE: F0000";
  return text;
}

Error IllegalValue(const Setting& setting, const std::string& reason) {
  return Error{std::string(setting.key),
               "Illegal value for config key " + std::string(setting.key) + ": " + reason};
}

// The 300 MiB that are set aside, or what a test's setting says instead.
Result<int64_t> Reserved(const SparkConf& conf) {
  static constexpr const Setting& kSetting = table::At("spark.testing.reservedMemory");
  const auto text = conf.Get(kSetting.key);
  if (!text) return conf.Has("spark.testing") ? 0 : kReserved;
  Result<int64_t> reserved = ParseJavaLong(*text);
  if (!reserved.ok()) return IllegalValue(kSetting, reserved.error().what);
  return reserved;
}

// spark.executor.memory once more, where a number without a unit means bytes.
std::optional<Error> CheckExecutorMemory(const SparkConf& conf, int64_t least,
                                         SparkVersion version) {
  static constexpr const Setting& kSetting = table::At("spark.executor.memory");
  const auto text = conf.Get(kSetting.key);
  if (!text) return std::nullopt;
  const Result<int64_t> bytes = ByteStringAs(*text, ByteUnit::kByte, version);
  if (!bytes.ok()) return IllegalValue(kSetting, bytes.error().what);
  if (*bytes >= least) return std::nullopt;
  return Error{std::string(kSetting.key),
               TooSmall(/*executor=*/true, /*by_setting=*/true, *bytes, least, version)};
}

Error Required(const Setting& setting, std::string_view demand) {
  return Error{std::string(setting.key), "requirement failed: " + std::string(demand)};
}

std::optional<Error> SetOffHeap(const SparkConf& conf, double storage_fraction,
                                SparkVersion version, MemoryRegions& regions) {
  static constexpr const Setting& kSize = table::At("spark.memory.offHeap.size");
  const auto size = ReadInteger(conf, kSize, version);
  if (!size.ok()) return size.error();
  regions.off_heap = *size;  // whether it is enabled or not
  regions.off_heap_storage = ScalaToLong(static_cast<double>(*size) * storage_fraction);
  const auto enabled = ReadBoolean(conf, table::At("spark.memory.offHeap.enabled"), version);
  if (!enabled.ok()) return enabled.error();
  if (*enabled && *size <= 0) {
    return Required(kSize,
                    "spark.memory.offHeap.size must be > 0 when spark.memory.offHeap.enabled == "
                    "true");
  }
  return std::nullopt;
}

}  // namespace

Result<MemoryRegions> RegionsOf(const SparkConf& conf, int64_t system_memory, bool driver,
                                SparkVersion version) {
  static constexpr const Setting& kFraction = table::At("spark.memory.fraction");
  MemoryRegions regions;
  regions.system = system_memory;
  const auto reserved = Reserved(conf);
  if (!reserved.ok()) return reserved.error();
  regions.reserved = *reserved;
  const int64_t least = ScalaToLong(std::ceil(static_cast<double>(*reserved) * 1.5));
  if (system_memory < least) {
    return Error{driver ? "spark.driver.memory" : "spark.executor.memory",
                 TooSmall(!driver, /*by_setting=*/false, system_memory, least, version)};
  }
  if (auto error = CheckExecutorMemory(conf, least, version)) return *std::move(error);
  regions.usable = SaturatingSubtract(system_memory, *reserved);
  const auto fraction = ReadDouble(conf, kFraction, version);
  if (!fraction.ok()) return fraction.error();
  regions.unified = ScalaToLong(static_cast<double>(regions.usable) * *fraction);
  const auto storage_fraction =
      ReadDouble(conf, table::At("spark.memory.storageFraction"), version);
  if (!storage_fraction.ok()) return storage_fraction.error();
  regions.storage = ScalaToLong(static_cast<double>(regions.unified) * *storage_fraction);
  regions.execution = SaturatingSubtract(regions.unified, regions.storage);
  regions.user = SaturatingSubtract(regions.usable, regions.unified);
  if (regions.execution <= 0) {
    return Required(kFraction, "onHeapExecutionMemory must be > 0");
  }
  if (auto error = SetOffHeap(conf, *storage_fraction, version, regions)) return *std::move(error);
  const auto page = ReadOptionalInteger(conf, table::At("spark.buffer.pageSize"), version);
  if (!page.ok()) return page.error();
  static constexpr const Setting& kPolling =
      table::At("spark.memory.unmanagedMemoryPollingInterval");
  if (version >= kPolling.since) {
    const auto polling = ReadInteger(conf, kPolling, version);
    if (!polling.ok()) return polling.error();
  }
  return regions;
}

}  // namespace ballast::policy
