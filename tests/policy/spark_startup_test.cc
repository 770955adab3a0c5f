#include "policy/spark_startup.h"

#include <gtest/gtest.h>

namespace ballast::policy {
namespace {

constexpr SparkVersions kAll35{{3, 5}, {3, 5}};
constexpr SparkVersions kAll43{{4, 3}, {4, 3}};

std::string Stages(const SparkConf& conf, SparkVersions versions) {
  std::string stages;
  for (const Refusal& refusal : StartupRefusals(conf, Language::kJvm, versions)) {
    stages += (stages.empty() ? "" : " ") + std::string(refusal.stage);
  }
  return stages;
}

TEST(StartupRefusals, EachStageByItself) {
  struct {
    std::string_view name;
    SparkConf conf;
    std::string want;
  } const rows[] = {
      {"Nothing", {}, ""},
      {"NoExecutors", {{"spark.executor.instances", "0"}}, "submitArgs"},
      {"NoExecutorsButDynamic",
       {{"spark.executor.instances", "0"}, {"spark.dynamicAllocation.enabled", "TRUE"}},
       ""},
      {"CoresWithABlank", {{"spark.driver.cores", " 2"}}, "submitArgs"},
      {"DriverFactor", {{"spark.driver.memoryOverheadFactor", "0"}}, "driver"},
      {"HeapInOptions", {{"spark.driver.extraJavaOptions", "-Xmx2g"}}, "driverXmx"},
      {"OpenQuote", {{"spark.driver.extraJavaOptions", "-Da=\"b"}}, "driverXmx"},
      {"Heartbeat", {{"spark.network.timeout", "10s"}}, "validateSettings"},
      {"ExecutorHeapInOptions",
       {{"spark.executor.extraJavaOptions", "-Xmx1g"}},
       "validateSettings"},
      {"TooFewCores", {{"spark.task.cpus", "2"}}, "taskSlots"},
      {"KryoUnderTheLimit", {{"spark.kryoserializer.buffer.max", "2047m"}}, ""},
      {"KryoAtTheLimit", {{"spark.kryoserializer.buffer.max", "2048m"}}, "kryo"},
      {"RpcAtTheLimit", {{"spark.rpc.message.maxSize", "2047"}}, ""},
      {"RpcOverTheLimit", {{"spark.rpc.message.maxSize", "2048"}}, "rpc"},
      {"SmallDriver", {{"spark.driver.memory", "449m"}}, "ummDriver"},
      {"SmallExecutor", {{"spark.executor.memory", "449m"}}, "ummDriver ummExecutor"},
      {"NoMaximum",
       {{"spark.dynamicAllocation.enabled", "true"}, {"spark.dynamicAllocation.maxExecutors", "0"}},
       "dynAlloc"},
      {"ExecutorFactor", {{"spark.executor.memoryOverheadFactor", "0"}}, "executor"},
      {"UnreadableExecutor",
       {{"spark.executor.memory", "1.5g"}},
       "submitArgs taskSlots ummDriver executor"},
  };
  for (const auto& row : rows) EXPECT_EQ(Stages(row.conf, kAll35), row.want) << row.name;
}

TEST(StartupRefusals, TheHeapFlagAsTheJvmReadsIt) {
  struct {
    std::string_view text;
    bool ok;
  } const rows[] = {
      {"1g", true},    {"2048M", true}, {"1T", true},           {" 2g ", true},
      {"", true},      {"1gb", false},  {"1024mb", false},      {"1Gi", false},
      {"1p", false},   {"2048", false}, {"1073741824b", false}, {"1073741824", true},
      {"1.5g", false}, {"-1g", false},  {"1999k", false},       {"9999999999999999999g", false},
  };
  for (const auto& row : rows) {
    const SparkConf conf{{"spark.driver.memory", row.text}};
    EXPECT_EQ(Stages(conf, kAll43).find("jvm") == std::string::npos, row.ok) << row.text;
  }
}

// The operator's Spark makes the driver pod, the application's image the rest.
TEST(StartupRefusals, TwoVersions) {
  const SparkConf conf{{"spark.executor.memory", "1Gi"}, {"spark.driver.memory", "1g"}};
  EXPECT_EQ(Stages(conf, {{4, 0}, {4, 2}}), "submitArgs");
  EXPECT_EQ(Stages(conf, {{4, 2}, {4, 0}}), "taskSlots ummDriver executor");
}

TEST(ContextRefusals, TimeoutsAtTheLimitAndUnderIt) {
  const auto refused = [](const SparkConf& conf) {
    const auto refusals = ContextRefusals(conf, {4, 3});
    return refusals.empty() ? std::string() : refusals.front().message;
  };
  EXPECT_EQ(refused({}), "");
  EXPECT_EQ(refused({{"spark.network.timeout", "60s"}}), "");
  EXPECT_EQ(refused({{"spark.network.timeout", "59999ms"}}),
            "requirement failed: spark.network.timeoutInterval should be less than or equal to "
            "spark.network.timeout.");
  EXPECT_EQ(refused({{"spark.network.timeout", "30s"}, {"spark.network.timeoutInterval", "30s"}}),
            "");
  EXPECT_EQ(refused({{"spark.storage.blockManagerHeartbeatTimeoutMs", "300s"},
                     {"spark.network.timeout", "30s"}}),
            "");
  EXPECT_NE(refused({{"spark.storage.blockManagerHeartbeatTimeoutMs", "59s"}}), "");
  EXPECT_NE(refused({{"spark.executor.heartbeatInterval", "0"}}), "");
  EXPECT_NE(refused({{"spark.rpc.message.maxSize", "0"}}), "");
  EXPECT_EQ(refused({{"spark.rpc.message.maxSize", "1"}}), "");
  EXPECT_NE(refused({{"spark.dynamicAllocation.enabled", "true"},
                     {"spark.dynamicAllocation.initialExecutors", "20"},
                     {"spark.dynamicAllocation.maxExecutors", "10"}}),
            "");
}

}  // namespace
}  // namespace ballast::policy
