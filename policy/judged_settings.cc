#include "policy/judged_settings.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <utility>

#include "policy/spark_settings.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kJavaOptions = "JavaOptions";
constexpr std::string_view kHidden = "*********(redacted)";  // as Spark writes it

// What is looked at under another name than a setting's, or only to say that it does nothing. In
// order; a test holds it against the sources.
constexpr std::string_view kMore[] = {
    "cluster.initWorkers",
    "cluster.maxWorkers",
    "cluster.minWorkers",
    "driver.memoryLimit",
    "executor.memoryLimit",
    "spark.blockManager.port",
    "spark.cache.class",
    "spark.driver.bindAddress",
    "spark.driver.blockManager.port",
    "spark.driver.defaultJavaOptions",
    "spark.driver.host",
    "spark.driver.port",
    "spark.driver.userClassPathFirst",
    "spark.executor.defaultJavaOptions",
    "spark.executor.maxNumFailures",
    "spark.executor.plugins",
    "spark.executor.port",
    "spark.executorEnv.SPARK_EXECUTOR_CORES",
    "spark.executorEnv.SPARK_EXECUTOR_MEMORY",
    "spark.kerberos.keytab",
    "spark.kerberos.principal",
    "spark.kubernetes.driver.label.spark-app-name",
    "spark.kubernetes.driver.label.spark-app-selector",
    "spark.kubernetes.driver.label.spark-role",
    "spark.kubernetes.driver.label.spark-version",
    "spark.kubernetes.driver.master",
    "spark.kubernetes.driverEnv.SPARK_DRIVER_MEMORY",
    "spark.kubernetes.executor.label.spark-app-name",
    "spark.kubernetes.executor.label.spark-app-selector",
    "spark.kubernetes.executor.label.spark-exec-id",
    "spark.kubernetes.executor.label.spark-exec-resourceprofile-id",
    "spark.kubernetes.executor.label.spark-role",
    "spark.kubernetes.executor.label.spark-version",
    "spark.kubernetes.kerberos.tokenSecret.itemKey",
    "spark.kubernetes.kerberos.tokenSecret.name",
    "spark.kubernetes.pyspark.pythonVersion",
    "spark.kubernetes.submitInDriver",
    "spark.master.rest.enabled",
    "spark.memory.useLegacyMode",
    "spark.network.remoteReadNioBufferConversion",
    "spark.plugins",
    "spark.remote",
    "spark.rpc",
    "spark.rpc.numRetries",
    "spark.rpc.retry.wait",
    "spark.scheduler.executorTaskBlacklistTime",
    "spark.shuffle.localDisk.file.output.buffer",
    "spark.shuffle.memoryFraction",
    "spark.shuffle.service.index.cache.entries",
    "spark.shuffle.service.index.cache.size",
    "spark.shuffle.spill",
    "spark.shuffle.unsafe.file.output.buffer",
    "spark.storage.memoryFraction",
    "spark.storage.unrollFraction",
    "spark.yarn.am.port",
    "spark.yarn.max.executor.failures",
    "spark.yarn.services",
    "spark.yarn.user.classpath.first",
};

constexpr std::string_view kFamilies[] = {
    "spark.blacklist.",
    "spark.driver.resource.",
    "spark.excludeOnFailure.",
    "spark.executor.resource.",
    "spark.kubernetes.driver.volumes.",
    "spark.kubernetes.executor.volumes.",
    "spark.scheduler.blacklist.",
    "spark.scheduler.excludeOnFailure.",
    "spark.task.resource.",
    "spark.yarn.blacklist.executor.",
    "spark.yarn.credentials.file.retention.",
    "spark.yarn.executor.launch.excludeOnFailure.",
};

bool IsOldSpelling(std::string_view key) {
  const auto settings = AllSettings();
  return std::any_of(settings.begin(), settings.end(), [&](const Setting& setting) {
    return std::ranges::any_of(setting.old_spellings,
                               [&](const HashedKey& old) { return old.text == key; });
  });
}

// Spark looks for "-Xmx" and "-Dspark" in Java options, and whether their quotes close.
std::string WithoutOptions(std::string_view options) {
  std::string left;
  bool hidden = false;
  while (!options.empty()) {
    std::string_view kept;
    for (const std::string_view looked_for : {"-Xmx", "-Dspark"}) {
      if (options.starts_with(looked_for)) kept = looked_for;
    }
    if (kept.empty() && std::string_view(" \t\n\"'\\").find(options[0]) != std::string_view::npos) {
      kept = options.substr(0, 1);
    }
    if (kept.empty() && !hidden) left += 'x';
    hidden = kept.empty();
    left += kept;
    options.remove_prefix(std::max<size_t>(1, kept.size()));
  }
  return left;
}

std::string Shown(std::string_view key, std::string_view value) {
  if (LooksSecret(key)) return std::string(kHidden);
  if (key.ends_with(kJavaOptions)) return WithoutOptions(value);
  return std::string(value);
}

using Kept = std::map<std::string, std::string, std::less<>>;

// "${spark.executor.memory}" in a value: what it stands for is kept too.
void KeepReferences(const SparkConf& conf, std::string value, Kept& kept) {
  std::vector<std::string> open = {std::move(value)};
  while (!open.empty()) {
    const std::string text = std::move(open.back());
    open.pop_back();
    for (size_t at = text.find("${"); at != std::string::npos; at = text.find("${", at + 2)) {
      const size_t end = text.find('}', at);
      if (end == std::string::npos) break;
      const std::string_view spelling =
          SpellingOf(conf, std::string_view(text).substr(at + 2, end - at - 2));
      if (spelling.empty()) continue;
      const std::string shown = Shown(spelling, *conf.Get(spelling));
      if (kept.emplace(spelling, shown).second) open.push_back(shown);
    }
  }
}

}  // namespace

bool IsJudgedSetting(std::string_view key) {
  return FindSetting(key) != nullptr ||
         std::binary_search(std::begin(kMore), std::end(kMore), key) ||
         std::any_of(std::begin(kFamilies), std::end(kFamilies),
                     [&](std::string_view family) { return key.starts_with(family); }) ||
         IsOldSpelling(key);
}

bool LooksSecret(std::string_view key) {
  std::string lower(key);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const std::string_view word :
       {"secret", "password", "token", "accesskey", "access.key", "credential", "private"}) {
    // Blacklisted nodes' "credentials.file.retention" are numbers, and Spark shows them.
    if (lower.find(word) != std::string::npos && !lower.starts_with("spark.yarn.credentials.")) {
      return true;
    }
  }
  return false;
}

bool MayHoldSecret(std::string_view key) { return LooksSecret(key) || key.ends_with(kJavaOptions); }

bool MayShowValue(std::string_view key) { return IsJudgedSetting(key) && !MayHoldSecret(key); }

SparkConf JudgedSettings(const SparkConf& conf, const std::vector<std::string>& more) {
  Kept kept;
  conf.ForEach([&](std::string_view key, std::string_view value) {
    if (!IsJudgedSetting(key) && std::find(more.begin(), more.end(), key) == more.end()) return;
    kept.insert_or_assign(std::string(key), Shown(key, value));
  });
  const Kept direct = kept;
  for (const auto& [key, value] : direct) {
    if (value.find("${") != std::string::npos) KeepReferences(conf, value, kept);
  }
  std::vector<std::pair<std::string_view, std::string_view>> entries(kept.begin(), kept.end());
  return SparkConf::FromSorted(std::move(entries));
}

}  // namespace ballast::policy
