#include "policy/rules/rules.h"
#include "tests/policy/rules/cluster_case.h"

namespace ballast::policy {
namespace {

TEST(DriverFitsNode, SaysWhatTheUserSees) {
  const ClusterCase cases[] = {
      {"Fits", {}, nullptr, ""},
      {"FillsTheNode",
       {{"spark.driver.memory", "35g"}, {"spark.driver.memoryOverhead", "4g"}},
       nullptr,
       ""},
      {"OverheadTipsIt",
       {{"spark.driver.memory", "35g"}, {"spark.driver.memoryOverhead", "4097m"}},
       nullptr,
       "reject: a driver pod of 39 GiB and 1 core (39937 MiB) fits no node; the "
       "largest node has 39 GiB and 10 cores (39936 MiB): lower spark.driver.memory "
       "or spark.driver.cores"},
      {"CoresTipIt",
       {{"spark.driver.cores", "11"}},
       nullptr,
       "reject: a driver pod of 2.3 GiB and 11 cores fits no node; the largest node "
       "has 39 GiB and 10 cores: lower spark.driver.memory or spark.driver.cores"},
      {"OtherNodesThanTheExecutors",
       {},
       [](ClusterScene& scene) {
         scene.workload.driver_placement.node_selector = {{"pool", "drivers"}};
       },
       "warn: no node of the cluster may run the driver (node selector, affinity, "
       "taints)"},
      {"GpusOnNoLiveNode",
       {},
       [](ClusterScene& scene) {
         scene.workload.driver_extras.extended = {{"nvidia.com/gpu", 1}};
       },
       "warn: no node of the cluster has any nvidia.com/gpu, of which the driver asks for 1"},
      {"MoreGpusThanANodeHas",
       {},
       [](ClusterScene& scene) {
         scene.workload.driver_extras.extended = {{"nvidia.com/gpu", 3}};
         scene.cluster.classes[0].allocatable.extended = {{"nvidia.com/gpu", 2}};
       },
       "reject: a driver pod asks for 3 nvidia.com/gpu, and no node has more than 2"},
      {"NotJudgedIsSaidOnce", {}, [](ClusterScene& scene) { scene.cluster = {}; }, ""},
      {"NotJudgedForItsOwnReason",
       {},
       [](ClusterScene& scene) { scene.workload.driver_placement.node_name = "n1"; },
       "warn: whether the driver fits a node is not judged: the pods are pinned to "
       "the node n1"},
  };
  for (const ClusterCase& test : cases) CheckClusterCase(kDriverFitsNode, test);
}

}  // namespace
}  // namespace ballast::policy
