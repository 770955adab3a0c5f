// Pods that their templates size, through the whole engine: what is capped, what is refused, what
// is not looked at; and executors that a gang scheduler was told of.
#include "policy/given_pod.h"

#include <gtest/gtest.h>

#include <string>

#include "policy/evaluate.h"
#include "tests/policy/rules/cluster_case.h"

namespace ballast::policy {
namespace {

ClusterScene Scene(const ConfMap& conf) {
  ClusterScene scene = {WorkloadOf(conf), BuiltInPolicy(), {}};
  scene.cluster.known = true;
  scene.cluster.classes = {NodesOf("node", 100, Cores(10), Gibibytes(39))};
  scene.policy.rules["executor-shape"] = Mode::kEnforce;
  scene.policy.rules["driver-shape"] = Mode::kEnforce;
  scene.policy.rules["cluster-share"] = Mode::kEnforce;
  scene.policy.rules["serializer"] = Mode::kEnforce;
  return scene;
}

// Three workers of 8 GiB and 4 cores, a master of 2 GiB.
ClusterScene Standing() {
  ClusterScene scene = Scene(
      {{"cluster.initWorkers", "3"}, {"cluster.minWorkers", "3"}, {"cluster.maxWorkers", "3"}});
  scene.workload.driver_given =
      GivenPod{.memory_request = Gibibytes(2), .cpu_request = Cores(1), .heap = Gibibytes(1)};
  scene.workload.executor_given = GivenPod{
      .memory_request = Gibibytes(8), .cpu_request = Cores(4), .heap = Gibibytes(7), .slots = 4};
  return scene;
}

// A server of 4 GiB with a heap of 2.
ClusterScene Server() {
  ClusterScene scene = Scene({{"spark.driver.memory", "2g"}, {"spark.executor.memory", "4g"}});
  scene.workload.driver_given = GivenPod{.memory_request = Gibibytes(4), .cpu_request = Cores(2)};
  return scene;
}

// Executors that are to be split, of a gang.
ClusterScene Gang() {
  ClusterScene scene = Scene({{"spark.executor.memory", "60g"},
                              {"spark.executor.cores", "8"},
                              {"spark.executor.instances", "20"}});
  scene.workload.gang = "yunikorn.apache.org/task-groups in /spec/driver/annotations";
  return scene;
}

struct Case {
  const char* name;
  ClusterScene (*make)();
  void (*arrange)(ClusterScene&);
  const char* want;  // verdict; then one line a finding that acts, and the settings that changed
};

std::string AnswerOf(ClusterScene scene) {
  Derive(scene.workload);
  const Decision decision = Evaluate(scene.workload, scene.policy, scene.cluster);
  std::string text(Name(decision.verdict));
  for (const Finding& finding : decision.findings) {
    if (finding.action == Action::kWarn) continue;
    text += "\n" + std::string(finding.rule) + ": " + finding.message;
  }
  for (const SettingChange& change :
       SparkConf::Difference(decision.before.conf, decision.after.conf)) {
    text += "\n" + change.key + "=" + change.value.value_or("-");
  }
  // What came out is left as it is.
  const Decision again = Evaluate(decision.after, scene.policy, scene.cluster);
  EXPECT_EQ(again.after.conf, decision.after.conf);
  return text;
}

const Case kCases[] = {
    {"AClusterThatFits", Standing, [](ClusterScene&) {}, "Admitted"},
    // Its settings are for applications that come later.
    {"NoSettingIsAskedOfACluster", Standing,
     [](ClusterScene& scene) {
       scene.policy.rules["memory-overhead"] = Mode::kEnforce;
       scene.policy.limits.executor.overhead_factor.min = 0.5;
       scene.policy.limits.executor.overhead_factor.apply_to = OverheadScope::kAll;
     },
     "Admitted"},
    {"AWorkerThatFillsTheNode", Standing,
     [](ClusterScene& scene) { scene.workload.executor_given->memory_request = Gibibytes(39); },
     "Admitted"},
    {"AWorkerOverIt", Standing,
     [](ClusterScene& scene) { scene.workload.executor_given->memory_request = Gibibytes(40); },
     "Rejected\nexecutor-fits-node: a worker pod of 40 GiB and 4 cores fits no node; the largest "
     "node has 39 GiB and 10 cores: lower what its pod template requests, and have more of them"},
    {"NoWorkersAtAll", Standing,
     [](ClusterScene& scene) {
       scene.workload.conf.Set("cluster.initWorkers", "0");
       scene.workload.executor_given->memory_request = Gibibytes(40);
     },
     "Admitted"},
    {"AMasterOverTheNode", Standing,
     [](ClusterScene& scene) { scene.workload.driver_given->cpu_request = Cores(11); },
     "Rejected\ndriver-fits-node: a master pod of 2 GiB and 11 cores fits no node; the largest "
     "node has 39 GiB and 10 cores: lower what its pod template requests"},
    {"AWorkerOverThePolicy", Standing,
     [](ClusterScene& scene) { scene.policy.limits.executor.memory.max = Gibibytes(4); },
     "Rejected\nexecutor-shape: a worker pod of 8 GiB is over the policy's 4Gi: lower what its pod "
     "template requests"},
    {"AWorkerAtThePolicysLimit", Standing,
     [](ClusterScene& scene) { scene.policy.limits.executor.memory.max = Gibibytes(8); },
     "Admitted"},
    {"AMasterOverThePolicy", Standing,
     [](ClusterScene& scene) { scene.policy.limits.driver.cores.max = Millis(500); },
     "Rejected\ndriver-shape: a master pod of 1 core is over the policy's 500m: lower what its pod "
     "template requests"},
    {"WorkersAreCapped", Standing,
     [](ClusterScene& scene) { scene.policy.limits.application.executors.max = 2; },
     "Rewritten\ncluster-share: 3 workers of 8 GiB and 4 cores become 2, the policy's most, 4 of "
     "12 task slots less\ncluster.initWorkers=2\ncluster.maxWorkers=2\ncluster.minWorkers=2"},
    {"TheAutoscalersBoundIsCapped", Standing,
     [](ClusterScene& scene) {
       scene.workload.conf.Set("cluster.maxWorkers", "40");
       scene.policy.limits.application.executors.max = 10;
     },
     "Rewritten\ncluster-share: up to 40 workers of 8 GiB and 4 cores become 10, the policy's "
     "most, 120 of 160 task slots less\ncluster.maxWorkers=10"},
    {"AServerThatFits", Server, [](ClusterScene&) {}, "Admitted"},
    {"AServersHeapIsCapped", Server,
     [](ClusterScene& scene) { scene.policy.limits.driver.heap.max = Gibibytes(1); },
     "Rewritten\ndriver-shape: the server's heap of 2g is outside the policy's limits; use "
     "1g\nspark.driver.memory=1g"},
    {"AServersPodIsRefused", Server,
     [](ClusterScene& scene) { scene.policy.limits.driver.memory.max = Gibibytes(3); },
     "Rejected\ndriver-shape: a server pod of 4 GiB is over the policy's 3Gi: lower what its pod "
     "template requests"},
    {"AServerThatFitsNoNode", Server,
     [](ClusterScene& scene) { scene.workload.driver_given->memory_request = Gibibytes(64); },
     "Rejected\ndriver-fits-node: a server pod of 64 GiB and 2 cores fits no node; the largest "
     "node has 39 GiB and 10 cores: lower what its pod template requests"},
    {"AGangIsNotSplit", Gang, [](ClusterScene&) {},
     "Rejected\nexecutor-fits-node: an executor pod of 66 GiB and 8 cores fits no node; the "
     "largest node has 39 GiB and 10 cores; 20 executors of 66 GiB and 8 cores become 40 "
     "executors of 33.1 GiB and 4 cores, 160 task slots; each executor holds its own copy of "
     "broadcasts and its own shuffle connections; refused, because "
     "yunikorn.apache.org/task-groups in /spec/driver/annotations says how many pods of which "
     "size start together: change both"},
    {"NorMadeSmaller", Gang,
     [](ClusterScene& scene) {
       scene.workload.conf.Set("spark.executor.memory", "20g");
       scene.policy.limits.application.executors.max = 10;
     },
     "Rejected\ncluster-share: 20 executors of 22 GiB and 8 cores become 10, the policy's most, "
     "80 of 160 task slots less; refused, because yunikorn.apache.org/task-groups in "
     "/spec/driver/annotations says how many pods of which size start together: change both"},
    // Its size stays what it was.
    {"ButItsSettingsAreRewritten", Gang,
     [](ClusterScene& scene) {
       scene.workload.conf.Set("spark.executor.memory", "20g");
       scene.workload.conf.Set("spark.kryoserializer.buffer.max", "2g");
     },
     "Rewritten\nkryo-buffer: spark.kryoserializer.buffer.max=2g: Spark refuses 2048 MiB and more; "
     "use 2047m\nspark.kryoserializer.buffer.max=2047m"},
};

TEST(GivenPod, IsHeldToTheSameLimits) {
  for (const Case& test : kCases) {
    ClusterScene scene = test.make();
    test.arrange(scene);
    EXPECT_EQ(AnswerOf(std::move(scene)), test.want) << test.name;
  }
}

TEST(GivenPod, AWorkerThatOffersMoreThanItsPodHasIsWarnedOf) {
  const auto told = [](ByteSize offered, std::optional<ByteSize> requested) {
    ClusterScene scene = Standing();
    scene.workload.executor_given->heap = offered;
    scene.workload.executor_given->memory_request = requested;
    Derive(scene.workload);
    const Decision decision = Evaluate(scene.workload, scene.policy, scene.cluster);
    EXPECT_EQ(decision.verdict, VerdictKind::kAdmitted);
    return decision.findings.empty() ? "" : decision.findings[0].message;
  };
  EXPECT_EQ(told(Gibibytes(8), Gibibytes(8)), "");
  EXPECT_EQ(told(Gibibytes(9), Gibibytes(8)),
            "a worker offers executors 9 GiB (SPARK_WORKER_MEMORY), more than the 8 GiB that its "
            "pod requests");
  EXPECT_EQ(told(Gibibytes(8), std::nullopt), "") << "it requests nothing, which is told of";
}

// Quotas look at request and limit apart.
TEST(GivenPod, RequestsTheLimitWhereOnlyThatIsWritten) {
  const PodShape shape =
      ShapeOf({.memory_limit = Gibibytes(2), .cpu_limit = Cores(1)}, Gibibytes(3));
  EXPECT_EQ(shape.memory(), Gibibytes(2));
  EXPECT_EQ(shape.overhead, ByteSize());
  EXPECT_EQ(shape.cpu, Cores(1));
  EXPECT_EQ(ShapeOf({}, Gibibytes(1)).memory(), ByteSize());
}

}  // namespace
}  // namespace ballast::policy
