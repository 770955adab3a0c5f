#include "policy/spark_memory.h"

#include <gtest/gtest.h>

#include <random>

#include "policy/spark_size.h"
#include "policy/workload.h"

namespace ballast::policy {
namespace {

constexpr SparkVersion k35{3, 5};
constexpr SparkVersion k40{4, 0};
constexpr SparkVersion k41{4, 1};
constexpr SparkVersion k43{4, 3};

struct PodRow {
  std::string_view name;
  Language language;
  SparkConf conf;
  int64_t driver_mib;
  int64_t executor_mib;
};

TEST(SparkMemory, SizesOfThePods) {
  const PodRow rows[] = {
      {"Defaults", Language::kJvm, {}, 1408, 1408},
      {"DefaultsOfPython", Language::kPython, {}, 1433, 1433},
      {"DefaultsOfR", Language::kR, {}, 1433, 1433},
      {"FactorPassesTheFloor", Language::kJvm, {{"spark.executor.memory", "3850m"}}, 1408, 4235},
      {"FactorAtTheFloor", Language::kJvm, {{"spark.executor.memory", "3849m"}}, 1408, 4233},
      {"TheTuningGuides",
       Language::kJvm,
       {{"spark.executor.memory", "28g"}, {"spark.executor.memoryOverhead", "4g"}},
       1408,
       32768},
      {"AWrittenOverheadHasNoFloor",
       Language::kJvm,
       {{"spark.driver.memoryOverhead", "0"}, {"spark.executor.memoryOverhead", "1m"}},
       1024,
       1025},
      {"OffHeapCountsForExecutorsAlone",
       Language::kJvm,
       {{"spark.memory.offHeap.enabled", "true"}, {"spark.memory.offHeap.size", "2g"}},
       1408,
       3456},
      {"PySparkMemoryCountsForPythonAlone",
       Language::kR,
       {{"spark.executor.pyspark.memory", "2g"}},
       1433,
       1433},
      {"PySparkMemory", Language::kPython, {{"spark.executor.pyspark.memory", "2g"}}, 1433, 3481},
      {"TheDriversFactorStaysItsOwn",
       Language::kPython,
       {{"spark.driver.memoryOverheadFactor", "1"}},
       2048,
       1433},
  };
  for (const PodRow& row : rows) {
    const auto driver = DriverShape(row.conf, row.language, k35);
    const auto executor = ExecutorShape(row.conf, row.language, k35);
    ASSERT_TRUE(driver.ok() && executor.ok()) << row.name;
    EXPECT_EQ(driver->memory(), Mebibytes(row.driver_mib)) << row.name;
    EXPECT_EQ(executor->memory(), Mebibytes(row.executor_mib)) << row.name;
  }
}

TEST(SparkMemory, TheFloorOfOverheadIsASettingFrom40) {
  const SparkConf conf{{"spark.executor.minMemoryOverhead", "1g"}};
  EXPECT_EQ(ExecutorShape(conf, Language::kJvm, k35)->overhead, Mebibytes(384));
  EXPECT_EQ(ExecutorShape(conf, Language::kJvm, k40)->overhead, Mebibytes(1024));
}

TEST(SparkMemory, CpuRequestAndLimit) {
  const SparkConf conf{{"spark.executor.cores", "4"},
                       {"spark.task.cpus", "2"},
                       {"spark.kubernetes.executor.request.cores", "500m"},
                       {"spark.kubernetes.executor.limit.cores", "1.5"}};
  const auto shape = ExecutorShape(conf, Language::kJvm, k41);
  EXPECT_EQ(shape->cpu, Millis(500));
  EXPECT_EQ(shape->cpu_limit, Millis(1500));
  EXPECT_EQ(shape->slots, 2);
  const SparkConf under{{"spark.kubernetes.executor.limit.cores", "999m"}};
  EXPECT_TRUE(ExecutorShape(under, Language::kJvm, k40).ok());
  EXPECT_EQ(ExecutorShape(under, Language::kJvm, k41).error(),
            (Error{"spark.kubernetes.executor.limit.cores",
                   "The executor cpu request (1) should be less than or equal to cpu limit "
                   "(999m)"}));
}

TEST(SparkMemory, CustomResourcesBindTheSlots) {
  SparkConf conf{{"spark.executor.cores", "8"},
                 {"spark.executor.resource.gpu.amount", "2"},
                 {"spark.task.resource.gpu.amount", "0.5"}};
  EXPECT_EQ(ExecutorShape(conf, Language::kJvm, k40).error().where,
            "spark.executor.resource.gpu.vendor");
  conf.Set("spark.executor.resource.gpu.vendor", "nvidia.com");
  EXPECT_EQ(ExecutorShape(conf, Language::kJvm, k40)->slots, 4);
  conf.Set("spark.task.resource.gpu.amount", "2");
  EXPECT_EQ(ExecutorShape(conf, Language::kJvm, k40)->slots, 1);
  conf.Set("spark.task.resource.gpu.amount", "0.6");
  EXPECT_FALSE(ExecutorShape(conf, Language::kJvm, k40).ok());
}

// spark.task.resource.cpus is a task's cpus, spark.executor.resource.cores what tasks share; the
// pod is as its settings say.
TEST(SparkMemory, ResourcesNamedLikePartsOfTheProfile) {
  struct {
    std::string_view key;
    std::string_view amount;
    int64_t slots;  // 0: none, Spark refuses
  } const rows[] = {
      {"spark.task.resource.cpus.amount", "2", 4},
      {"spark.task.resource.cpus.amount", "9", 0},
      {"spark.executor.resource.cores.amount", "3", 3},
      {"spark.executor.resource.cpus.amount", "5", 5},
      {"spark.executor.resource.memory.amount", "5", 8},
      {"spark.task.resource.memory.amount", "1", 0},
      {"spark.task.resource.cores.amount", "1", 0},
  };
  for (const auto& row : rows) {
    SparkConf conf{{"spark.executor.cores", "8"}, {row.key, row.amount}};
    const std::string resource(row.key.substr(0, row.key.rfind('.')));
    if (resource.starts_with("spark.executor.")) conf.Set(resource + ".vendor", "v");
    const auto shape = ExecutorShape(conf, Language::kJvm, k40);
    ASSERT_TRUE(shape.ok()) << row.key;
    EXPECT_EQ(shape->slots, row.slots) << row.key << " " << row.amount;
    EXPECT_EQ(shape->cpu, Cores(8)) << row.key;
    EXPECT_EQ(shape->heap, Mebibytes(1024)) << row.key;
  }
}

TEST(SparkMemory, CpusOfATaskAreAnyNumberFrom43) {
  const auto slots = [](std::string_view amount, SparkVersion version) -> int64_t {
    const SparkConf conf{{"spark.executor.cores", "8"},
                         {"spark.task.resource.cpus.amount", amount}};
    const auto shape = ExecutorShape(conf, Language::kJvm, version);
    return shape.ok() ? shape->slots : -1;
  };
  EXPECT_EQ(slots("1.5", k41), -1);
  EXPECT_EQ(slots("1.5", k43), 5);
  EXPECT_EQ(slots("2147483647", k43), 0);
  EXPECT_EQ(slots("2147483648", k43), -1);
}

TEST(SparkMemory, AnEmptyVendorWillDoForTheDriver) {
  const SparkConf conf{{"spark.driver.resource.gpu.amount", "1"},
                       {"spark.driver.resource.gpu.vendor", ""},
                       {"spark.executor.resource.gpu.amount", "1"},
                       {"spark.executor.resource.gpu.vendor", ""}};
  EXPECT_TRUE(DriverShape(conf, Language::kJvm, k40).ok());
  EXPECT_EQ(ExecutorShape(conf, Language::kJvm, k40).error().where,
            "spark.executor.resource.gpu.vendor");
  EXPECT_EQ(
      DriverShape({{"spark.driver.resource.gpu.amount", "1"}}, Language::kJvm, k40).error().where,
      "spark.driver.resource.gpu.vendor");
}

TEST(SparkMemory, ReferencesInCores) {
  const SparkConf conf{{"spark.executor.cores", "4"},
                       {"spark.kubernetes.driver.request.cores", "${spark.executor.cores}"},
                       {"spark.kubernetes.executor.request.cores", "${spark.driver.cores}500m"},
                       {"spark.kubernetes.executor.limit.cores", "${spark.executor.cores}"}};
  EXPECT_EQ(DriverShape(conf, Language::kJvm, k41)->cpu, Cores(4));
  EXPECT_EQ(ExecutorShape(conf, Language::kJvm, k41)->cpu, Millis(1500));
  EXPECT_EQ(ExecutorShape(conf, Language::kJvm, k41)->cpu_limit, Cores(4));
  const SparkConf unknown{{"spark.kubernetes.executor.request.cores", "${env:CORES}"}};
  EXPECT_FALSE(ExecutorShape(unknown, Language::kJvm, k41).ok());
}

// The driver hands its factor on, where it is 0.4 unless a setting says another.
TEST(SparkMemory, AnExecutorsFactorThatRefersToTheDrivers) {
  const SparkConf conf{
      {"spark.executor.memory", "4g"},
      {"spark.executor.memoryOverheadFactor", "${spark.kubernetes.memoryOverheadFactor}"}};
  EXPECT_EQ(ExecutorShape(conf, Language::kPython, k40)->memory(), Mebibytes(5734));
  EXPECT_EQ(ExecutorShape(conf, Language::kJvm, k40)->memory(), Mebibytes(4505));
}

TEST(SparkMemory, RegionsOfAHeap) {
  const auto regions = RegionsOf({}, int64_t{1} << 30, /*driver=*/true, k35);
  ASSERT_TRUE(regions.ok());
  EXPECT_EQ(regions->reserved, 314572800);
  EXPECT_EQ(regions->unified, 455501414);
  EXPECT_EQ(regions->storage, 227750707);
  EXPECT_EQ(regions->execution, 227750707);
  EXPECT_EQ(regions->user, regions->usable - regions->unified);
}

TEST(SparkMemory, AHeapAtTheFloorAndUnderIt) {
  EXPECT_TRUE(RegionsOf({}, 471859200, true, k40).ok());
  EXPECT_EQ(RegionsOf({}, 471859199, true, k40).error(),
            (Error{"spark.driver.memory",
                   "[INVALID_DRIVER_MEMORY] System memory 471859199 must be at least 471859200.\n"
                   "Please increase heap size using the --driver-memory option or "
                   "\"spark.driver.memory\" in Spark configuration. SQLSTATE: F0000"}));
  // Without a unit the memory manager reads bytes where the pod has MiB.
  const SparkConf bytes{{"spark.executor.memory", "2048"}};
  EXPECT_FALSE(RegionsOf(bytes, int64_t{2} << 30, false, k40).ok());
}

// Law: more heap never makes a smaller pod, and nothing wraps.
TEST(SparkMemory, MonotoneAndSaturating) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 2000; ++i) {
    const auto less = static_cast<int64_t>(random() >> (1 + random() % 60));
    const int64_t more = SaturatingAdd(less, static_cast<int64_t>(random() >> (1 + random() % 60)));
    const auto shape = [](int64_t mebibytes) {
      const std::string text = std::to_string(mebibytes) + "m";
      return *ExecutorShape(SparkConf{{"spark.executor.memory", text}}, Language::kPython, k40);
    };
    const PodShape small = shape(less);
    const PodShape large = shape(more);
    ASSERT_LE(small.memory(), large.memory()) << less << " " << more;
    ASSERT_GE(small.memory(), small.heap);
  }
}

