#include "webhook/text/explain_text.h"

#include <gtest/gtest.h>

#include <sstream>

namespace ballast::webhook {
namespace {

using Settings = std::vector<std::pair<std::string_view, std::string_view>>;

policy::Workload WorkloadOf(Settings settings, policy::Language language = policy::Language::kJvm) {
  policy::Workload workload;
  workload.conf = policy::SparkConf(std::move(settings));
  workload.language = language;
  workload.versions = {{3, 5}, {3, 5}};
  policy::Derive(workload);
  return workload;
}

std::string TextOf(Settings settings, policy::Language language = policy::Language::kJvm) {
  return ExplainText(WorkloadOf(std::move(settings), language), Paint(false));
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(ExplainText, IsATreeWithWhatEachPartIsFor) {
  EXPECT_EQ(
      TextOf({{"spark.executor.memory", "28g"},
              {"spark.executor.memoryOverhead", "4g"},
              {"spark.executor.cores", "4"},
              {"spark.executor.instances", "200"}}),
      "driver  asks Kubernetes for 1408Mi (1.4 GiB) and 1 cpu\n"
      "  ├─ heap             1,024 MiB  ███████████▋░░░░  spark.driver.memory is not set: 1g\n"
      "  │  ├─ reserved        300 MiB  ███▍░░░░░░░░░░░░  Spark's own objects, always\n"
      "  │  ├─ user          289.6 MiB  ███▎░░░░░░░░░░░░  your own objects and UDFs, unmanaged\n"
      "  │  └─ unified       434.4 MiB  ████▉░░░░░░░░░░░  0.6 of the heap less reserved\n"
      "  │     ├─ storage    217.2 MiB  ██▌░░░░░░░░░░░░░  cached data, broadcasts; may be "
      "borrowed\n"
      "  │     └─ execution  217.2 MiB  ██▌░░░░░░░░░░░░░  shuffles, joins, sorts; shared by the "
      "tasks\n"
      "  └─ overhead           384 MiB  ████▍░░░░░░░░░░░  threads, buffers: 0.1 of heap, at least "
      "384 MiB\n"
      "\n"
      "executor  asks Kubernetes for 32768Mi (32 GiB) and 4 cpu; runs 4 tasks at once\n"
      "  ├─ heap               28,672 MiB  ██████████████░░  spark.executor.memory = 28g\n"
      "  │  ├─ reserved           300 MiB  ▏░░░░░░░░░░░░░░░  Spark's own objects, always\n"
      "  │  ├─ user          11,348.8 MiB  █████▌░░░░░░░░░░  your own objects and UDFs, unmanaged\n"
      "  │  └─ unified       17,023.2 MiB  ████████▎░░░░░░░  0.6 of the heap less reserved\n"
      "  │     ├─ storage     8,511.6 MiB  ████▏░░░░░░░░░░░  cached data, broadcasts; may be "
      "borrowed\n"
      "  │     └─ execution   8,511.6 MiB  ████▏░░░░░░░░░░░  shuffles, joins, sorts; shared by the "
      "tasks\n"
      "  └─ overhead            4,096 MiB  ██░░░░░░░░░░░░░░  spark.executor.memoryOverhead = 4g\n"
      "  per task: 7,168 MiB of heap, 8,192 MiB of the pod\n"
      "\n"
      "executors: 200\n"
      "Spark version: 3.5\n");
}

TEST(ExplainText, OfPodsThatTheirTemplatesSize) {
  policy::Workload workload = WorkloadOf({{"cluster.initWorkers", "2"}});
  workload.driver_given = policy::GivenPod{.heap = policy::Gibibytes(1)};
  workload.executor_given = policy::GivenPod{.memory_request = policy::Gibibytes(8),
                                             .cpu_request = policy::Cores(4),
                                             .heap = policy::Gibibytes(7),
                                             .slots = 4};
  policy::Derive(workload);
  EXPECT_EQ(ExplainText(workload, Paint(false)),
            "master  asks Kubernetes for nothing: its pod template has no requests\n"
            "\n"
            "worker  asks Kubernetes for 8192Mi (8 GiB) and 4 cpu; runs 4 tasks at once\n"
            "  ├─ offered   7,168 MiB  ██████████████░░  to executors: SPARK_WORKER_MEMORY, or the "
            "rest\n"
            "  └─ overhead  1,024 MiB  ██░░░░░░░░░░░░░░  the rest of what its pod template "
            "requests\n"
            "  per task: 1,792 MiB of what is offered, 2,048 MiB of the pod\n"
            "\n"
            "workers: 2\n"
            "Spark version: 3.5\n");
}

TEST(ExplainText, OfADriverAloneNoExecutors) {
  const std::string text = TextOf({{"spark.kubernetes.driver.master", "local[10]"}});
  EXPECT_TRUE(Has(text, "\n\nexecutors: 0\n")) << text;
  EXPECT_FALSE(Has(text, "executor  asks")) << text;
}

TEST(ExplainText, NamesWhatIsBesideTheHeap) {
  const std::string text = TextOf({{"spark.executor.memory", "8g"},
                                   {"spark.memory.offHeap.enabled", "true"},
                                   {"spark.memory.offHeap.size", "2g"},
                                   {"spark.executor.pyspark.memory", "1g"},
                                   {"spark.executor.memoryOverheadFactor", "0.2"}},
                                  policy::Language::kPython);
  const std::string executor = text.substr(text.find("executor  asks"));
  EXPECT_TRUE(Has(executor, "├─ overhead           1,638 MiB")) << executor;
  EXPECT_TRUE(Has(executor, "spark.executor.memoryOverheadFactor = 0.2 of the heap\n"));
  EXPECT_TRUE(Has(executor, "├─ off-heap           2,048 MiB")) << executor;
  EXPECT_TRUE(Has(executor, "spark.memory.offHeap.size = 2g, without GC\n"));
  EXPECT_TRUE(Has(executor, "└─ PySpark            1,024 MiB")) << executor;
  EXPECT_TRUE(Has(executor, "spark.executor.pyspark.memory = 1g: Python workers' limit\n"));
  // Neither is in the driver's pod.
  EXPECT_FALSE(Has(text.substr(0, text.find("executor  asks")), "off-heap"));
}

struct TextCase {
  const char* name;
  Settings settings;
  const char* want;
};

TEST(ExplainText, SaysWhereANumberComesFrom) {
  const TextCase cases[] = {
      {"AnOldSpelling",
       {{"spark.yarn.executor.memoryOverhead", "1g"}},
       "spark.yarn.executor.memoryOverhead = 1g\n"},
      {"TheKubernetesFactor",
       {{"spark.kubernetes.memoryOverheadFactor", "0.3"}},
       "spark.kubernetes.memoryOverheadFactor = 0.3 of the heap\n"},
      {"TheFraction",
       {{"spark.memory.fraction", "0.75"}},
       "spark.memory.fraction = 0.75 of the heap less reserved\n"},
      {"ALimitOfCpu",
       {{"spark.kubernetes.executor.request.cores", "500m"},
        {"spark.kubernetes.executor.limit.cores", "2"}},
       " and 500m cpu, limit 2; runs 1 task at once\n"},
      {"Dynamic",
       {{"spark.dynamicAllocation.enabled", "true"},
        {"spark.dynamicAllocation.shuffleTracking.enabled", "true"},
        {"spark.dynamicAllocation.minExecutors", "2"},
        {"spark.dynamicAllocation.maxExecutors", "1000"}},
       "executors: dynamic, from 2 to 1,000, beginning with 2\n"},
      {"DynamicWithoutABound",
       {{"spark.dynamicAllocation.enabled", "true"},
        {"spark.dynamicAllocation.shuffleTracking.enabled", "true"}},
       "executors: dynamic, from 0 to any number (no maximum is set), beginning with 0\n"},
      {"WhatSparkRefuses",
       {{"spark.executor.memory", "banana"}},
       "Spark would refuse to start (submitArgs, spark.executor.memory):\n"},
      {"WhatCannotBeSized",
       {{"spark.executor.memory", "banana"}},
       "executor: this pod cannot be sized: spark.executor.memory: "},
      {"WhatIsKnownOnlyWhereSparkRuns",
       {{"spark.executor.memoryOverhead", "${env:SIZE}"}},
       "This cannot be told (executor, spark.executor.memoryOverhead):\n  ${env:SIZE} stands for "},
  };
  for (const TextCase& test : cases) {
    const std::string text = TextOf(test.settings);
    EXPECT_TRUE(Has(text, test.want)) << test.name << "\n" << text;
  }
}

TEST(ExplainText, AnAssumedVersionIsCalledSo) {
  policy::Workload workload = WorkloadOf({});
  workload.version_known = false;
  EXPECT_TRUE(
      Has(ExplainText(workload, Paint(false)), "Spark version: 3.5 (not named; assumed)\n"));
  workload.version_known = true;
  workload.spark_version_text = "3.9.1";
  EXPECT_TRUE(Has(ExplainText(workload, Paint(false)), "Spark version: 3.5 (for 3.9.1)\n"));
}

}  // namespace
}  // namespace ballast::webhook
