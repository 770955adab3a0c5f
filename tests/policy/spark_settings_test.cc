#include "policy/spark_settings.h"

#include <gtest/gtest.h>

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
  const SparkConf conf{{"spark.executor.memory", "${spark.driver.memory}"},
                       {"spark.driver.memory", "3g"},
                       {"spark.driver.memoryOverhead", "${spark.driver.memoryOverhead}"},
                       {"spark.driver.maxResultSize", "${env:SIZE}"}};
  EXPECT_EQ(*ReadInteger(conf, "spark.executor.memory", k40), 3072);
  EXPECT_FALSE(ReadOptionalInteger(conf, "spark.driver.memoryOverhead", k40).ok());
  EXPECT_FALSE(ReadInteger(conf, "spark.driver.maxResultSize", k40).ok());
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
