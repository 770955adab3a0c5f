// One number said twice and differently, or said where Spark does not look, or in a way that does
// not reach it: the user should know which one counts.
//
//   reads     fields and settings that override each other, old and new spellings, variables of the
//             pods' environment, values that an operator's shell takes apart
//   warns     naming the value that wins
//   example   spec.executor.memory 8g and sparkConf spark.executor.memory 4g: Spark gets 8g
#include "policy/judged_settings.h"
#include "policy/memory_limit.h"
#include "policy/quantity.h"
#include "policy/replace_setting.h"
#include "policy/rules/rules.h"
#include "policy/spark_settings.h"

namespace ballast::policy {
namespace {

void JudgeOverridden(const Workload& workload, Verdict& verdict) {
  for (const OverriddenValue& value : workload.overridden) {
    if (value.by_shell) {
      verdict.push_back(
          Warn("value taken apart by a shell", Severity::kHigh,
               Join({value.key, ": the operator hands ", value.losing_path,
                     " to a shell, which takes it apart, and may lose settings behind "
                     "it, too: put the value in single quotes, within its own"}),
               {value.key}));
      continue;
    }
    // What is not judged may be a key or a password: the places are enough.
    if (!MayShowValue(value.key)) {
      verdict.push_back(
          Warn("overridden value", Severity::kLow,
               Join({value.key, ": ", value.winning_path, " wins over ", value.losing_path}),
               {value.key}));
      continue;
    }
    Judgement judgement =
        Warn("overridden value", Severity::kLow,
             Join({value.key, ": ", value.winning_value, " (", value.winning_path, ") wins over ",
                   value.losing_value, " (", value.losing_path, ")"}),
             {value.key});
    judgement.finding.before = value.losing_value;
    judgement.finding.after = value.winning_value;
    verdict.push_back(std::move(judgement));
  }
}

bool IsReported(const Workload& workload, std::string_view key) {
  for (const OverriddenValue& value : workload.overridden) {
    if (value.key == key) return true;
  }
  return false;
}

// A new and an old spelling of one setting: Spark reads the new one.
void JudgeSpellings(const Workload& workload, Verdict& verdict) {
  constexpr HashedKey kRespelt[] = {
      "spark.driver.memoryOverhead", "spark.executor.memoryOverhead", "spark.kryoserializer.buffer",
      "spark.kryoserializer.buffer.max", "spark.memory.offHeap.enabled"};
  const SparkConf& conf = workload.conf;
  for (const HashedKey& key : kRespelt) {
    const auto value = conf.Get(key);
    if (!value) continue;
    for (const HashedKey& old : OldSpellings(key)) {
      const auto lost = conf.Get(old);
      if (!lost || *lost == *value || IsReported(workload, key)) continue;
      verdict.push_back(
          Warn("two spellings", Severity::kLow,
               Join({key, "=", *value, " wins over its old spelling ", old, "=", *lost}),
               {std::string(key), std::string(old)}));
    }
  }
}

struct Unread {
  HashedKey key;
  HashedKey because_of;  // written too, so that `key` is not read
};
constexpr Unread kUnread[] = {
    {"spark.driver.memoryOverheadFactor", "spark.driver.memoryOverhead"},
    {"spark.driver.minMemoryOverhead", "spark.driver.memoryOverhead"},
    {"spark.executor.memoryOverheadFactor", "spark.executor.memoryOverhead"},
    {"spark.executor.minMemoryOverhead", "spark.executor.memoryOverhead"},
};

void JudgeUnread(const Workload& workload, Verdict& verdict) {
  const SparkConf& conf = workload.conf;
  for (const Unread& unread : kUnread) {
    if (!conf.Has(unread.key) || !RawSetting(conf, unread.because_of)) continue;
    verdict.push_back(WarnAbout(
        conf, "setting not read", Severity::kLow, unread.key,
        Join({"not read, since ", AsWritten(conf, unread.because_of), " is written out"})));
  }
  struct Minimum {
    HashedKey key;
    SparkVersion read_by;
  };
  for (const Minimum& minimum :
       {Minimum{"spark.driver.minMemoryOverhead", workload.versions.submit},
        Minimum{"spark.executor.minMemoryOverhead", workload.versions.runtime}}) {
    if (minimum.read_by >= SparkVersion{4, 0} || !conf.Has(minimum.key)) continue;
    verdict.push_back(WarnAbout(conf, "setting not read", Severity::kMedium, minimum.key,
                                Join({"Spark ", PrintSparkVersion(minimum.read_by),
                                      " does not read it, 4.0 is the first that does"})));
  }
  if (workload.language != Language::kPython && conf.Has("spark.executor.pyspark.memory")) {
    verdict.push_back(WarnAbout(conf, "setting not read", Severity::kLow,
                                "spark.executor.pyspark.memory",
                                "not read, since this is not a Python application"));
  }
}

// The images' entrypoint takes the heap and the cores from the environment: what the user puts
// there comes after what Spark does, in a pod of the size that Spark made.
void JudgeEnvironment(const Workload& workload, Verdict& verdict) {
  const SparkConf& conf = workload.conf;
  const auto warn = [&](HashedKey key, std::string_view what, std::string_view setting,
                        const std::string& value) {
    verdict.push_back(
        WarnAbout(conf, "environment beats setting", Severity::kHigh, key,
                  Join({what, ", while the pod is sized for ", setting, "=", value})));
  };
  const auto heap = [&](HashedKey key, std::string_view what, std::string_view setting,
                        const Result<PodShape>& shape, SparkVersion version) {
    const auto text = conf.Get(key);
    if (!text || !shape.ok()) return;
    const Result<int64_t> bytes = ByteStringAs(*text, ByteUnit::kByte, version);
    if (bytes.ok() && Bytes(*bytes) == shape->heap) return;
    warn(key, what, setting, PrintSparkSize(shape->heap));
  };
  heap("spark.executorEnv.SPARK_EXECUTOR_MEMORY", "the executors take this for their heap",
       "spark.executor.memory", workload.sizes.executor, workload.versions.runtime);
  if (!conf.Has("spark.driver.memory")) {
    heap("spark.kubernetes.driverEnv.SPARK_DRIVER_MEMORY", "the driver takes this for its heap",
         "spark.driver.memory", workload.sizes.driver, workload.versions.runtime);
  }
  static constexpr HashedKey kCores = "spark.executorEnv.SPARK_EXECUTOR_CORES";
  const auto cores = conf.Get(kCores);
  const auto sized = ReadInteger(conf, "spark.executor.cores", workload.versions.runtime);
  if (cores && sized.ok() && *cores != std::to_string(*sized)) {
    warn(kCores, "the executors run tasks for this many cores", "spark.executor.cores",
         std::to_string(*sized));
  }
}

// A pod whose memory limit is below its request is refused by Kubernetes.
void JudgeMemoryLimit(const SparkConf& conf, HashedKey key, std::string_view pod,
                      const Result<PodShape>& shape, Verdict& verdict) {
  const auto limit = conf.Get(key);
  if (!limit || !shape.ok()) return;
  const auto bytes = ParseMemoryLimit(*limit);
  if (!bytes) {
    verdict.push_back(
        WarnAbout(conf, "memory limit not read", Severity::kHigh, key,
                  "the operator makes of it what is no quantity, and no pod: write for "
                  "example 4g or 4Gi"));
    return;
  }
  if (*bytes >= shape->memory()) return;
  verdict.push_back(
      WarnAbout(conf, "memory limit below the request", Severity::kHigh, key,
                Join({"below the ", PrintMemoryQuantity(shape->memory()), " that the ", pod,
                      " requests, and Kubernetes refuses such a pod"})));
}

Verdict Judge(const Workload& workload, const Context&) {
  Verdict verdict;
  JudgeOverridden(workload, verdict);
  JudgeSpellings(workload, verdict);
  JudgeUnread(workload, verdict);
  JudgeEnvironment(workload, verdict);
  JudgeMemoryLimit(workload.conf, "driver.memoryLimit", "driver", workload.sizes.driver, verdict);
  JudgeMemoryLimit(workload.conf, "executor.memoryLimit", "executor", workload.sizes.executor,
                   verdict);
  return verdict;
}

}  // namespace

const Rule kConflictingSettings = {"conflicting-settings",
                                   "says which value counts where two disagree, or one is not read",
                                   &Judge};

}  // namespace ballast::policy
