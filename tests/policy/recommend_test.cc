#include "policy/recommend.h"

#include <gtest/gtest.h>

#include "tests/policy/random_case.h"

namespace ballast::policy {
namespace {

EligibleNodes Nodes(int64_t count, MilliCpu cpu, ByteSize memory) {
  EligibleNodes nodes;
  nodes.groups.push_back({"node", {cpu, memory, 110, {}}, count, count, false});
  return nodes;
}

TEST(Recommend, TableFromOneCoreUpwards) {
  const auto classes = Recommend(Nodes(100, Cores(10), Gibibytes(39)), {});
  ASSERT_EQ(classes.size(), 1u);
  const auto& options = classes[0].options;
  ASSERT_EQ(options.size(), 10u);
  struct Row {
    int64_t cores;
    int64_t per_node;
    int64_t executors;
    MilliCpu stranded;
  };
  // The driver's core costs one executor of one core, or the one executor that shares its node.
  const Row rows[] = {{1, 10, 999, Cores(0)},  {2, 5, 499, Cores(1)}, {3, 3, 299, Cores(102)},
                      {4, 2, 199, Cores(203)}, {5, 2, 199, Cores(4)}, {6, 1, 99, Cores(405)},
                      {10, 1, 99, Cores(9)}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.cores);
    const ShapeOption& option = options[static_cast<size_t>(row.cores - 1)];
    EXPECT_EQ(option.shape.slots, row.cores);
    EXPECT_EQ(option.per_node, row.per_node);
    EXPECT_EQ(option.executors, row.executors);
    EXPECT_EQ(option.stranded_cpu, row.stranded);
  }
  const auto settings = SettingsOf(options[4]);
  EXPECT_EQ(settings[0].second, "18152m");
  EXPECT_EQ(settings[1].second, "1816m");
  EXPECT_EQ(settings[2].second, "5");
  EXPECT_EQ(settings[3].second, "199");
}

// 32 shapes of a node of 32 cores are more than a screen; these tell the same.
TEST(Recommend, TellsTheLargestOfThoseThatFitEquallyOften) {
  const auto classes = Recommend(Nodes(41, Cores(32), Mebibytes(257811)), {});
  ASSERT_EQ(classes.size(), 1u);
  ASSERT_EQ(classes[0].options.size(), 32u);
  std::vector<int64_t> cores;
  for (const size_t i : TellingOptions(classes[0])) {
    cores.push_back(classes[0].options[i].shape.slots);
  }
  EXPECT_EQ(cores, (std::vector<int64_t>{1, 2, 3, 4, 5, 6, 8, 10, 16, 32}));
  EXPECT_TRUE(TellingOptions({}).empty());
}

TEST(Recommend, TellsTheBestInAnyCase) {
  ClassRecommendation nodes;
  for (const int64_t per_node : {2, 2, 2, 1}) {
    ShapeOption option;
    option.per_node = per_node;
    nodes.options.push_back(option);
  }
  nodes.best = 1;
  EXPECT_EQ(TellingOptions(nodes), (std::vector<size_t>{0, 1, 2, 3}));
  nodes.best = 3;
  EXPECT_EQ(TellingOptions(nodes), (std::vector<size_t>{0, 2, 3}));
}

// Driver and executors that are proposed fit the nodes.
TEST(Recommend, WhatIsProposedFits) {
  Dice dice(7);
  for (int i = 0; i < 2000; ++i) {
    const EligibleNodes nodes = Eligible(RandomCluster(dice), {}, {});
    if (!nodes.known()) continue;
    RecommendOptions options;
    options.overhead_factor = static_cast<double>(dice.Between(5, 60)) / 100;
    for (const ClassRecommendation& one : Recommend(nodes, options)) {
      for (const ShapeOption& option : one.options) {
        ASSERT_GE(FitsPerNode(one.room, option.shape.memory(), option.shape.cpu, {}), 1);
        ASSERT_GE(option.shape.heap, Mebibytes(470));
        ASSERT_GE(option.stranded_cpu, MilliCpu());
        ASSERT_GE(option.stranded_memory, ByteSize());
        ASSERT_GE(option.waste + 0.01, one.options[one.best].waste - 0.01);
      }
    }
  }
}

// 148 executors of 64g + 4g and 4 cores on 10.08 TiB and 1,312 cores: memory is taken, cores idle.
TEST(FitWorkload, MemoryBoundCluster) {
  const Workload workload = WorkloadOf({{"spark.driver.memory", "1g"},
                                        {"spark.executor.memory", "64g"},
                                        {"spark.executor.memoryOverhead", "4g"},
                                        {"spark.executor.cores", "4"},
                                        {"spark.executor.instances", "148"}});
  const EligibleNodes nodes = Nodes(41, Cores(32), Mebibytes(257811));
  const auto fit = FitWorkload(nodes, workload, {}, {});
  ASSERT_TRUE(fit);
  EXPECT_EQ(fit->executors, 148);
  EXPECT_NEAR(fit->memory_share(), 0.975, 0.002);
  EXPECT_NEAR(fit->cpu_share(), 0.45, 0.005);
  EXPECT_EQ(fit->memory_per_core, Gibibytes(17));
  EXPECT_NEAR(static_cast<double>(fit->cluster_memory_per_core.mebibytes()) / 1024, 7.87, 0.01);
  ASSERT_TRUE(fit->better);
  EXPECT_EQ(fit->better->executors, 327);
  EXPECT_EQ(fit->better->shape.slots, 4);
  EXPECT_EQ(fit->better->shape.heap.mebibytes() / 1024, 29);
  EXPECT_EQ(fit->heap_per_slot, Gibibytes(16));
  EXPECT_LT(fit->better_heap_per_slot, fit->heap_per_slot);
}

TEST(FitWorkload, NothingBetterThanWhatFills) {
  const Workload workload = WorkloadOf({{"spark.executor.memory", "17g"},
                                        {"spark.executor.memoryOverhead", "2560m"},
                                        {"spark.executor.cores", "5"},
                                        {"spark.executor.instances", "100"}});
  EXPECT_FALSE(FitWorkload(Nodes(100, Cores(10), Gibibytes(39)), workload, {}, {})->better);
  EligibleNodes unknown;
  unknown.abstain = "not known";
  EXPECT_FALSE(FitWorkload(unknown, workload, {}, {}));
}

}  // namespace
}  // namespace ballast::policy
