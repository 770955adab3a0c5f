#include "k8s/kinds/spark_cluster.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "k8s/json_text.h"
#include "k8s/patch.h"
#include "tests/k8s/documents.h"

namespace ballast::k8s {
namespace {

using nlohmann::json;
using policy::Cores;
using policy::ExecutorCount;
using policy::Gibibytes;
using policy::Mebibytes;
using policy::Workload;

std::string Cluster(const std::string& spec) {
  return R"({"apiVersion":"spark.apache.org/v1","kind":"SparkCluster",
             "metadata":{"name":"prod","namespace":"team"},"spec":)" +
         spec + "}";
}

Workload Read(const std::string& spec) {
  const ReadDocument document(Cluster(spec));
  auto workload = kSparkCluster.normalise(document.view(), {});
  EXPECT_TRUE(workload.ok()) << spec << ": " << workload.error().where << " "
                             << workload.error().what;
  if (!workload.ok()) return {};
  Derive(*workload);
  return *workload;
}

// A worker's container with this in it.
std::string Worker(const std::string& members) {
  return R"({"workerSpec":{"statefulSetSpec":{"template":{"spec":{"containers":[
      {"name":"worker",)" +
         members + R"(}]}}}}})";
}

TEST(SparkCluster, PodsAreWhatTheTemplatesSay) {
  const Workload workload = Read(R"({
      "runtimeVersions":{"sparkVersion":"4.2.0"},
      "clusterTolerations":{"instanceConfig":{"initWorkers":3,"minWorkers":3,"maxWorkers":3}},
      "sparkConf":{"spark.executor.memory":"not judged"},
      "masterSpec":{"statefulSetSpec":{"template":{"spec":{"containers":[
          {"name":"sidecar","resources":{"requests":{"memory":"10Mi"}}},
          {"name":"master","resources":{"requests":{"cpu":"2","memory":"2Gi"}}}]}}}},
      "workerSpec":{"statefulSetSpec":{
          "volumeClaimTemplates":[{},{}],
          "template":{"spec":{"nodeSelector":{"pool":"spark"},"containers":[
              {"name":"worker","resources":{"requests":{"cpu":"3","memory":"8Gi"},
                                            "limits":{"cpu":"4","memory":"9Gi"}}}]}}}}})");
  EXPECT_TRUE(workload.standing());
  EXPECT_EQ(workload.sizes.driver->memory(), Gibibytes(2));
  EXPECT_EQ(workload.sizes.driver->heap, Gibibytes(1));
  EXPECT_EQ(workload.driver_extras.sidecar_memory, Mebibytes(10));
  EXPECT_EQ(workload.sizes.executor->memory(), Gibibytes(8));
  EXPECT_EQ(workload.sizes.executor->memory_limit, Gibibytes(9));
  EXPECT_EQ(workload.sizes.executor->heap, Gibibytes(8));  // 9 GiB less the daemon's
  EXPECT_EQ(workload.sizes.executor->cpu, Cores(3));
  EXPECT_EQ(workload.sizes.executor->slots, 4);
  EXPECT_EQ(workload.sizes.executors->instances, 3);
  EXPECT_EQ(workload.executor_placement.node_selector.at("pool"), "spark");
  EXPECT_EQ(workload.claims_per_executor, 2);
  EXPECT_EQ(
      workload.conf.ToMap(),
      (std::map<std::string, std::string>{
          {"cluster.initWorkers", "3"}, {"cluster.minWorkers", "3"}, {"cluster.maxWorkers", "3"}}));
}

struct OfferCase {
  const char* container;
  int64_t heap_mib;
  int64_t slots;
};

