#include "policy/rules/rules.h"
#include "tests/policy/rules/cluster_case.h"

namespace ballast::policy {
namespace {

TEST(DriverShape, SaysWhatTheUserSees) {
  const ClusterCase cases[] = {
      {"NoLimits", {{"spark.driver.memory", "500g"}}, nullptr, ""},
      {"HeapAtTheLimit",
       {{"spark.driver.memory", "16g"}},
       [](ClusterScene& scene) { scene.policy.limits.driver.heap.max = Gibibytes(16); },
       ""},
      {"HeapOverIt",
       {{"spark.driver.memory", "20g"}},
       [](ClusterScene& scene) { scene.policy.limits.driver.heap.max = Gibibytes(16); },
       "rewrite: a driver pod of 22 GiB and 1 core (heap 20g) is outside the policy's "
       "limits; use 17.5 GiB and 1 core (heap 16g) [spark.driver.memory=16g]"},
      {"PodOverIt",
       {{"spark.driver.memory", "20g"}},
       [](ClusterScene& scene) { scene.policy.limits.driver.memory.max = Gibibytes(16); },
       "rewrite: a driver pod of 22 GiB and 1 core (heap 20g) is outside the policy's "
       "limits; use 16 GiB and 1 core (heap 14895m) [spark.driver.memory=14895m]"},
      {"OverheadAloneIsOver",
       {{"spark.driver.memoryOverhead", "20g"}},
       [](ClusterScene& scene) { scene.policy.limits.driver.memory.max = Gibibytes(16); },
       "reject: a driver pod of 22 GiB is over the policy's 16Gi, and its overhead of "
       "20 GiB leaves no heap under it"},
      {"HeapUnderTheLeast",
       {{"spark.driver.memory", "512m"}},
       [](ClusterScene& scene) { scene.policy.limits.driver.heap.min = Gibibytes(1); },
       "rewrite: a driver pod of 896 MiB and 1 core (heap 512m) is outside the "
       "policy's limits; use 1.3 GiB and 1 core (heap 1g) [spark.driver.memory=1g]"},
      {"CoresOverIt",
       {{"spark.driver.cores", "9"}},
       [](ClusterScene& scene) { scene.policy.limits.driver.cores.max = Cores(8); },
       "rewrite: a driver pod of 2.3 GiB and 9 cores (heap 2g) is outside the "
       "policy's limits; use 2.3 GiB and 8 cores (heap 2g) [spark.driver.cores=8]"},
      {"CoresUnderTheLeast",
       {},
       [](ClusterScene& scene) { scene.policy.limits.driver.cores.min = Cores(2); },
       "rewrite: a driver pod of 2.3 GiB and 1 core (heap 2g) is outside the policy's "
       "limits; use 2.3 GiB and 2 cores (heap 2g) [spark.driver.cores=2]"},
      {"RequestOverIt",
       {{"spark.driver.cores", "2"}, {"spark.kubernetes.driver.request.cores", "5"}},
       [](ClusterScene& scene) { scene.policy.limits.driver.cores.max = Cores(4); },
       "rewrite: a driver pod of 2.3 GiB and 5 cores (heap 2g) is outside the "
       "policy's limits; use 2.3 GiB and 4 cores (heap 2g) "
       "[spark.kubernetes.driver.request.cores=4]"},
  };
  for (const ClusterCase& test : cases) CheckClusterCase(kDriverShape, test);
}

}  // namespace
}  // namespace ballast::policy
