#include "policy/capacity.h"

#include <gtest/gtest.h>

namespace ballast::policy {
namespace {

using Operator = Requirement::Operator;

NodeClass Nodes(std::string name, int64_t count, MilliCpu cpu, ByteSize memory) {
  NodeClass nodes;
  nodes.name = std::move(name);
  nodes.allocatable = {cpu, memory, 110, {}};
  nodes.count = nodes.ready = count;
  return nodes;
}

ClusterCapacity Cluster(std::vector<NodeClass> classes) { return {true, std::move(classes), {}}; }

TEST(AfterReserve, AbsolutePartFirstThenThePercentage) {
  const Resources node = {Cores(10), Gibibytes(39), 110, {{"nvidia.com/gpu", 2}}};
  struct Row {
    const char* name;
    Reserve reserve;
    MilliCpu cpu;
    ByteSize memory;
  };
  const Row rows[] = {
      {"Nothing", {}, Cores(10), Gibibytes(39)},
      {"Absolute", {Millis(500), Gibibytes(1), 0}, Millis(9500), Gibibytes(38)},
      {"Percent", {{}, {}, 5}, Millis(9500), Bytes(39 * (1LL << 30) * 19 / 20)},
      {"Both", {Cores(2), Gibibytes(7), 25}, Cores(6), Gibibytes(24)},
      {"All", {{}, {}, 100}, {}, {}},
      {"MoreThanThereIs", {Cores(11), Gibibytes(40), 0}, {}, {}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Resources room = AfterReserve(node, row.reserve);
    EXPECT_EQ(room.cpu, row.cpu);
    EXPECT_EQ(room.memory, row.memory);
    EXPECT_EQ(room.pods, 110);
    EXPECT_EQ(room.extended, node.extended);
  }
}

TEST(Eligible, ClassesThatThePlacementAllows) {
  NodeClass big = Nodes("big", 2, Cores(16), Gibibytes(64));
  big.labels = {{"pool", "big"}, {"zone", "a"}};
  NodeClass small = Nodes("small", 3, Cores(8), Gibibytes(32));
  small.labels = {{"pool", "small"}};
  small.taints = {{"dedicated", "spark", "NoSchedule"}};
  ClusterCapacity cluster = Cluster({small, big});
  cluster.per_node_labels = {"kubernetes.io/hostname"};

  const std::vector<Toleration> all = {{"", "Exists", "", ""}};
  struct Row {
    const char* name;
    Placement placement;
    std::vector<std::string> groups;
    const char* abstain;
  };
  const std::vector<Requirement> in_big = {{"pool", Operator::kIn, {"big"}}};
  const std::vector<Requirement> in_small = {{"pool", Operator::kIn, {"small"}}};
  const Row rows[] = {
      {"TaintKeepsOut", {}, {"big"}, ""},
      {"RoomiestFirst", {{}, {}, all, "", ""}, {"big", "small"}, ""},
      {"Selector", {{{"pool", "small"}}, {}, all, "", ""}, {"small"}, ""},
      {"SelectorWithoutToleration", {{{"pool", "small"}}, {}, {}, "", ""}, {}, ""},
      {"Affinity", {{}, {in_small}, all, "", ""}, {"small"}, ""},
      {"OneOfTheTerms", {{}, {in_small, in_big}, all, "", ""}, {"big", "small"}, ""},
      {"AnEmptyTermMatchesNothing", {{}, {{}}, all, "", ""}, {}, ""},
      {"Hostname",
       {{{"kubernetes.io/hostname", "n1"}}, {}, {}, "", ""},
       {},
       "the pods require the label kubernetes.io/hostname, which differs from node to node"},
      {"NodeName", {{}, {}, {}, "n1", ""}, {}, "the pods are pinned to the node n1"},
      {"NotUnderstood",
       {{}, {}, {}, "", "matchFields of metadata.uid"},
       {},
       "Ballast cannot judge where the pods may run: matchFields of metadata.uid"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const EligibleNodes nodes = Eligible(cluster, row.placement, {});
    std::vector<std::string> names;
    for (const auto& group : nodes.groups) names.push_back(group.name);
    EXPECT_EQ(names, row.groups);
    EXPECT_EQ(nodes.abstain, row.abstain);
  }
}

TEST(Eligible, UnknownCapacityAbstains) {
  EXPECT_EQ(Eligible(ClusterCapacity{}, {}, {}).abstain, "the cluster's capacity is not known");
  EXPECT_TRUE(Eligible(Cluster({}), {}, {}).known());
}

TEST(Eligible, EqualRoomsAreOneGroupAndTheTotalsAreTheirs) {
  NodeClass a = Nodes("a", 2, Cores(16), Gibibytes(64));
  a.labels = {{"zone", "a"}};
  NodeClass b = Nodes("b", 3, Cores(16), Gibibytes(64));
  b.ready = 1;
  const EligibleNodes nodes =
      Eligible(Cluster({a, b, Nodes("none", 0, Cores(1), Bytes(1))}), {}, {});
  ASSERT_EQ(nodes.groups.size(), 1u);
  EXPECT_EQ(nodes.groups[0].count, 5);
  EXPECT_EQ(nodes.groups[0].ready, 3);
  EXPECT_EQ(nodes.nodes(), 5);
  EXPECT_EQ(nodes.memory(), Gibibytes(320));
  EXPECT_EQ(nodes.cpu(), Cores(80));
  EXPECT_EQ(nodes.pods(), 550);
}

TEST(Eligible, DeclaredPoolsAssumptionsAndExclusions) {
  NodeClass live = Nodes("live", 1, Cores(8), Gibibytes(32));
  live.labels = {{"team", "a"}};
  const ClusterCapacity cluster = Cluster({live});
  NodeClass pool = Nodes("pool", 10, Cores(16), Gibibytes(64));
  pool.declared = true;
  pool.taints = {{"spark", "", "NoSchedule"}};
  const std::vector<NodeClass> pools = {pool};
  const std::vector<Toleration> tolerations = {{"spark", "Exists", "", ""}};
  const Labels team = {{"team", "a"}};
  const LabelSelector exclude = {{{"team", Operator::kExists, {}}}};

  CapacityQuestion question;
  question.pools = &pools;
  EXPECT_TRUE(Eligible(question, {}).known());
  EXPECT_TRUE(Eligible(question, {}).pools_declared);
  EXPECT_EQ(Eligible(question, {}).nodes(), 0);
  question.assumed_tolerations = &tolerations;
  EXPECT_EQ(Eligible(question, {}).nodes(), 10);
  question.cluster = &cluster;
  EXPECT_EQ(Eligible(question, {}).nodes(), 11);
  question.excluded = &exclude;
  EXPECT_EQ(Eligible(question, {}).nodes(), 10);
  question.excluded = nullptr;
  question.assumed_node_selector = &team;
  EXPECT_EQ(Eligible(question, {}).nodes(), 1);
}

TEST(FitsPerNode, EachResourceAtItsLimitAndOverIt) {
  const Resources node = {Cores(16), Gibibytes(64), 3, {{"nvidia.com/gpu", 2}}};
  struct Row {
    const char* name;
    ByteSize memory;
    MilliCpu cpu;
    ExtendedResources extended;
    int64_t fits;
  };
  const Row rows[] = {
      {"FillsTheNode", Gibibytes(64), Cores(16), {}, 1},
      {"MemoryTipsIt", Gibibytes(64) + Bytes(1), Cores(16), {}, 0},
      {"CpuTipsIt", Gibibytes(64), Cores(16) + Millis(1), {}, 0},
      {"Halves", Gibibytes(32), Cores(8), {}, 2},
      {"MemoryBinds", Gibibytes(33), Cores(1), {}, 1},
      {"PodsBind", Gibibytes(1), Cores(1), {}, 3},
      {"GpuBinds", Gibibytes(1), Cores(1), {{"nvidia.com/gpu", 1}}, 2},
      {"NoSuchResource", Gibibytes(1), Cores(1), {{"amd.com/gpu", 1}}, 0},
      {"NoneOfItAsked", Gibibytes(1), Cores(1), {{"amd.com/gpu", 0}}, 3},
      {"NothingAsked", {}, {}, {}, 3},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(FitsPerNode(node, row.memory, row.cpu, row.extended), row.fits) << row.name;
  }
}

TEST(Placeable, CountsReadyNodesAndSaturates) {
  EligibleNodes nodes;
  nodes.groups.push_back({"a", {Cores(16), Gibibytes(64), 110, {}}, 10, 4, false});
  nodes.groups.push_back({"b", {Cores(4), Gibibytes(8), 110, {}}, 5, 5, false});
  EXPECT_EQ(Placeable(nodes, Gibibytes(8), Cores(4), {}), 4 * 4 + 5);
  EXPECT_EQ(Placeable(nodes, Gibibytes(9), Cores(4), {}), 4 * 4);
  nodes.groups[0].ready = INT64_MAX;
  EXPECT_EQ(Placeable(nodes, Gibibytes(8), Cores(4), {}), INT64_MAX);
}

}  // namespace
}  // namespace ballast::policy
