#include "policy/rules/rules.h"
#include "tests/policy/rules/cluster_case.h"

namespace ballast::policy {
namespace {

TEST(ExecutorFitsNode, SaysWhatTheUserSees) {
  const ClusterCase cases[] = {
      {"OneFitsOnANode", {}, nullptr, ""},
      {"FillsTheNode",
       {{"spark.executor.memory", "35g"}, {"spark.executor.cores", "10"}},
       nullptr,
       ""},
      {"MemoryTipsIt",
       {{"spark.executor.memory", "35841m"}},
       nullptr,
       "rewrite: an executor pod of 39 GiB and 4 cores (39937 MiB) fits no node; the "
       "largest node has 39 GiB and 10 cores (39936 MiB); 200 executors of 39 GiB and "
       "4 cores become 267 executors of 29.3 GiB and 3 cores, 801 task slots; each "
       "executor holds its own copy of broadcasts and its own shuffle connections "
       "[spark.executor.cores=3, spark.executor.memory=26956m, "
       "spark.executor.memoryOverhead=3g, spark.executor.instances=267]"},
      {"CoresTipIt",
       {{"spark.executor.cores", "11"}},
       nullptr,
       "rewrite: an executor pod of 32 GiB and 11 cores fits no node; the largest "
       "node has 39 GiB and 10 cores; 200 executors of 32 GiB and 11 cores become 220 "
       "executors of 29.1 GiB and 10 cores, 2200 task slots; each executor holds its "
       "own copy of broadcasts and its own shuffle connections "
       "[spark.executor.cores=10, spark.executor.memory=26093m, "
       "spark.executor.memoryOverhead=3724m, spark.executor.instances=220]"},
      {"Oversized",
       {{"spark.executor.memory", "60g"},
        {"spark.executor.cores", "8"},
        {"spark.executor.instances", "20"},
        {"spark.executor.memoryOverhead", ""}},
       nullptr,
       "rewrite: an executor pod of 66 GiB and 8 cores fits no node; the largest node "
       "has 39 GiB and 10 cores; 20 executors of 66 GiB and 8 cores become 40 "
       "executors of 33.1 GiB and 4 cores, 160 task slots; each executor holds its "
       "own copy of broadcasts and its own shuffle connections "
       "[spark.executor.cores=4, spark.executor.memory=30870m, "
       "spark.executor.instances=40]"},
      {"VolumeClaims",
       {{"spark.executor.memory", "60g"},
        {"spark.executor.cores", "8"},
        {"spark.executor.instances", "20"}},
       [](ClusterScene& scene) { scene.workload.claims_per_executor = 2; },
       "rewrite: an executor pod of 64 GiB and 8 cores fits no node; the largest node "
       "has 39 GiB and 10 cores; 20 executors of 64 GiB and 8 cores become 40 "
       "executors of 32.1 GiB and 4 cores, 160 task slots; volume claims 40 -> 80; "
       "each executor holds its own copy of broadcasts and its own shuffle "
       "connections [spark.executor.cores=4, spark.executor.memory=30870m, "
       "spark.executor.memoryOverhead=2g, spark.executor.instances=40]"},
      {"OneTaskIsTooLarge",
       {{"spark.executor.memory", "60g"}, {"spark.executor.cores", "1"}},
       nullptr,
       "reject: an executor pod of 64 GiB and 1 core fits no node; the largest node "
       "has 39 GiB and 10 cores; one task's share is 64 GiB and 1 core (heap 60g), "
       "which fits none either: lower what it asks for to what the largest has"},
      {"SidecarTipsIt",
       {{"spark.executor.memory", "35g"}},
       [](ClusterScene& scene) { scene.workload.executor_extras.sidecar_memory = Mebibytes(1); },
       "rewrite: an executor pod of 39 GiB and 4 cores (39937 MiB) fits no node; the "
       "largest node has 39 GiB and 10 cores (39936 MiB); 200 executors of 39 GiB and "
       "4 cores become 267 executors of 29.3 GiB and 3 cores, 801 task slots; each "
       "executor holds its own copy of broadcasts and its own shuffle connections "
       "[spark.executor.cores=3, spark.executor.memory=26955m, "
       "spark.executor.memoryOverhead=3g, spark.executor.instances=267]"},
      {"ReserveTipsIt",
       {{"spark.executor.memory", "35g"}},
       [](ClusterScene& scene) {
         scene.policy.capacity.reserve = Reserve{Millis(500), Gibibytes(1), 5};
       },
       "rewrite: an executor pod of 39 GiB and 4 cores fits no node; the largest node "
       "has 36 GiB and 9.025 cores; 200 executors of 39 GiB and 4 cores become 267 "
       "executors of 29.3 GiB and 3 cores, 801 task slots; each executor holds its "
       "own copy of broadcasts and its own shuffle connections "
       "[spark.executor.cores=3, spark.executor.memory=26955m, "
       "spark.executor.memoryOverhead=3g, spark.executor.instances=267]"},
      {"NotReadyNodesStillCount",
       {},
       [](ClusterScene& scene) { scene.cluster.classes[0].ready = 0; },
       ""},
      {"NoEligibleNode",
       {},
       [](ClusterScene& scene) {
         scene.workload.executor_placement.node_selector = {{"gpu", "yes"}};
       },
       "warn: no node of the cluster may run the executors (node selector, affinity, "
       "taints)"},
      {"NoEligiblePool",
       {},
       [](ClusterScene& scene) {
         scene.workload.executor_placement.node_selector = {{"gpu", "yes"}};
         scene.policy.capacity.source = CapacitySource::kNodePools;
         scene.policy.capacity.node_pools = {NodesOf("pool", 5, Cores(16), Gibibytes(64))};
       },
       "reject: no declared node pool may run the executors (node selector, affinity, "
       "taints)"},
      {"GpusOnNoLiveNode",
       {},
       [](ClusterScene& scene) {
         scene.workload.executor_extras.extended = {{"nvidia.com/gpu", 1}};
       },
       "warn: no node of the cluster has any nvidia.com/gpu, of which the executors ask for 1"},
      {"GpusInNoPool",
       {},
       [](ClusterScene& scene) {
         scene.workload.executor_extras.extended = {{"nvidia.com/gpu", 1}};
         scene.policy.capacity.source = CapacitySource::kNodePools;
         scene.policy.capacity.node_pools = {NodesOf("pool", 5, Cores(16), Gibibytes(64))};
       },
       "reject: no declared node pool has any nvidia.com/gpu, of which the executors ask for 1"},
      {"AsManyGpusAsANodeHas",
       {},
       [](ClusterScene& scene) {
         scene.workload.executor_extras.extended = {{"nvidia.com/gpu", 2}};
         scene.cluster.classes[0].allocatable.extended = {{"nvidia.com/gpu", 2}};
       },
       ""},
      {"MoreGpusThanANodeHas",
       {},
       [](ClusterScene& scene) {
         scene.workload.executor_extras.extended = {{"nvidia.com/gpu", 3}};
         scene.cluster.classes[0].allocatable.extended = {{"nvidia.com/gpu", 2}};
       },
       "reject: an executor pod asks for 3 nvidia.com/gpu, and no node has more than 2; the "
       "executor cannot be split: its 3 nvidia.com/gpu stand where Ballast changes nothing (the "
       "operator's gpu field, or the pod template); as spark.executor.resource.*.amount and "
       ".vendor they could be divided"},
      {"PoolsThatCanGrow",
       {{"spark.executor.memory", "50g"}},
       [](ClusterScene& scene) {
         scene.policy.capacity.source = CapacitySource::kBoth;
         scene.policy.capacity.node_pools = {NodesOf("pool", 5, Cores(16), Gibibytes(64))};
       },
       ""},
      {"UnknownCapacity",
       {},
       [](ClusterScene& scene) { scene.cluster = {}; },
       "warn: whether the executors fit a node is not judged: the cluster's capacity "
       "is not known"},
      {"ConstraintNotUnderstood",
       {},
       [](ClusterScene& scene) {
         scene.workload.executor_placement.not_understood = "a volume in one zone";
       },
       "warn: whether the executors fit a node is not judged: Ballast cannot judge "
       "where the pods may run: a volume in one zone"},
  };
  for (const ClusterCase& test : cases) CheckClusterCase(kExecutorFitsNode, test);
}

}  // namespace
}  // namespace ballast::policy
