// How the heap is divided between execution, storage and the user's own objects.
//
//   reads     spark.memory.fraction (0.6), spark.memory.storageFraction (0.5)
//   rewrites  either one to within limits.memoryFraction and limits.storageFraction
//   warns     where the policy sets no bounds and hardly anything is left for one side, and about
//             the settings of before Spark 1.6, which Spark reads no more and says nothing about
//   example   spark.memory.fraction=0.95 with a maximum of 0.8 becomes 0.8
#include "policy/print_value.h"
#include "policy/replace_setting.h"
#include "policy/rules/rules.h"
#include "policy/spark_settings.h"

namespace ballast::policy {
namespace {

struct Fraction {
  HashedKey key;
  // Where an opinion begins when the policy has none.
  double low;
  double high;
  std::string_view too_low;
  std::string_view too_high;
};
constexpr Fraction kMemory = {"spark.memory.fraction", 0.3, 0.9,
                              "little of the heap is left for execution and storage",
                              "hardly any heap is left for the job's own objects"};
constexpr Fraction kStorage = {"spark.memory.storageFraction", 0.1, 0.9,
                               "hardly any cached block is safe from eviction",
                               "cached blocks leave hardly any memory to execution"};

struct Dead {
  HashedKey key;
  std::string_view instead;
};
constexpr Dead kDead[] = {
    {"spark.shuffle.memoryFraction", "spark.memory.fraction"},
    {"spark.storage.memoryFraction", "spark.memory.storageFraction"},
    {"spark.storage.unrollFraction", "spark.memory.storageFraction"},
    {"spark.memory.useLegacyMode", "spark.memory.fraction"},
};

void JudgeFraction(const SparkConf& conf, SparkVersion version, const Fraction& fraction,
                   const Range<double>& range, Verdict& verdict) {
  const bool bounded = range.min || range.max;
  const bool written = RawSetting(conf, fraction.key).has_value();
  if (!written && !bounded) return;
  const Result<double> value = ReadDouble(conf, fraction.key, version);
  if (!value.ok()) return;
  double wanted = *value;
  if (range.min && !(wanted >= *range.min)) wanted = *range.min;  // NaN counts as too low
  if (range.max && wanted > *range.max) wanted = *range.max;
  if (wanted != *value) {
    const bool low = !(*value >= wanted);
    const std::string bound = PrintNumber(wanted);
    verdict.push_back(Replace(conf, low ? "memory fraction too low" : "memory fraction too high",
                              Severity::kMedium, fraction.key, bound,
                              Join({"the policy wants at ", low ? "least " : "most ", bound})));
  } else if (written && !range.min && *value<fraction.low&& * value> 0) {
    verdict.push_back(
        WarnAbout(conf, "memory fraction too low", Severity::kLow, fraction.key, fraction.too_low));
  } else if (written && !range.max && *value > fraction.high && *value < 1) {
    verdict.push_back(WarnAbout(conf, "memory fraction too high", Severity::kLow, fraction.key,
                                fraction.too_high));
  }
}

Verdict Judge(const Workload& workload, const Context& context) {
  const SparkConf& conf = workload.conf;
  const SparkVersion version = workload.versions.runtime;
  Verdict verdict;
  JudgeFraction(conf, version, kMemory, context.policy.limits.memory_fraction, verdict);
  JudgeFraction(conf, version, kStorage, context.policy.limits.storage_fraction, verdict);
  for (const Dead& dead : kDead) {
    if (!conf.Has(dead.key)) continue;
    verdict.push_back(Warn("dead memory setting", Severity::kLow,
                           Join({dead.key, ": Spark reads it no more and says nothing; ",
                                 dead.instead, " is what divides the heap"}),
                           {std::string(dead.key)}));
  }
  return verdict;
}

}  // namespace

const Rule kMemoryFractions = {"memory-fractions", "the heap is divided within the policy's bounds",
                               &Judge};

}  // namespace ballast::policy
