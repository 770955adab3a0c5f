// The stages inside the driver: SparkConf.validateSettings, the resource profile, Kryo, RPC and the
// memory managers.
#include <cmath>
#include <string>

#include "policy/java_number.h"
#include "policy/spark_checks.h"
#include "policy/spark_profile.h"
#include "policy/spark_settings_table.h"
#include "policy/spark_stages.h"

namespace ballast::policy::stages {
namespace {

constexpr SparkVersion k40{4, 0};

// A reason of validateSettings; from 4.0 on with an error class around it.
Error InvalidConfig(std::string_view key, std::string_view error_class, const std::string& text,
                    SparkVersion version) {
  if (version < k40) return Error{std::string(key), text};
  return Error{std::string(key), "[INVALID_SPARK_CONFIG." + std::string(error_class) +
                                     "] Invalid Spark config: " + text + " SQLSTATE: 42616"};
}

Refused CheckJavaOptions(const SparkConf& conf, std::string_view key, SparkVersion version) {
  const auto options = conf.Get(key);
  if (!options) return std::nullopt;
  const std::string written = " (was '" + std::string(*options) + "'). ";
  if (options->find("-Dspark") != std::string_view::npos) {
    return InvalidConfig(key, "INVALID_EXECUTOR_SPARK_OPTIONS",
                         std::string(key) + " is not allowed to set Spark options" + written +
                             "Set them directly on a SparkConf or in a properties file when using "
                             "./bin/spark-submit.",
                         version);
  }
  if (options->find("-Xmx") != std::string_view::npos) {
    return InvalidConfig(key, "INVALID_EXECUTOR_MEMORY_OPTIONS",
                         std::string(key) + " is not allowed to specify max heap memory settings" +
                             written + "Use spark.executor.memory instead.",
                         version);
  }
  return std::nullopt;
}

// NaN is between 0 and 1 before 4.0, and not from then on.
Refused CheckFraction(const SparkConf& conf, std::string_view key, SparkVersion version) {
  const auto text = conf.Get(key);
  if (!text) return std::nullopt;
  const Result<double> value = JavaDouble(*text);
  if (!value.ok()) {
    return Error{std::string(key),
                 "Illegal value for config key " + std::string(key) + ": " + value.error().what};
  }
  if (*value >= 0 && *value <= 1) return std::nullopt;
  if (std::isnan(*value) && version < k40) return std::nullopt;
  const std::string reason =
      std::string(key) + " should be between 0 and 1 (was '" + PrintJavaDouble(*value) + "').";
  if (std::isnan(*value)) return InvalidConfig(key, "INVALID_MEMORY_FRACTION", reason, version);
  return Error{std::string(key), reason};
}

Refused CheckDeployMode(const SparkConf& conf, SparkVersion version) {
  const auto mode = conf.Get("spark.submit.deployMode");
  if (!mode || *mode == "cluster" || *mode == "client") return std::nullopt;
  return InvalidConfig("spark.submit.deployMode", "INVALID_SPARK_SUBMIT_DEPLOY_MODE_KEY",
                       "spark.submit.deployMode can only be \"cluster\" or \"client\".", version);
}

// spark.cores.max has no meaning on Kubernetes, but Spark divides by the cores of an executor.
Refused CheckCoresMax(const SparkConf& conf, SparkVersion version) {
  const auto text = conf.Get("spark.cores.max");
  if (!text || !conf.Has("spark.executor.cores")) return std::nullopt;
  const Result<int64_t> total = ParseJavaInt(*text);
  if (!total.ok()) {
    return Error{"spark.cores.max",
                 "Illegal value for config key spark.cores.max: " + total.error().what};
  }
  const auto cores = ReadInteger(conf, table::At("spark.executor.cores"), version);
  if (!cores.ok()) return cores.error();
  if (*cores == 0) return Error{"spark.executor.cores", "/ by zero"};
  return std::nullopt;
}

Refused CheckEncryption(const SparkConf& conf, SparkVersion version) {
  static constexpr const Setting& kAuthenticate = table::At("spark.authenticate");
  const auto crypto = ReadBoolean(conf, table::At("spark.network.crypto.enabled"), version);
  if (!crypto.ok()) return crypto.error();
  if (!*crypto) {
    const auto sasl =
        ReadBoolean(conf, table::At("spark.authenticate.enableSaslEncryption"), version);
    if (!sasl.ok()) return sasl.error();
    if (!*sasl) return std::nullopt;
  }
  const auto authenticate = ReadBoolean(conf, kAuthenticate, version);
  if (!authenticate.ok()) return authenticate.error();
  if (*authenticate) return std::nullopt;
  const std::string text = "spark.authenticate must be enabled when enabling encryption.";
  if (version < k40) return Error{std::string(kAuthenticate.key), "requirement failed: " + text};
  return InvalidConfig(kAuthenticate.key, "NETWORK_AUTH_MUST_BE_ENABLED", text, version);
}

Refused CheckHeartbeat(const SparkConf& conf, SparkVersion version) {
  static constexpr const Setting& kTimeout = table::At("spark.network.timeout");
  const auto timeout = ReadInteger(conf, kTimeout, version);
  if (!timeout.ok()) return timeout.error();
  const auto interval = ReadInteger(conf, table::At("spark.executor.heartbeatInterval"), version);
  if (!interval.ok()) return interval.error();
  // A Long that wraps, as in Spark: what is too large becomes negative and is refused.
  const auto timeout_ms = static_cast<int64_t>(static_cast<uint64_t>(*timeout) * 1000);
  if (timeout_ms > *interval) return std::nullopt;
  const std::string text = "The value of spark.network.timeout=" + std::to_string(timeout_ms) +
                           "ms must be greater than the value of "
                           "spark.executor.heartbeatInterval=" +
                           std::to_string(*interval) + "ms.";
  if (version < k40) return Error{std::string(kTimeout.key), "requirement failed: " + text};
  return InvalidConfig(kTimeout.key, "INVALID_EXECUTOR_HEARTBEAT_INTERVAL", text, version);
}

Error TooLargeKryo(const Setting& setting, int64_t mebibytes, SparkVersion version) {
  const std::string key(setting.key);
  const std::string number = std::to_string(mebibytes) + " MiB";
  if (version >= k40) {
    return Error{key, "[INVALID_KRYO_SERIALIZER_BUFFER_SIZE] The value of the config \"" + key +
                          "\" must be less than 2048 MiB, but got " + number + ". SQLSTATE: F0000"};
  }
  const std::string plus = key.ends_with("max") ? "" : "+ ";  // so Spark writes it
  return Error{key, key + " must be less than 2048 MiB, got: " + plus + number + "."};
}

Error NegativeSize(const Setting& setting, int64_t size) {
  return Error{std::string(setting.key),
               "Negative size value. Size must be positive: " + std::to_string(size)};
}

Refused CheckRegions(const SparkConf& conf, const Setting& heap, bool driver,
                     SparkVersion version) {
  const auto mebibytes = ReadInteger(conf, heap, version);
  if (!mebibytes.ok()) return std::nullopt;  // there is no such JVM to judge
  const auto regions =
      RegionsOf(conf, SaturatingMultiply(*mebibytes, int64_t{1} << 20), driver, version);
  if (regions.ok()) return std::nullopt;
  return regions.error();
}

}  // namespace

Refused ValidateSettings(const SparkConf& conf, SparkVersion version) {
  if (auto no = CheckJavaOptions(conf, "spark.executor.extraJavaOptions", version)) return no;
  if (version >= k40) {
    if (auto no = CheckJavaOptions(conf, "spark.executor.defaultJavaOptions", version)) return no;
  }
  if (auto no = CheckFraction(conf, "spark.memory.fraction", version)) return no;
  if (auto no = CheckFraction(conf, "spark.memory.storageFraction", version)) return no;
  if (auto no = CheckDeployMode(conf, version)) return no;
  if (auto no = CheckCoresMax(conf, version)) return no;
  if (auto no = CheckEncryption(conf, version)) return no;
  return CheckHeartbeat(conf, version);
}

Refused Slots(const Result<ExecutorProfile>& profile) {
  if (!profile.ok()) return profile.error();
  const auto slots = TaskSlots(*profile);
  if (!slots.ok()) return slots.error();
  return std::nullopt;
}

Refused Kryo(const SparkConf& conf, SparkVersion version) {
  static constexpr const Setting& kBuffer = table::At("spark.kryoserializer.buffer");
  static constexpr const Setting& kMax = table::At("spark.kryoserializer.buffer.max");
  constexpr int64_t kLimitMiB = 2048;
  const auto buffer = ReadInteger(conf, kBuffer, version);
  if (!buffer.ok()) return buffer.error();
  if (*buffer >= kLimitMiB * 1024) return TooLargeKryo(kBuffer, *buffer / 1024, version);
  if (*buffer < 0) return NegativeSize(kBuffer, *buffer);
  const auto most = ReadInteger(conf, kMax, version);
  if (!most.ok()) return most.error();
  const auto most_mib = static_cast<int32_t>(*most);  // cut to an Int, as Spark does
  if (most_mib >= kLimitMiB) return TooLargeKryo(kMax, most_mib, version);
  if (most_mib < 0) return NegativeSize(kMax, most_mib);
  for (const Setting* flag :
       {&table::At("spark.kryo.referenceTracking"), &table::At("spark.kryo.registrationRequired"),
        &table::At("spark.kryo.unsafe"), &table::At("spark.kryo.pool")}) {
    const auto value = ReadBoolean(conf, *flag, version);
    if (!value.ok()) return value.error();
  }
  return std::nullopt;
}

Refused Rpc(const SparkConf& conf, SparkVersion version) {
  static constexpr const Setting& kMaxSize = table::At("spark.rpc.message.maxSize");
  const auto mebibytes = ReadInteger(conf, kMaxSize, version);
  if (!mebibytes.ok()) return mebibytes.error();
  if (*mebibytes <= 2047) return std::nullopt;
  return Error{std::string(kMaxSize.key),
               "spark.rpc.message.maxSize should not be greater than 2047 MB"};
}

Refused DriverRegions(const SparkConf& conf, SparkVersion version) {
  return CheckRegions(conf, table::At("spark.driver.memory"), /*driver=*/true, version);
}

Refused ExecutorRegions(const SparkConf& conf, SparkVersion version) {
  return CheckRegions(conf, table::At("spark.executor.memory"), /*driver=*/false, version);
}

}  // namespace ballast::policy::stages
