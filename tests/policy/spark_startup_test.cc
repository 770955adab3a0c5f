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

// From 4.0 on the launcher looks at words, before that for the text.
TEST(StartupRefusals, AHeapInTheDriversOptions) {
  struct {
    std::string_view options;
    bool ok35;
    bool ok43;
  } const rows[] = {
      {"-Xmx2g", false, false},          {"-Da=b \t-Xmx2g", false, false},
      {"'-Xmx2g'", false, false},        {"-Dx=-Xmx2g", false, true},
      {"-Dx=\"a -Xmx2g\"", false, true}, {"-X\"mx2g\"", true, false},
      {"-X\\mx2g", true, false},         {"-xmx2g", true, true},
      {"-Da='b", false, false},          {"-Da=b\\", false, false},
      {"-Da='b\\'", true, true},         {"", true, true},
  };
  for (const auto& row : rows) {
    for (const std::string_view key :
         {"spark.driver.extraJavaOptions", "spark.driver.defaultJavaOptions"}) {
      const SparkConf conf{{key, row.options}};
      EXPECT_EQ(Stages(conf, kAll35), row.ok35 ? "" : "driverXmx") << key << " " << row.options;
      EXPECT_EQ(Stages(conf, kAll43), row.ok43 ? "" : "driverXmx") << key << " " << row.options;
    }
  }
  // The launcher that looks is the one of the image.
  const SparkConf conf{{"spark.driver.extraJavaOptions", "-Dx=-Xmx2g"}};
  EXPECT_EQ(Stages(conf, {{3, 5}, {4, 3}}), "");
  EXPECT_EQ(Stages(conf, {{4, 3}, {3, 5}}), "driverXmx");
}

// Of settings that do not size the pods.
TEST(StartupRefusals, WhatElseStopsThePods) {
  struct {
    SparkConf conf;
    std::string want35;
    std::string want43;
  } const rows[] = {
      {{{"spark.driver.host", "a"}}, "driver", "driver"},
      {{{"spark.driver.host", "a"}, {"spark.kubernetes.submitInDriver", "true"}}, "", ""},
      {{{"spark.driver.bindAddress", "0.0.0.0"}}, "driver", "driver"},
      {{{"spark.driver.port", "7078"}}, "", ""},
      {{{"spark.driver.port", " 7078"}}, "driver executor", "driver executor"},
      {{{"spark.blockManager.port", "1024"}}, "", ""},
      {{{"spark.blockManager.port", "1023"}}, "executor", "executor"},
      {{{"spark.ui.port", "a"}}, "driver", "driver"},
      {{{"spark.kubernetes.driver.label.spark-version", "1"}}, "driver", "driver"},
      {{{"spark.kubernetes.driver.label.spark-exec-id", "1"}}, "", ""},
      {{{"spark.kubernetes.executor.label.spark-exec-id", "1"}}, "executor", "executor"},
      {{{"spark.kubernetes.local.dirs.tmpfs", "yes"}}, "driver executor", "driver executor"},
      {{{"spark.kubernetes.executor.useDriverPodIP", "yes"}}, "", "executor"},
      {{{"spark.kubernetes.executor.terminationGracePeriodSeconds", "-1"}}, "", "executor"},
      {{{"spark.kubernetes.container.image.pullPolicy", "always"}},
       "driver executor",
       "driver executor"},
      {{{"spark.kubernetes.driver.service.ipFamilyPolicy", "RequireDualStack"}}, "", ""},
      {{{"spark.kubernetes.driver.service.ipFamilies", "IPv4, IPv6"}}, "driver", "driver"},
      {{{"spark.kerberos.keytab", "/k"}}, "driver", "driver"},
      {{{"spark.kerberos.keytab", "/k"}, {"spark.kerberos.principal", "p"}}, "", ""},
      {{{"spark.remote", "sc://a"}}, "submitArgs", "submitArgs"},
      {{{"spark.master.rest.enabled", "yes"}}, "submitArgs", "submitArgs"},
  };
  for (const auto& row : rows) {
    const auto& [key, value] = *row.conf.ToMap().begin();
    EXPECT_EQ(Stages(row.conf, kAll35), row.want35) << key << "=" << value;
    EXPECT_EQ(Stages(row.conf, kAll43), row.want43) << key << "=" << value;
  }
  const SparkConf python{{"spark.kubernetes.pyspark.pythonVersion", "2"}};
  EXPECT_EQ(StartupRefusals(python, Language::kPython, kAll35).size(), 1U);
  EXPECT_TRUE(StartupRefusals(python, Language::kPython, kAll43).empty());
  EXPECT_TRUE(StartupRefusals(python, Language::kJvm, kAll35).empty());
}

TEST(StartupRefusals, Volumes) {
  struct {
    std::string_view name;
    std::vector<std::pair<std::string, std::string>> volumes;  // without the prefix
    std::string what;  // of an executor's in 4.3; empty: nothing is refused
    bool also35 = true;
  } const rows[] = {
      {"EmptyDir", {{"emptyDir.a.mount.path", "/a"}}, ""},
      {"NoPath",
       {{"emptyDir.a.options.medium", "Memory"}},
       "spark.kubernetes.executor.volumes.emptyDir.a.mount.path is required for emptyDir"},
      {"NoSuchType",
       {{"hostpath.a.mount.path", "/a"}},
       "Kubernetes Volume type `hostpath` is not supported"},
      {"NoHostPath",
       {{"hostPath.a.mount.path", "/a"}},
       "spark.kubernetes.executor.volumes.hostPath.a.options.path is required for hostPath"},
      {"NoServer",
       {{"nfs.a.mount.path", "/a"}, {"nfs.a.options.path", "/b"}},
       "spark.kubernetes.executor.volumes.nfs.a.options.server is required for nfs"},
      {"Nfs",
       {{"nfs.a.mount.path", "/a"}, {"nfs.a.options.path", "/b"}, {"nfs.a.options.server", "c"}},
       ""},
      {"ReadOnlyUntrimmed",
       {{"emptyDir.a.mount.path", "/a"}, {"emptyDir.a.mount.readOnly", " true"}},
       "For input string: \" true\""},
      {"SizeAtTheLeast",
       {{"emptyDir.a.mount.path", "/a"}, {"emptyDir.a.options.sizeLimit", "1024"}},
       ""},
      {"SizeUnderTheLeast",
       {{"emptyDir.a.mount.path", "/a"}, {"emptyDir.a.options.sizeLimit", "1023"}},
       "Volume size `1023` is smaller than 1KiB. Missing units?",
       false},
      {"SizeWithAUnit",
       {{"emptyDir.a.mount.path", "/a"}, {"emptyDir.a.options.sizeLimit", "5Gi"}},
       ""},
      {"TwoAtOnePlace",
       {{"emptyDir.a.mount.path", "/a"}, {"emptyDir.b.mount.path", "/a"}},
       "Found duplicated mountPath: '/a'"},
  };
  for (const auto& row : rows) {
    SparkConf conf;
    for (const auto& [key, value] : row.volumes) {
      conf.Set("spark.kubernetes.executor.volumes." + key, value);
    }
    const auto refusals = StartupRefusals(conf, Language::kJvm, kAll43);
    EXPECT_EQ(refusals.empty() ? "" : refusals.back().message, row.what) << row.name;
    EXPECT_EQ(StartupRefusals(conf, Language::kJvm, kAll35).empty(),
              row.what.empty() || !row.also35)
        << row.name;
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
