#include "policy/rules/rules.h"
#include "tests/policy/rules/cluster_case.h"

namespace ballast::policy {
namespace {

TEST(ExecutorShape, SaysWhatTheUserSees) {
  const ClusterCase cases[] = {
      {"NoLimits", {{"spark.executor.memory", "500g"}}, nullptr, ""},
      {"HeapAtTheLimit",
       {},
       [](ClusterScene& scene) { scene.policy.limits.executor.heap.max = Gibibytes(28); },
       ""},
      {"HeapOverIt",
       {{"spark.executor.memory", "28673m"}},
       [](ClusterScene& scene) { scene.policy.limits.executor.heap.max = Gibibytes(28); },
       "rewrite: an executor's heap of 28673m is over the policy's 28g; 200 executors "
       "of 32 GiB and 4 cores become 400 executors of 16.1 GiB and 2 cores, 800 task "
       "slots; each executor holds its own copy of broadcasts and its own shuffle "
       "connections [spark.executor.cores=2, spark.executor.memory=14487m, "
       "spark.executor.memoryOverhead=2g, spark.executor.instances=400]"},
      {"PodMemoryOverIt",
       {},
       [](ClusterScene& scene) { scene.policy.limits.executor.memory.max = Gibibytes(31); },
       "rewrite: an executor's pod of 32 GiB is over the policy's 31Gi; 200 executors "
       "of 32 GiB and 4 cores become 400 executors of 16.1 GiB and 2 cores, 800 task "
       "slots; each executor holds its own copy of broadcasts and its own shuffle "
       "connections [spark.executor.cores=2, spark.executor.memory=14486m, "
       "spark.executor.memoryOverhead=2g, spark.executor.instances=400]"},
      {"CoresOverIt",
       {},
       [](ClusterScene& scene) { scene.policy.limits.executor.cores.max = Cores(2); },
       "rewrite: an executor's size of 4 cores is over the policy's 2; 200 executors "
       "of 32 GiB and 4 cores become 400 executors of 16.1 GiB and 2 cores, 800 task "
       "slots; each executor holds its own copy of broadcasts and its own shuffle "
       "connections [spark.executor.cores=2, spark.executor.memory=14486m, "
       "spark.executor.memoryOverhead=2g, spark.executor.instances=400]"},
      {"OneTaskIsTooLarge",
       {{"spark.executor.cores", "1"}},
       [](ClusterScene& scene) { scene.policy.limits.executor.heap.max = Gibibytes(20); },
       "reject: an executor's heap of 28g is over the policy's 20g; one task's share "
       "is 32 GiB and 1 core (heap 28g), outside the policy's at most 20 GiB of heap"},
      // As it is the executor breaks no rule that is enforced; the reason is told all the same.
      {"OneTaskIsTooLargeForARuleThatWarns",
       {{"spark.executor.cores", "1"}},
       [](ClusterScene& scene) {
         scene.policy.limits.executor.heap.max = Gibibytes(20);
         scene.policy.rules["executor-shape"] = Mode::kWarn;
       },
       "reject: an executor's heap of 28g is over the policy's 20g; one task's share "
       "is 32 GiB and 1 core (heap 28g), outside the policy's at most 20 GiB of heap"},
      {"HeapUnderTheLeast",
       {{"spark.executor.memory", "1023m"}},
       [](ClusterScene& scene) { scene.policy.limits.executor.heap.min = Gibibytes(1); },
       "rewrite: an executor's heap of 1023m is under the policy's 1g; use 200 "
       "executors of 5 GiB and 4 cores [spark.executor.memory=1g]"},
      {"HeapAtTheLeast",
       {{"spark.executor.memory", "1g"}},
       [](ClusterScene& scene) { scene.policy.limits.executor.heap.min = Gibibytes(1); },
       ""},
      {"PodUnderTheLeast",
       {},
       [](ClusterScene& scene) { scene.policy.limits.executor.memory.min = Gibibytes(33); },
       "rewrite: an executor's pod of 32 GiB is under the policy's 33Gi; use 200 "
       "executors of 33 GiB and 4 cores [spark.executor.memory=29g]"},
      {"PodUnderTheLeastWhoseOverheadGrowsToo",
       {{"spark.executor.memory", "1g"}, {"spark.executor.memoryOverhead", ""}},
       [](ClusterScene& scene) {
         scene.policy.limits.executor.memory = {Gibibytes(16), Gibibytes(16)};
       },
       "rewrite: an executor's pod of 1.3 GiB is under the policy's 16Gi; use 200 "
       "executors of 16 GiB and 4 cores [spark.executor.memory=14895m]"},
      {"CoresUnderTheLeast",
       {{"spark.executor.memory", "4g"},
        {"spark.executor.memoryOverhead", ""},
        {"spark.executor.cores", "1"}},
       [](ClusterScene& scene) { scene.policy.limits.executor.cores.min = Cores(2); },
       "rewrite: an executor's size of 1 core is under the policy's 2; use 100 "
       "executors of 8.4 GiB and 2 cores [spark.executor.cores=2, "
       "spark.executor.instances=100, spark.executor.memory=7892m]"},
      {"RequestUnderTheLeast",
       {{"spark.kubernetes.executor.request.cores", "500m"}},
       [](ClusterScene& scene) { scene.policy.limits.executor.cores.min = Cores(2); },
       "rewrite: an executor's request of 0.5 cores is under the policy's 2; use 200 "
       "executors of 32 GiB and 2 cores [spark.kubernetes.executor.request.cores=2]"},
      {"RequestAndItsLimitUnderTheLeast",
       {{"spark.kubernetes.executor.request.cores", "500m"},
        {"spark.kubernetes.executor.limit.cores", "1"}},
       [](ClusterScene& scene) {
         scene.workload.versions = {{4, 1}, {4, 1}};
         scene.policy.limits.executor.cores.min = Cores(2);
         scene.policy.limits.executor.heap.min = Gibibytes(29);
       },
       "rewrite: an executor's request of 0.5 cores is under the policy's 2; use 200 "
       "executors of 33 GiB and 2 cores [spark.executor.memory=29g, "
       "spark.kubernetes.executor.limit.cores=2, spark.kubernetes.executor.request.cores=2]"},
      {"RaisedOverTheMost",
       {{"spark.executor.cores", "1"}},
       [](ClusterScene& scene) {
         scene.policy.limits.executor.cores.min = Cores(2);
         scene.policy.limits.executor.heap.max = Gibibytes(32);
       },
       "reject: an executor's size of 1 core is under the policy's 2; raised, its "
       "heap of 57044m is over the policy's 32g"},
  };
  for (const ClusterCase& test : cases) CheckClusterCase(kExecutorShape, test);
}

}  // namespace
}  // namespace ballast::policy
