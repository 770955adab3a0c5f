#include "k8s/kinds/spark_connect.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "k8s/json_text.h"
#include "k8s/patch.h"
#include "tests/k8s/documents.h"

namespace ballast::k8s {
namespace {

using policy::Cores;
using policy::Mebibytes;
using policy::Workload;

std::string Connect(const std::string& spec) {
  return R"({"apiVersion":"sparkoperator.k8s.io/v1alpha1","kind":"SparkConnect",
             "metadata":{"name":"connect","namespace":"team"},"spec":)" +
         spec + "}";
}

Workload Read(const std::string& spec, const ReadOptions& options = {}) {
  const ReadDocument document(Connect(spec));
  auto workload = kSparkConnect.normalise(document.view(), options);
  EXPECT_TRUE(workload.ok()) << spec << ": " << workload.error().where << " "
                             << workload.error().what;
  if (!workload.ok()) return {};
  Derive(*workload);
  return *workload;
}

// As the operator's own example has it.
constexpr const char* kExample = R"({
    "sparkVersion":"4.0.1","image":"spark:4.0.1",
    "server":{"cores":2,"memory":"1g","template":{"spec":{"containers":[
        {"name":"proxy","resources":{"requests":{"memory":"64Mi"}}},
        {"name":"spark-kubernetes-driver",
         "resources":{"requests":{"cpu":1,"memory":"2Gi"},"limits":{"cpu":"2","memory":"3Gi"}}}]}}},
    "executor":{"instances":3,"cores":2,"memory":"4g"}})";

TEST(SparkConnect, TheServersPodIsWhatItsTemplateSays) {
  const Workload workload = Read(kExample);
  const policy::PodShape& server = *workload.sizes.driver;
  EXPECT_EQ(server.memory(), Mebibytes(2048));
  EXPECT_EQ(server.heap, Mebibytes(1024));
  EXPECT_EQ(server.overhead, Mebibytes(1024));
  EXPECT_EQ(server.memory_limit, Mebibytes(3072));
  EXPECT_EQ(server.cpu, Cores(1));
  EXPECT_EQ(server.cpu_limit, Cores(2));
  EXPECT_EQ(workload.driver_extras.sidecar_memory, Mebibytes(64));
  EXPECT_EQ(workload.conf.ToMap(),
            (std::map<std::string, std::string>{{"spark.driver.cores", "2"},
                                                {"spark.driver.memory", "1g"},
                                                {"spark.executor.cores", "2"},
                                                {"spark.executor.memory", "4g"},
                                                {"spark.executor.instances", "3"}}));
  EXPECT_EQ(workload.sizes.executor->memory(), Mebibytes(4096 + 409));
  EXPECT_EQ(workload.sizes.executors->instances, 3);
}

TEST(SparkConnect, WhatIsLeftOutIsSparksOwnDefault) {
  const Workload workload = Read(R"({"sparkVersion":"4.0.1","server":{},"executor":{}})");
  EXPECT_EQ(workload.sizes.driver->memory(), policy::ByteSize());
  EXPECT_EQ(workload.sizes.driver->heap, Mebibytes(1024));
  EXPECT_EQ(workload.sizes.driver->cpu, policy::MilliCpu());
  EXPECT_EQ(workload.sizes.executors->instances, 2);
  EXPECT_EQ(workload.sizes.executor->memory(), Mebibytes(1408));
}

// Where only a limit is written, Kubernetes requests it.
TEST(SparkConnect, ALimitAloneIsRequested) {
  const Workload workload = Read(R"({"server":{"template":{"spec":{"containers":[
      {"name":"any","resources":{"limits":{"cpu":"500m","memory":"2Gi"}}}]}}},"executor":{}})");
  EXPECT_EQ(workload.sizes.driver->memory(), Mebibytes(2048));
  EXPECT_EQ(workload.sizes.driver->cpu, policy::Millis(500));
}

TEST(SparkConnect, TheServersOwnSparkStartsIt) {
  ReadOptions options;
  options.operator_version = policy::SparkVersion{3, 5};
  EXPECT_EQ(Read(R"({"sparkVersion":"4.0.1"})", options).versions,
            (policy::SparkVersions{{4, 0}, {4, 0}}));
}

TEST(SparkConnect, DynamicAllocationIsThatOfTheOtherKinds) {
  const Workload workload = Read(R"({"dynamicAllocation":{"enabled":true,"minExecutors":1,
      "maxExecutors":9},"hadoopConf":{"fs.x":"1"},"executor":{}})");
  EXPECT_TRUE(workload.sizes.executors->dynamic);
  EXPECT_EQ(workload.sizes.executors->max, 9);
  EXPECT_EQ(workload.conf.Get("spark.dynamicAllocation.shuffleTracking.enabled"), "true");
  EXPECT_EQ(workload.conf.Get("spark.hadoop.fs.x"), "1");
  EXPECT_FALSE(workload.conf.Has("spark.executor.instances"));
}

