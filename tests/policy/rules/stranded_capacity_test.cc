#include "policy/rules/rules.h"
#include "tests/policy/rules/cluster_case.h"

namespace ballast::policy {
namespace {

TEST(StrandedCapacity, SaysWhatTheUserSees) {
  const ClusterCase cases[] = {
      {"TuningGuide",
       {},
       nullptr,
       "warn: executors of 32 GiB and 4 cores: 1 fits on a node and leaves 6 of its "
       "10 cores unused, 600 cores on 100 nodes; 8 GiB a core are asked, the nodes "
       "have 3.8 GiB; 19.5 GiB and 4 cores would fit 2 times, with less memory for "
       "each task"},
      {"FillsNoNode",
       {{"spark.executor.memory", "8g"},
        {"spark.executor.memoryOverhead", "1g"},
        {"spark.executor.instances", "1"}},
       nullptr,
       ""},
      {"AtTheNodesRatio",
       {{"spark.executor.memory", "17g"},
        {"spark.executor.memoryOverhead", "2g"},
        {"spark.executor.cores", "5"}},
       nullptr,
       ""},
      {"MemoryStaysUnused",
       {{"spark.executor.memory", "8g"},
        {"spark.executor.memoryOverhead", "1g"},
        {"spark.executor.cores", "5"}},
       nullptr,
       "warn: executors of 9 GiB and 5 cores: 2 fit on a node and leave 21 GiB of its "
       "39 GiB unused, 2100 GiB on 100 nodes; 1.7 GiB a core are asked, the nodes "
       "have 3.8 GiB"},
      {"AtTheShareThatIsTolerated",
       {{"spark.executor.memory", "17g"}, {"spark.executor.memoryOverhead", "2g"}},
       [](ClusterScene& scene) { scene.policy.limits.stranded_share = 0.2; },
       ""},
      {"OverIt",
       {{"spark.executor.memory", "17g"}, {"spark.executor.memoryOverhead", "2g"}},
       [](ClusterScene& scene) { scene.policy.limits.stranded_share = 0.19; },
       "warn: executors of 19 GiB and 4 cores: 2 fit on a node and leave 2 of its 10 "
       "cores unused, 200 cores on 100 nodes; 4.7 GiB a core are asked, the nodes "
       "have 3.8 GiB"},
      {"MemoryPerCoreAtTheLimit",
       {{"spark.executor.instances", "1"}},
       [](ClusterScene& scene) {
         scene.policy.limits.executor.memory_per_core.max = Gibibytes(7);
         scene.cluster = {};
       },
       ""},
      {"MemoryPerCoreOverIt",
       {{"spark.executor.instances", "1"}},
       [](ClusterScene& scene) {
         scene.policy.limits.executor.memory_per_core.max = Gibibytes(6);
         scene.cluster = {};
       },
       "rewrite: 7 GiB of heap for each task slot is over the policy's 6 GiB: heap "
       "28g becomes 24g, so each task has less memory than was asked for "
       "[spark.executor.memory=24g]"},
      {"HeapIsNotLoweredUnderTheLeast",
       {{"spark.executor.instances", "1"}},
       [](ClusterScene& scene) {
         scene.policy.limits.executor.memory_per_core.max = Gibibytes(6);
         scene.policy.limits.executor.heap.min = Gibibytes(28);
         scene.cluster = {};
       },
       "warn: 7 GiB of heap for each task slot is over the policy's 6 GiB, and the "
       "heap is the least that is allowed"},
      {"MemoryPerCoreUnderTheLeast",
       {{"spark.executor.instances", "1"}},
       [](ClusterScene& scene) {
         scene.policy.limits.executor.memory_per_core.min = Gibibytes(8);
         scene.cluster = {};
       },
       "warn: 7 GiB of heap for each task slot is under the policy's 8 GiB"},
  };
  for (const ClusterCase& test : cases) CheckClusterCase(kStrandedCapacity, test);
}

}  // namespace
}  // namespace ballast::policy
