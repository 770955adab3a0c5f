// What the steps that make the two pods refuse besides sizes.
#include <algorithm>
#include <string>

#include "policy/java_number.h"
#include "policy/spark_settings_table.h"
#include "policy/spark_stages.h"
#include "policy/spark_volumes.h"

namespace ballast::policy::stages {
namespace {

constexpr SparkVersion k41{4, 1};

// Settings that a step reads: that they can be read is all that matters here.
constexpr const Setting* kOfDriver[] = {
    &table::At("spark.buffer.size"),
    &table::At("spark.kubernetes.container.image.pullPolicy"),
    &table::At("spark.kubernetes.driver.securityContext.allowPrivilegeEscalation"),
    &table::At("spark.kubernetes.driver.service.ipFamilies"),
    &table::At("spark.kubernetes.driver.service.ipFamilyPolicy"),
    &table::At("spark.kubernetes.driver.service.publishNotReadyAddresses"),
    &table::At("spark.kubernetes.legacy.useReadWriteOnceAccessMode"),
    &table::At("spark.kubernetes.local.dirs.tmpfs"),
    &table::At("spark.kubernetes.securityContext.allowPrivilegeEscalation"),
    &table::At("spark.security.directCredentialProviders.enabled"),
    &table::At("spark.ui.port"),
};
constexpr const Setting* kOfExecutor[] = {
    &table::At("spark.acls.enable"),
    &table::At("spark.authenticate"),
    &table::At("spark.buffer.size"),
    &table::At("spark.decommission.enabled"),
    &table::At("spark.kubernetes.allocation.recoveryMode.enabled"),
    &table::At("spark.kubernetes.configMap.maxSize"),
    &table::At("spark.kubernetes.container.image.pullPolicy"),
    &table::At("spark.kubernetes.executor.disableConfigMap"),
    &table::At("spark.kubernetes.executor.podNamePrefix"),
    &table::At("spark.kubernetes.executor.securityContext.allowPrivilegeEscalation"),
    &table::At("spark.kubernetes.executor.terminationGracePeriodSeconds"),
    &table::At("spark.kubernetes.executor.useDriverPodIP"),
    &table::At("spark.kubernetes.legacy.useReadWriteOnceAccessMode"),
    &table::At("spark.kubernetes.local.dirs.tmpfs"),
    &table::At("spark.kubernetes.securityContext.allowPrivilegeEscalation"),
};

// Labels that Spark writes itself.
constexpr HashedKey kLabelsOfDriver[] = {
    "spark.kubernetes.driver.label.spark-app-name",
    "spark.kubernetes.driver.label.spark-app-selector",
    "spark.kubernetes.driver.label.spark-role",
    "spark.kubernetes.driver.label.spark-version",
};
constexpr HashedKey kLabelsOfExecutor[] = {
    "spark.kubernetes.executor.label.spark-app-name",
    "spark.kubernetes.executor.label.spark-app-selector",
    "spark.kubernetes.executor.label.spark-exec-id",
    "spark.kubernetes.executor.label.spark-exec-resourceprofile-id",
    "spark.kubernetes.executor.label.spark-role",
    "spark.kubernetes.executor.label.spark-version",
};

Refused Unreadable(const SparkConf& conf, std::span<const Setting* const> settings,
                   SparkVersion version) {
  for (const Setting* setting : settings) {
    if (version < setting->since || !RawSetting(conf, *setting)) continue;
    if (setting->type == SettingType::kText) {
      if (const auto text = ReadText(conf, *setting, version); !text.ok()) return text.error();
    } else {
      if (const auto value = ReadInteger(conf, *setting, version); !value.ok())
        return value.error();
    }
  }
  return std::nullopt;
}

Refused ReservedLabel(const SparkConf& conf, std::span<const HashedKey> labels) {
  for (const HashedKey& key : labels) {
    if (!conf.Has(key)) continue;
    const std::string_view label = key.text.substr(key.text.rfind('.') + 1);
    return Error{std::string(key.text), "Label with key " + std::string(label) +
                                            " is not allowed as it is reserved for Spark "
                                            "bookkeeping operations."};
  }
  return std::nullopt;
}

// SparkConf.getInt, which neither trims nor resolves; 0 where it is unset.
Result<int64_t> ReadPort(const SparkConf& conf, HashedKey key) {
  const auto text = conf.Get(key);
  if (!text) return 0;
  Result<int64_t> port = ParseJavaInt(*text);
  if (port.ok()) return port;
  return Error{std::string(key.text),
               "Illegal value for config key " + std::string(key.text) + ": " + port.error().what};
}

Refused UnreadablePort(const SparkConf& conf, HashedKey key) {
  const Result<int64_t> port = ReadPort(conf, key);
  return port.ok() ? std::nullopt : Refused(port.error());
}

Refused PortOutOfRange(const SparkConf& conf, HashedKey key) {
  const Result<int64_t> port = ReadPort(conf, key);
  if (!port.ok()) return port.error();
  if (*port == 0 || (*port >= 1024 && *port < 65536)) return std::nullopt;
  return Error{std::string(key.text), "port number must be 0 or in [1024, 65535]"};
}

// Two settings of which Spark wants both or none.
Refused OneOfTwo(const SparkConf& conf, HashedKey one, HashedKey other) {
  if (conf.Has(one) == conf.Has(other)) return std::nullopt;
  const HashedKey& written = conf.Has(one) ? one : other;
  const HashedKey& missing = conf.Has(one) ? other : one;
  return Error{std::string(written.text),
               "Spark wants " + std::string(missing.text) + " to be set, too"};
}

// The Kubernetes service of the driver says what these two are.
Refused DriverAddress(const SparkConf& conf) {
  for (const HashedKey key :
       {HashedKey("spark.driver.bindAddress"), HashedKey("spark.driver.host")}) {
    if (!conf.Has(key)) continue;
    return Error{std::string(key.text),
                 std::string(key.text) +
                     " is not supported in Kubernetes mode, as it is managed "
                     "via the driver pod and its Kubernetes service"};
  }
  return std::nullopt;
}

Refused PythonVersion(const SparkConf& conf, Language language, SparkVersion version) {
  static constexpr HashedKey kKey = "spark.kubernetes.pyspark.pythonVersion";
  if (language != Language::kPython || version >= k41) return std::nullopt;
  const auto text = conf.Get(kKey);
  if (!text || *text == "3") return std::nullopt;
  return Error{std::string(kKey.text),
               "Python 2 was dropped from Spark 3.1, and only 3 is allowed in this configuration"};
}

}  // namespace

Refused DriverPod(const SparkConf& conf, Language language, SparkVersion version) {
  // These settings are what the steps wrote for the driver: its pod was made.
  if (conf.Get("spark.kubernetes.submitInDriver") == "true") return std::nullopt;
  if (auto no = ReservedLabel(conf, kLabelsOfDriver)) return no;
  if (auto no = CheckMounts(conf, kDriverVolumes, version)) return no;
  // The executors', too, before there is anything.
  if (auto no = CheckVolumes(conf, kExecutorVolumes, version)) return no;
  if (auto no = DriverAddress(conf)) return no;
  for (const HashedKey port :
       {HashedKey("spark.driver.port"), HashedKey("spark.driver.blockManager.port"),
        HashedKey("spark.blockManager.port")}) {
    if (auto no = UnreadablePort(conf, port)) return no;
  }
  if (auto no = OneOfTwo(conf, "spark.kerberos.keytab", "spark.kerberos.principal")) return no;
  if (auto no = OneOfTwo(conf, "spark.kubernetes.kerberos.tokenSecret.name",
                         "spark.kubernetes.kerberos.tokenSecret.itemKey")) {
    return no;
  }
  if (auto no = PythonVersion(conf, language, version)) return no;
  return Unreadable(conf, kOfDriver, version);
}

Refused ExecutorPod(const SparkConf& conf, SparkVersion version) {
  if (auto no = ReservedLabel(conf, kLabelsOfExecutor)) return no;
  if (auto no = CheckMounts(conf, kExecutorVolumes, version)) return no;
  if (auto no = UnreadablePort(conf, "spark.driver.port")) return no;
  if (auto no = PortOutOfRange(conf, "spark.blockManager.port")) return no;
  return Unreadable(conf, kOfExecutor, version);
}

}  // namespace ballast::policy::stages