TEST(SparkCluster, AWorkerOffersWhatItsEnvironmentSaysOrItHas) {
  const OfferCase cases[] = {
      {R"("resources":{"limits":{"cpu":"2500m","memory":"4Gi"}})", 3072, 3},
      {R"("resources":{"limits":{"memory":"1Gi"}})", 0, 0},
      {R"("image":"spark")", 0, 0},
      {R"("env":[{"name":"SPARK_WORKER_MEMORY","value":"2g"},
                 {"name":"SPARK_WORKER_CORES","value":"6"}],
          "resources":{"limits":{"cpu":"2","memory":"4Gi"}})",
       2048, 6},
      {R"("env":[{"name":"SPARK_WORKER_MEMORY","valueFrom":{}},
                 {"name":"SPARK_WORKER_CORES","value":"many"}],
          "resources":{"limits":{"cpu":"2","memory":"4Gi"}})",
       3072, 2},
      // More than an int64 holds: the end of it.
      {R"("resources":{"limits":{"cpu":"49223372036854775807","memory":"4Gi"}})", 3072,
       9223372036854776},
  };
  for (const OfferCase& test : cases) {
    const Workload workload = Read(Worker(test.container));
    EXPECT_EQ(workload.sizes.executor->heap, Mebibytes(test.heap_mib)) << test.container;
    EXPECT_EQ(workload.sizes.executor->slots, test.slots) << test.container;
  }
}

struct CountCase {
  const char* config;
  ExecutorCount want;
};

TEST(SparkCluster, WorkersAreCountedByInstanceConfig) {
  const CountCase cases[] = {
      {R"({"initWorkers":3,"minWorkers":3,"maxWorkers":3})", {.instances = 3}},
      {R"({"initWorkers":3})", {.instances = 3}},
      {R"({"minWorkers":1,"maxWorkers":4})", {.dynamic = true, .min = 1, .max = 4}},
      {R"({"initWorkers":2,"minWorkers":1,"maxWorkers":4})",
       {.dynamic = true, .min = 1, .initial = 2, .max = 4}},
      // It begins with more than its autoscaler will leave.
      {R"({"initWorkers":9,"minWorkers":1,"maxWorkers":4})",
       {.dynamic = true, .min = 1, .initial = 9, .max = 9}},
      {"{}", {}},
  };
  for (const CountCase& test : cases) {
    const Workload workload =
        Read(R"({"clusterTolerations":{"instanceConfig":)" + std::string(test.config) + "}}");
    EXPECT_EQ(*workload.sizes.executors, test.want) << test.config;
  }
  EXPECT_EQ(*Read("{}").sizes.executors, ExecutorCount{});
}

TEST(SparkCluster, OnlyTheNumberOfWorkersIsWritten) {
  const ReadDocument document(Cluster(R"({"clusterTolerations":{"instanceConfig":
      {"initWorkers":30,"minWorkers":3,"maxWorkers":40}}})"));
  const auto before = kSparkCluster.normalise(document.view(), {});
  Workload after = *before;
  after.conf.Set("cluster.initWorkers", "20");
  after.conf.Set("cluster.maxWorkers", "20");
  const Patch patch = kSparkCluster.render(document.view(), *before, after);
  EXPECT_EQ(ToJson(patch), ParseJson(R"([
      {"op":"replace","path":"/spec/clusterTolerations/instanceConfig/initWorkers","value":20},
      {"op":"replace","path":"/spec/clusterTolerations/instanceConfig/maxWorkers","value":20}])"));
  EXPECT_TRUE(ProvePatch(kSparkCluster, document.view(), patch, *before, after, {}).ok());
  EXPECT_FALSE(kSparkCluster.may_patch("/spec/sparkConf/spark.executor.memory"));
  EXPECT_FALSE(kSparkCluster.may_patch("/spec/workerSpec/statefulSetSpec/replicas"));
}

TEST(SparkCluster, MistakesNameThePlace) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("x")", "/spec"},
      {R"({"clusterTolerations":{"instanceConfig":{"initWorkers":"3"}}})",
       "/spec/clusterTolerations/instanceConfig/initWorkers"},
      {R"({"clusterTolerations":{"instanceConfig":{"maxWorkers":-1}}})",
       "/spec/clusterTolerations/instanceConfig/maxWorkers"},
      {R"({"masterSpec":{"statefulSetSpec":{"template":{"spec":{"containers":1}}}}})",
       "/spec/masterSpec/statefulSetSpec/template/spec/containers"},
  };
  for (const auto& [spec, where] : cases) {
    const ReadDocument document(Cluster(spec));
    const auto workload = kSparkCluster.normalise(document.view(), {});
    ASSERT_FALSE(workload.ok()) << spec;
    EXPECT_EQ(workload.error().where, where);
  }
}

}  // namespace
}  // namespace ballast::k8s
