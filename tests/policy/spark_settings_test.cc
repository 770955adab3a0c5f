#include "policy/spark_settings.h"

#include <gtest/gtest.h>

#include "policy/spark_reference.h"

namespace ballast::policy {
namespace {

constexpr SparkVersion k33{3, 3};
constexpr SparkVersion k34{3, 4};
constexpr SparkVersion k40{4, 0};
constexpr SparkVersion k41{4, 1};
constexpr SparkVersion k42{4, 2};
constexpr SparkVersion k43{4, 3};

TEST(SparkSettings, EverySettingIsFoundAndItsDefaultIsRead) {
  for (const Setting& setting : AllSettings()) {
    EXPECT_EQ(FindSetting(setting.key), &setting);
    for (const SparkVersion version : KnownSparkVersions()) {
      const std::string_view text = setting.DefaultIn(version);
      if (text.empty() || setting.type == SettingType::kText) continue;
      if (setting.type == SettingType::kDouble) {
        EXPECT_TRUE(ReadDouble({}, setting, version).ok()) << setting.key;
      } else {
        EXPECT_TRUE(ReadInteger({}, setting, version).ok()) << setting.key;
      }
    }
  }
  EXPECT_EQ(FindSetting("spark.no.such"), nullptr);
}

TEST(SparkSettings, KnowsTheDefaultOfEachVersion) {
  const auto number = [](std::string_view key, SparkVersion version) {
    return *ReadInteger({}, key, version);
  };
  EXPECT_EQ(number("spark.executor.memory", k33), 1024);
  EXPECT_EQ(number("spark.kubernetes.allocation.batch.size", k34), 5);
  EXPECT_EQ(number("spark.kubernetes.allocation.batch.size", k41), 10);
  EXPECT_EQ(number("spark.kubernetes.allocation.batch.size", k42), 20);
  EXPECT_FALSE(*ReadBoolean({}, "spark.dynamicAllocation.shuffleTracking.enabled", k33));
  EXPECT_TRUE(*ReadBoolean({}, "spark.dynamicAllocation.shuffleTracking.enabled", k34));
}

TEST(SparkSettings, TheNewKeyBeatsTheOldOne) {
  const SparkConf both{{"spark.executor.memoryOverhead", "1g"},
                       {"spark.yarn.executor.memoryOverhead", "2g"}};
  EXPECT_EQ(**ReadOptionalInteger(both, "spark.executor.memoryOverhead", k40), 1024);
  const SparkConf old{{"spark.yarn.executor.memoryOverhead", "700"}};
  EXPECT_EQ(**ReadOptionalInteger(old, "spark.executor.memoryOverhead", k40), 700);
  EXPECT_EQ(SpellingOf(old, "spark.executor.memoryOverhead"), "spark.yarn.executor.memoryOverhead");
  EXPECT_EQ(ReadOptionalInteger({}, "spark.executor.memoryOverhead", k40)->has_value(), false);
}

TEST(SparkSettings, AnOldSpellingKeepsItsUnit) {
  const SparkConf conf{{"spark.kryoserializer.buffer.mb", "0.064"}};
  EXPECT_EQ(*ReadInteger(conf, "spark.kryoserializer.buffer", k40), 64);
  EXPECT_EQ(RawSetting(conf, "spark.kryoserializer.buffer"), "0.064");
  const SparkConf bad{{"spark.kryoserializer.buffer.mb", "x"}};
  EXPECT_FALSE(ReadInteger(bad, "spark.kryoserializer.buffer", k40).ok());
}

TEST(SparkSettings, FallsBackToAnotherSetting) {
  const SparkConf conf{{"spark.dynamicAllocation.minExecutors", "3"}};
  EXPECT_EQ(*ReadInteger(conf, "spark.dynamicAllocation.initialExecutors", k40), 3);
}

TEST(SparkSettings, ResolvesReferences) {
  struct {
    std::string_view text;  // of spark.driver.memoryOverhead
    SparkVersion version;
    int64_t want;  // MiB; -1: Spark refuses it, -2: it is not known here
  } const rows[] = {
      {"${spark.driver.memory}", k40, 3072},
      {"${spark.executor.memory}", k40, 1024},  // its default
      {"1${spark.driver.cores}g", k40, 12288},
      {"${spark.a}", k40, 5},
      {"${spark.dynamicAllocation.initialExecutors}", k40, 7},                   // that of another
      {"${spark.dynamicAllocation.sustainedSchedulerBacklogTimeout}", k40, -1},  // 1s
      {"${spark.memory.offHeap.size}", k40, 0},                                  // 0b
      {"${spark.kryoserializer.buffer}", k40, 1},                                // 1500k
      {"${spark.driver.minMemoryOverhead}", k40, 384},
      {"${spark.driver.minMemoryOverhead}", k34, -1},  // no setting yet
      {"${spark.executor.memoryOverhead}", k40, -1},   // unset, without a default
      {"${spark.driver.memoryOverhead}", k40, -1},     // comes back to itself
      {"${a}", k40, -1},
      {"${ spark.driver.memory}", k40, -1},
      {"${}", k40, -1},
      {"${}${spark.driver.memory}", k40, -1},
      {"${a ${spark.driver.memory}", k40, -1},
      {"${env:SIZE}", k40, -2},
      {"${system:size}", k40, -2},
      {"${spark.port.maxRetries}", k40, -2},  // Spark has a default, Ballast has no use for it
      {"${spark.sql.shuffle.partitions}", k40, -2},
  };
  for (const auto& row : rows) {
    const SparkConf conf{{"spark.driver.memoryOverhead", row.text},
                         {"spark.driver.memory", "3g"},
                         {"spark.driver.cores", "2"},
                         {"spark.a", "${spark.b}"},
                         {"spark.b", "5m"},
                         {"spark.dynamicAllocation.minExecutors", "7"},
                         {"spark.kryoserializer.buffer.mb", "1.5"}};
    const auto value = ReadOptionalInteger(conf, "spark.driver.memoryOverhead", row.version);
    const bool unknown = !value.ok() && value.error().what.ends_with(kNotKnownHere);
    EXPECT_EQ(value.ok() ? **value : unknown ? -2 : -1, row.want) << row.text;
  }
}

// What has no end is passed over once, not from each of its beginnings.
TEST(SparkSettings, ReferencesWithoutAnEndCostTheirLength) {
  std::string text;
  for (int i = 0; i < 1'000'000; ++i) text += "${ ${";
  SparkConf conf;
  conf.Set("spark.driver.memoryOverhead", text + "}");
  EXPECT_FALSE(ReadOptionalInteger(conf, "spark.driver.memoryOverhead", k40).ok());
}

TEST(SparkSettings, ChecksAtTheLimitAndOverIt) {
  struct {
    std::string_view key;
    std::string_view text;
    SparkVersion version;
    bool ok;
  } const rows[] = {
      {"spark.task.maxDirectResultSize", "2147483648", k33, true},
      {"spark.task.maxDirectResultSize", "2147483631", k34, true},
      {"spark.task.maxDirectResultSize", "2147483632", k34, false},
      {"spark.shuffle.file.buffer", "2097151k", k40, true},
      {"spark.shuffle.file.buffer", "2097152k", k40, false},
      {"spark.kubernetes.allocation.batch.delay", "100ms", k34, true},
      {"spark.kubernetes.allocation.batch.delay", "100ms", k40, false},
      {"spark.kubernetes.allocation.batch.delay", "101ms", k40, true},
      {"spark.sql.shuffle.partitions", "1", k40, true},
      {"spark.sql.shuffle.partitions", "0", k40, false},
      {"spark.memory.offHeap.size", "0", k40, true},
      {"spark.memory.offHeap.size", "-1", k40, false},
      {"spark.task.cpus", "0", k41, true},
      {"spark.task.cpus", "0", k42, false},
      {"spark.task.cpus", "0.5", k42, false},
      {"spark.task.cpus", "0.5", k43, true},
      {"spark.task.cpus", "2147483647", k43, true},
      {"spark.task.cpus", "2147483648", k43, false},
  };
  for (const auto& row : rows) {
    const SparkConf conf{{row.key, row.text}};
    EXPECT_EQ(ReadInteger(conf, row.key, row.version).ok(), row.ok) << row.key << " " << row.text;
  }
}

TEST(SparkSettings, SaysWhatIsWrongInTheWordsOfTheVersion) {
  const SparkConf conf{{"spark.driver.cores", "1.5"}};
  EXPECT_EQ(ReadInteger(conf, "spark.driver.cores", k40).error(),
            (Error{"spark.driver.cores", "spark.driver.cores should be int, but was 1.5"}));
  EXPECT_EQ(ReadInteger(conf, "spark.driver.cores", k41).error().what,
            "[INVALID_CONF_VALUE.TYPE_MISMATCH] The value '1.5' in the config "
            "\"spark.driver.cores\" is invalid. It should be a/an 'int' value. SQLSTATE: 22022");
  const SparkConf buffer{{"spark.shuffle.file.buffer", "-1"}};
  EXPECT_EQ(ReadInteger(buffer, "spark.shuffle.file.buffer", k40).error().what,
            "'-1' in spark.shuffle.file.buffer is invalid. The file buffer size must be positive "
            "and less than or equal to 2097151.");
}

}  // namespace
}  // namespace ballast::policy
