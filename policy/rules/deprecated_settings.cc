// Settings that Spark still reads under an old name, or reads no more.
//
//   reads     all keys
//   warns     naming the replacement, from the version on that has it
//   example   spark.blacklist.enabled: spark.excludeOnFailure.enabled
//
// Source: SparkConf.deprecatedConfigs and configsWithAlternatives of Spark 3.3 to 4.3.
#include <algorithm>
#include <iterator>

#include "policy/replace_setting.h"
#include "policy/rules/rules.h"

namespace ballast::policy {
namespace {

struct Deprecated {
  HashedKey key;
  std::string_view instead;  // a key, or empty: it does nothing any more
  SparkVersion since = kOldestSpark;
};

constexpr SparkVersion k35 = {3, 5};
constexpr SparkVersion k40 = {4, 0};
constexpr SparkVersion k41 = {4, 1};

// In order of the keys, which is the order in which they are told.
constexpr Deprecated kDeprecated[] = {
    {"spark.akka.askTimeout", "spark.rpc.askTimeout"},
    {"spark.akka.lookupTimeout", "spark.rpc.lookupTimeout"},
    {"spark.blacklist.application.fetchFailure.enabled",
     "spark.excludeOnFailure.application.fetchFailure.enabled"},
    {"spark.blacklist.application.maxFailedExecutorsPerNode",
     "spark.excludeOnFailure.application.maxFailedExecutorsPerNode"},
    {"spark.blacklist.application.maxFailedTasksPerExecutor",
     "spark.excludeOnFailure.application.maxFailedTasksPerExecutor"},
    {"spark.blacklist.enabled", "spark.excludeOnFailure.enabled"},
    {"spark.blacklist.killBlacklistedExecutors", "spark.excludeOnFailure.killExcludedExecutors"},
    {"spark.blacklist.stage.maxFailedExecutorsPerNode",
     "spark.excludeOnFailure.stage.maxFailedExecutorsPerNode"},
    {"spark.blacklist.stage.maxFailedTasksPerExecutor",
     "spark.excludeOnFailure.stage.maxFailedTasksPerExecutor"},
    {"spark.blacklist.task.maxTaskAttemptsPerExecutor",
     "spark.excludeOnFailure.task.maxTaskAttemptsPerExecutor"},
    {"spark.blacklist.task.maxTaskAttemptsPerNode",
     "spark.excludeOnFailure.task.maxTaskAttemptsPerNode"},
    {"spark.blacklist.timeout", "spark.excludeOnFailure.timeout"},
    {"spark.cache.class", ""},
    {"spark.executor.plugins", "spark.plugins"},
    {"spark.executor.port", ""},
    {"spark.kryoserializer.buffer.max.mb", "spark.kryoserializer.buffer.max"},
    {"spark.kryoserializer.buffer.mb", "spark.kryoserializer.buffer"},
    {"spark.kubernetes.pyspark.pythonVersion", "", k41},
    {"spark.maxRemoteBlockSizeFetchToMem", "spark.network.maxRemoteBlockSizeFetchToMem"},
    {"spark.network.remoteReadNioBufferConversion", "", k35},
    {"spark.reducer.maxMbInFlight", "spark.reducer.maxSizeInFlight"},
    {"spark.reducer.maxReqSizeShuffleToMem", "spark.network.maxRemoteBlockSizeFetchToMem"},
    {"spark.rpc", ""},
    {"spark.rpc.numRetries", ""},
    {"spark.rpc.retry.wait", ""},
    {"spark.scheduler.blacklist.unschedulableTaskSetTimeout",
     "spark.scheduler.excludeOnFailure.unschedulableTaskSetTimeout"},
    {"spark.scheduler.executorTaskBlacklistTime", "spark.excludeOnFailure.timeout"},
    {"spark.shuffle.file.buffer.kb", "spark.shuffle.file.buffer"},
    {"spark.shuffle.service.index.cache.entries", "spark.shuffle.service.index.cache.size"},
    {"spark.shuffle.spill", ""},
    {"spark.shuffle.unsafe.file.output.buffer", "spark.shuffle.localDisk.file.output.buffer", k40},
    {"spark.storage.blockManagerSlaveTimeoutMs", "spark.storage.blockManagerHeartbeatTimeoutMs"},
    {"spark.unsafe.offHeap", "spark.memory.offHeap.enabled"},
    {"spark.yarn.am.port", ""},
    {"spark.yarn.blacklist.executor.launch.blacklisting.enabled",
     "spark.yarn.executor.launch.excludeOnFailure.enabled"},
    {"spark.yarn.credentials.file.retention.count", ""},
    {"spark.yarn.credentials.file.retention.days", ""},
    {"spark.yarn.driver.memoryOverhead", "spark.driver.memoryOverhead"},
    {"spark.yarn.executor.memoryOverhead", "spark.executor.memoryOverhead"},
    {"spark.yarn.max.executor.failures", "spark.executor.maxNumFailures", k35},
    {"spark.yarn.services", ""},
    {"spark.yarn.user.classpath.first", "spark.driver.userClassPathFirst"},
};
static_assert(std::is_sorted(std::begin(kDeprecated), std::end(kDeprecated),
                             [](const Deprecated& a, const Deprecated& b) {
                               return a.key.text < b.key.text;
                             }));

Judgement Old(const Deprecated& setting) {
  const std::string_view key = setting.key.text;
  return Warn("deprecated setting", Severity::kInfo,
              setting.instead.empty() ? Join({key, " does nothing any more; leave it out"})
                                      : Join({key, " is deprecated; use ", setting.instead}),
              {std::string(key)});
}

Verdict Judge(const Workload& workload, const Context&) {
  Verdict verdict;
  for (const Deprecated& setting : kDeprecated) {
    if (!workload.conf.Has(setting.key) || workload.versions.runtime < setting.since) continue;
    verdict.push_back(Old(setting));
  }
  return verdict;
}

}  // namespace

const Rule kDeprecatedSettings = {
    "deprecated-settings", "names the replacement of settings that are deprecated or dead", &Judge};

}  // namespace ballast::policy
