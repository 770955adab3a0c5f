#include "policy/rules/rules.h"
#include "tests/policy/rules/cluster_case.h"

namespace ballast::policy {
namespace {

TEST(ClusterShare, SaysWhatTheUserSees) {
  const ClusterCase cases[] = {
      {"HalfIsNeverPlaced",
       {},
       nullptr,
       "warn: 200 executors of 32 GiB and 4 cores: only 100 can be placed at once (1 "
       "on a node), the others wait"},
      {"AllCanBePlaced", {{"spark.executor.instances", "100"}}, nullptr, ""},
      {"OneMoreThanCanBePlaced",
       {{"spark.executor.instances", "101"}},
       nullptr,
       "warn: 101 executors of 32 GiB and 4 cores: only 100 can be placed at once (1 "
       "on a node), the others wait"},
      {"TheDriverTakesThePlaceOfOne",
       {{"spark.executor.instances", "100"}},
       [](ClusterScene& scene) { scene.cluster.classes[0].allocatable.pods = 1; },
       "warn: 100 executors of 32 GiB and 4 cores: only 99 can be placed at once (1 on a node), "
       "the "
       "others wait"},
      {"MemoryShare",
       {},
       [](ClusterScene& scene) { scene.policy.limits.application.memory_share = 0.8; },
       "rewrite: 200 executors of 32 GiB and 4 cores become 97, 80 % of the nodes' "
       "3900 GiB, 412 of 800 task slots less; as asked only 100 can be placed at once "
       "(1 on a node) [spark.executor.instances=97]"},
      {"AtTheShare",
       {{"spark.executor.instances", "97"}},
       [](ClusterScene& scene) { scene.policy.limits.application.memory_share = 0.8; },
       ""},
      {"OverTheShare",
       {{"spark.executor.instances", "98"}},
       [](ClusterScene& scene) { scene.policy.limits.application.memory_share = 0.8; },
       "rewrite: 98 executors of 32 GiB and 4 cores become 97, 80 % of the nodes' "
       "3900 GiB, 4 of 392 task slots less [spark.executor.instances=97]"},
      {"CpuShare",
       {{"spark.executor.instances", "100"}},
       [](ClusterScene& scene) { scene.policy.limits.application.cpu_share = 0.2; },
       "rewrite: 100 executors of 32 GiB and 4 cores become 49, 20 % of the nodes' "
       "1000 cores, 204 of 400 task slots less [spark.executor.instances=49]"},
      {"AtAShareThatNoDoubleIs",
       {{"spark.executor.memory", "8g"},
        {"spark.executor.memoryOverhead", "1g"},
        {"spark.executor.cores", "3"},
        {"spark.executor.instances", "233"}},
       [](ClusterScene& scene) { scene.policy.limits.application.cpu_share = 0.7; },
       ""},
      {"OneExecutorAtAShareThatNoDoubleIs",
       {{"spark.driver.memory", "1g"},
        {"spark.driver.memoryOverhead", "1g"},
        {"spark.executor.memory", "3g"},
        {"spark.executor.memoryOverhead", "1g"},
        {"spark.executor.instances", "1"}},
       [](ClusterScene& scene) {
         scene.policy.limits.application.memory_share = 0.6;
         scene.cluster.classes = {NodesOf("node", 1, Cores(10), Gibibytes(10))};
       },
       ""},
      {"PodShare",
       {{"spark.executor.instances", "100"}},
       [](ClusterScene& scene) {
         scene.policy.limits.application.pod_share = 0.5;
         scene.cluster.classes[0].allocatable.pods = 1;
       },
       "rewrite: 100 executors of 32 GiB and 4 cores become 49, 50 % of the nodes' "
       "100 places for pods, 204 of 400 task slots less; as asked only 99 can be placed at once (1 "
       "on a node) [spark.executor.instances=49]"},
      {"SharesArePrintedAsTheyAreWritten",
       {{"spark.executor.instances", "73"}},
       [](ClusterScene& scene) { scene.policy.limits.application.cpu_share = 0.29; },
       "rewrite: 73 executors of 32 GiB and 4 cores become 72, 29 % of the nodes' "
       "1000 cores, 4 of 292 task slots less [spark.executor.instances=72]"},
      {"MostExecutors",
       {{"spark.executor.instances", "60"}},
       [](ClusterScene& scene) { scene.policy.limits.application.executors.max = 50; },
       "rewrite: 60 executors of 32 GiB and 4 cores become 50, the policy's most, 40 "
       "of 240 task slots less [spark.executor.instances=50]"},
      {"MostExecutorsWithoutACluster",
       {{"spark.executor.instances", "60"}},
       [](ClusterScene& scene) {
         scene.policy.limits.application.executors.max = 50;
         scene.cluster = {};
       },
       "rewrite: 60 executors of 32 GiB and 4 cores become 50, the policy's most, 40 "
       "of 240 task slots less [spark.executor.instances=50]"},
      {"TheFewestIsKept",
       {{"spark.executor.instances", "60"}},
       [](ClusterScene& scene) {
         scene.policy.limits.application.memory_share = 0.01;
         scene.policy.limits.application.executors.min = 5;
       },
       "rewrite: 60 executors of 32 GiB and 4 cores become 5, 1 % of the nodes' 3900 "
       "GiB, 220 of 240 task slots less [spark.executor.instances=5]"},
      {"DynamicWithoutAMaximum",
       {{"spark.dynamicAllocation.enabled", "true"}, {"spark.executor.instances", ""}},
       [](ClusterScene& scene) { scene.policy.limits.application.memory_share = 0.8; },
       "rewrite: executors of 32 GiB and 4 cores become 97, 80 % of the nodes' 3900 "
       "GiB [spark.dynamicAllocation.maxExecutors=97]"},
      {"DynamicAllThreeAreLowered",
       {{"spark.dynamicAllocation.enabled", "true"},
        {"spark.dynamicAllocation.minExecutors", "150"},
        {"spark.dynamicAllocation.initialExecutors", "160"},
        {"spark.dynamicAllocation.maxExecutors", "300"},
        {"spark.executor.instances", "10"}},
       [](ClusterScene& scene) { scene.policy.limits.application.memory_share = 0.8; },
       "rewrite: up to 300 executors of 32 GiB and 4 cores become 97, 80 % of the "
       "nodes' 3900 GiB, 812 of 1200 task slots less; as asked only 100 can be placed "
       "at once (1 on a node) [spark.dynamicAllocation.minExecutors=97, "
       "spark.dynamicAllocation.maxExecutors=97, "
       "spark.dynamicAllocation.initialExecutors=97]"},
      {"DynamicMayAskForMore", {{"spark.dynamicAllocation.enabled", "true"}}, nullptr, ""},
      {"NotEvenOne",
       {},
       [](ClusterScene& scene) { scene.policy.limits.application.memory_share = 0.005; },
       "reject: the driver and one executor of 32 GiB and 4 cores are more than 0.5 % "
       "of the nodes' 3900 GiB"},
  };
  for (const ClusterCase& test : cases) CheckClusterCase(kClusterShare, test);
}

}  // namespace
}  // namespace ballast::policy