TEST(Workload, CountsExecutors) {
  EXPECT_EQ(CountExecutors({}, k35)->instances, 2);
  const auto count = CountExecutors({{"spark.dynamicAllocation.enabled", "true"},
                                     {"spark.dynamicAllocation.minExecutors", "2"},
                                     {"spark.dynamicAllocation.maxExecutors", "10"},
                                     {"spark.executor.instances", "5"}},
                                    k35);
  EXPECT_EQ(*count, (ExecutorCount{true, 0, 2, 5, 10}));
  EXPECT_FALSE(CountExecutors({{"spark.executor.instances", "x"}}, k35).ok());
}

TEST(Workload, APodIsItsContainersOrItsLargestInitContainer) {
  PodShape shape;
  shape.heap = Mebibytes(1024);
  shape.cpu = Cores(1);
  PodExtras extras;
  extras.sidecar_memory = Mebibytes(100);
  extras.init_memory = Mebibytes(1124);
  extras.init_cpu = Cores(2);
  EXPECT_EQ(PodMemory(shape, extras), Mebibytes(1124));
  EXPECT_EQ(PodCpu(shape, extras), Cores(2));
  extras.init_memory = Mebibytes(1125);
  EXPECT_EQ(PodMemory(shape, extras), Mebibytes(1125));
}

}  // namespace
}  // namespace ballast::policy
