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
  EXPECT_EQ(settings[0].second, "18153m");
  EXPECT_EQ(settings[1].second, "1815m");
  EXPECT_EQ(settings[2].second, "5");
  EXPECT_EQ(settings[3].second, "199");
}

TEST(Recommend, LeavesOutNodesThatRunNothingNow) {
  EligibleNodes nodes = Nodes(100, Cores(10), Gibibytes(39));
  nodes.groups[0].ready = 98;
  nodes.groups.push_back({"cordoned", {Cores(4), Gibibytes(16), 110, {}}, 3, 0, false});
  const auto classes = Recommend(nodes, {});
  ASSERT_EQ(classes.size(), 2u);
  EXPECT_EQ(classes[0].nodes, 98);
  EXPECT_EQ(classes[0].left_out, 2);
  EXPECT_EQ(classes[0].options[4].executors, 195);
  EXPECT_EQ(classes[0].options[4].stranded_cpu, Cores(4));
  EXPECT_EQ(classes[1].nodes, 0);
  EXPECT_EQ(classes[1].left_out, 3);
  EXPECT_TRUE(classes[1].options.empty());
}

TEST(Recommend, ProposesWhatThePolicyLetsOneApplicationHave) {
  RecommendOptions options;
  options.application.cpu_share = 0.3;
  const EligibleNodes nodes = Nodes(100, Cores(10), Gibibytes(39));
  const ShapeOption option = Recommend(nodes, options)[0].options[4];
  EXPECT_EQ(option.executors, 199);
  EXPECT_EQ(option.proposed, 59);  // of 300 cores, beside the driver's
  EXPECT_EQ(option.because, "30 % of the nodes' 1000 cores");
  EXPECT_EQ(SettingsOf(option)[3].second, "59");
  // The driver's core and five more are over 0.5 % of the cores, four are at it.
  options.application.cpu_share = 0.005;
  EXPECT_EQ(Recommend(nodes, options)[0].options.size(), 4u);
  options.application.executors.min = 2;
  EXPECT_EQ(Recommend(nodes, options)[0].options[4].proposed, 2);
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
  const auto fit = FitWorkload(nodes, workload);
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

TEST(FitWorkload, StaysWithinTheShareOfThePolicy) {
  const Workload workload = WorkloadOf({{"spark.driver.memory", "1g"},
                                        {"spark.executor.memory", "64g"},
                                        {"spark.executor.memoryOverhead", "4g"},
                                        {"spark.executor.cores", "4"},
                                        {"spark.executor.instances", "148"}});
  ApplicationLimits limits;
  limits.memory_share = 0.5;
  const auto fit = FitWorkload(Nodes(41, Cores(32), Mebibytes(257811)), workload, limits);
  ASSERT_TRUE(fit && fit->better);
  EXPECT_EQ(fit->better->executors, 327);
  EXPECT_EQ(fit->better->proposed, 163);
  EXPECT_EQ(fit->better->because, "50 % of the nodes' 10322.5 GiB");
  EXPECT_EQ(fit->allowed.executors, 75);
}

// What is pasted makes executors of just the size that was promised, and so many fit.
TEST(FitWorkload, WhatIsPastedFits) {
  Dice dice(11);
  int proposed = 0;
  for (int i = 0; i < 2000; ++i) {
    const EligibleNodes nodes = Eligible(RandomCluster(dice), {}, {});
    ConfMap conf = RandomSizes(dice);
    if (dice.Between(0, 1) == 1) {
      conf["spark.memory.offHeap.enabled"] = "true";
      conf["spark.memory.offHeap.size"] = std::to_string(dice.Between(1, 8)) + "g";
    }
    if (dice.Between(0, 1) == 1) {
      conf["spark.executor.pyspark.memory"] = std::to_string(dice.Between(1, 8)) + "g";
    }
    const Language language = dice.Between(0, 1) == 1 ? Language::kPython : Language::kJvm;
    const auto fit = FitWorkload(nodes, WorkloadOf(conf, language));
    if (!fit || !fit->better) continue;
    ++proposed;
    SCOPED_TRACE(i);
    for (const auto& [key, value] : SettingsOf(*fit->better)) conf[key] = value;
    const Workload pasted = WorkloadOf(conf, language);
    ASSERT_TRUE(pasted.sizes.executor.ok());
    const PodShape& shape = *pasted.sizes.executor;
    EXPECT_EQ(shape.memory(), fit->better->shape.memory());
    EXPECT_EQ(shape.cpu, fit->better->shape.cpu);
    EXPECT_EQ(shape.slots, fit->better->shape.slots);
    int64_t fitting = 0;
    for (const EligibleNodes::Group& group : nodes.groups) {
      fitting += group.ready * FitsPerNode(group.room, shape.memory(), shape.cpu, {});
    }
    EXPECT_GE(fitting, fit->better->executors);
  }
  EXPECT_GT(proposed, 200);
}

TEST(FitWorkload, AJobThatTakesLittleIsLeftAsItIs) {
  const Workload workload = WorkloadOf({{"spark.executor.memory", "3g"},
                                        {"spark.executor.memoryOverhead", "4g"},
                                        {"spark.executor.cores", "4"},
                                        {"spark.executor.instances", "5"}});
  const auto fit = FitWorkload(Nodes(20, Cores(32), Gibibytes(240)), workload);
  EXPECT_TRUE(fit->good());
  EXPECT_FALSE(fit->better);
}

// More memory is free where the cores are gone: no more executors than were asked for.
TEST(FitWorkload, KeepsTheTaskSlotsThatWereAskedFor) {
  const Workload workload = WorkloadOf({{"spark.executor.memory", "1g"},
                                        {"spark.executor.cores", "4"},
                                        {"spark.executor.instances", "40"}});
  const auto fit = FitWorkload(Nodes(20, Cores(32), Gibibytes(240)), workload);
  ASSERT_TRUE(fit->better);
  EXPECT_EQ(fit->better->executors, 40);
  // Spark's factor and not the 384 MiB that are more of a small heap.
  EXPECT_EQ(fit->better->shape.heap, Mebibytes(27928));
  EXPECT_EQ(fit->better->shape.overhead, Mebibytes(2792));
}

TEST(FitWorkload, ProposesAShapeWhereNoneFits) {
  const auto of_cores = [](std::string_view cores) {
    return WorkloadOf({{"spark.executor.memory", "64g"},
                       {"spark.executor.memoryOverhead", "4g"},
                       {"spark.executor.cores", std::string(cores)},
                       {"spark.executor.instances", "20"}});
  };
  for (const std::string_view cores : {"4", "16"}) {
    const auto fit = FitWorkload(Nodes(3, Cores(8), Gibibytes(39)), of_cores(cores));
    ASSERT_TRUE(fit->better) << cores;
    EXPECT_GT(fit->better->executors, 0);
    EXPECT_LE(fit->better->shape.memory(), Gibibytes(39));
  }
}

// 8 executors of 4 cores leave 3 and a half of a node's cores, 7 of 5 half a core.
TEST(FitWorkload, TriesOtherCoresWhereTheOwnStrandMuch) {
  const Workload workload = WorkloadOf({{"spark.executor.memory", "64g"},
                                        {"spark.executor.cores", "4"},
                                        {"spark.executor.instances", "148"}});
  const auto fit = FitWorkload(Nodes(37, Millis(35500), Gibibytes(200)), workload);
  ASSERT_TRUE(fit->better);
  EXPECT_EQ(fit->better->cores, 5);
  EXPECT_EQ(fit->better->shape.slots, 5);
}

TEST(FitWorkload, NothingBetterThanWhatFills) {
  const Workload workload = WorkloadOf({{"spark.executor.memory", "17g"},
                                        {"spark.executor.memoryOverhead", "2560m"},
                                        {"spark.executor.cores", "5"},
                                        {"spark.executor.instances", "100"}});
  EXPECT_FALSE(FitWorkload(Nodes(100, Cores(10), Gibibytes(39)), workload)->better);
  EligibleNodes unknown;
  unknown.abstain = "not known";
  EXPECT_FALSE(FitWorkload(unknown, workload));
}

}  // namespace
}  // namespace ballast::policy