// Of this kind the operator takes a key with the prefix for what it is.
TEST(SparkConnect, HadoopKeysMayBeWhole) {
  const ReadDocument document(
      Connect(R"({"hadoopConf":{"spark.hadoop.fs.x":"1","fs.y":"2"},"executor":{}})"));
  const auto before = kSparkConnect.normalise(document.view(), {});
  ASSERT_TRUE(before.ok());
  EXPECT_EQ(before->conf.Get("spark.hadoop.fs.x"), "1");
  EXPECT_EQ(before->conf.Get("spark.hadoop.fs.y"), "2");
  EXPECT_FALSE(before->conf.Has("spark.hadoop.spark.hadoop.fs.x"));
  Workload after = *before;
  after.conf.Set("spark.hadoop.fs.x", "3");
  after.conf.Set("spark.hadoop.fs.y", "4");
  EXPECT_EQ(ToJson(kSparkConnect.render(document.view(), *before, after)), ParseJson(R"([
              {"op":"replace","path":"/spec/hadoopConf/spark.hadoop.fs.x","value":"3"},
              {"op":"replace","path":"/spec/hadoopConf/fs.y","value":"4"}])"));
  EXPECT_EQ(kSparkConnect.touched->named({{"replace", "/spec/hadoopConf/spark.hadoop.fs.x", "3"}}),
            std::vector<std::string>{"spark.hadoop.fs.x"});
}

// What a template in a file lets a pod tolerate is not known; one that is written here is.
TEST(SparkConnect, CountsNoTaintWhereATemplateIsInAFile) {
  const std::vector<policy::Taint> taints = {{"gpu", "yes", "NoSchedule"}};
  const std::string conf =
      R"({"sparkConf":{"spark.kubernetes.executor.podTemplateFile":"/t.yaml"})";
  const Workload in_a_file = Read(conf + "}");
  EXPECT_TRUE(Tolerates(in_a_file.executor_placement.tolerations, taints));
  EXPECT_FALSE(Tolerates(in_a_file.driver_placement.tolerations, taints));
  const Workload here = Read(conf + R"(,"executor":{"template":{"spec":{"containers":[]}}}})");
  EXPECT_FALSE(Tolerates(here.executor_placement.tolerations, taints));
}

TEST(SparkConnect, SettingsReachSparkThroughAShell) {
  const ReadDocument document(Connect(R"({"executor":{},"hadoopConf":{"fs.x":"'a b'"},
      "sparkConf":{"spark.executor.memory":"'8g'","spark.executor.extraJavaOptions":"-Da -Db"}})"));
  const auto before = kSparkConnect.normalise(document.view(), {});
  ASSERT_TRUE(before.ok());
  EXPECT_EQ(before->conf.Get("spark.executor.memory"), "8g");
  EXPECT_EQ(before->conf.Get("spark.hadoop.fs.x"), "a b");
  EXPECT_EQ(before->conf.Get("spark.executor.extraJavaOptions"), "-Da -Db");
  ASSERT_EQ(before->overridden.size(), 1U);
  EXPECT_TRUE(before->overridden[0].by_shell);
  EXPECT_EQ(before->overridden[0].losing_path, "/spec/sparkConf/spark.executor.extraJavaOptions");
  Workload after = *before;
  after.conf.Set("spark.executor.extraJavaOptions", "-Dc -Dd");
  after.conf.Set("spark.executor.memory", "4g");
  EXPECT_EQ(ToJson(kSparkConnect.render(document.view(), *before, after)), ParseJson(R"([
      {"op":"replace","path":"/spec/sparkConf/spark.executor.extraJavaOptions","value":"'-Dc -Dd'"},
      {"op":"replace","path":"/spec/sparkConf/spark.executor.memory","value":"4g"}])"));
}

TEST(SparkConnect, MistakesNameThePlaceAndTheRemedy) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"server":{"cores":"2"}})", "/spec/server/cores"},
      {R"({"executor":{"instances":-1}})", "/spec/executor/instances"},
      {R"({"server":{"template":{"spec":{"containers":[{"resources":{"requests":
          {"memory":"2 GB"}}}]}}}})",
       "/spec/server/template/spec/containers/0/resources/requests/memory"},
  };
  for (const auto& [spec, where] : cases) {
    const ReadDocument document(Connect(spec));
    const auto workload = kSparkConnect.normalise(document.view(), {});
    ASSERT_FALSE(workload.ok()) << spec;
    EXPECT_EQ(workload.error().where, where);
  }
}

TEST(SparkConnect, NeverWritesThePodTemplate) {
  EXPECT_TRUE(kSparkConnect.may_patch("/spec/server/memory"));
  EXPECT_FALSE(
      kSparkConnect.may_patch("/spec/server/template/spec/containers/0/resources/requests/memory"));
  EXPECT_FALSE(kSparkConnect.may_patch("/spec/server/template"));
}

}  // namespace
}  // namespace ballast::k8s
