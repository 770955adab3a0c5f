#include "policy/placement_report.h"

#include <gtest/gtest.h>

namespace ballast::policy {
namespace {

EligibleNodes Groups(std::vector<EligibleNodes::Group> groups) {
  EligibleNodes nodes;
  nodes.groups = std::move(groups);
  return nodes;
}

const EligibleNodes::Group kGuide = {"node", {Cores(10), Gibibytes(39), 110, {}}, 100, 100, false};
const PodShape kGuideShape = {Gibibytes(28), Gibibytes(4), {}, {}, Cores(4), std::nullopt, 4};

// 200 executors of 28g + 4g and 4 cores on 100 nodes of 39Gi and 10 cores.
TEST(PlacementReport, TuningGuide) {
  const PlacementReport report = ReportPlacement(Groups({kGuide}), kGuideShape, {}, 200);
  EXPECT_EQ(report.eligible_nodes, 100);
  EXPECT_EQ(report.per_node, 1);
  EXPECT_EQ(report.placeable, 100);
  EXPECT_EQ(report.filled_nodes, 100);
  EXPECT_EQ(report.stranded_cpu, Cores(600));
  EXPECT_EQ(report.stranded_memory, Gibibytes(700));
}

TEST(PlacementReport, OnlyNodesThatItFillsCount) {
  struct Row {
    const char* name;
    int64_t executors;
    int64_t filled;
    MilliCpu stranded;
  };
  const EligibleNodes nodes =
      Groups({{"big", {Cores(10), Gibibytes(80), 110, {}}, 2, 2, false}, kGuide});
  const Row rows[] = {
      {"None", 0, 0, {}},
      {"HalfANode", 1, 0, {}},
      {"OneNode", 2, 1, Cores(2)},
      {"BothBigOnes", 4, 2, Cores(4)},
      {"AndASmallOne", 5, 3, Cores(10)},
      {"MoreThanFit", 500, 102, Cores(604)},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const PlacementReport report = ReportPlacement(nodes, kGuideShape, {}, row.executors);
    EXPECT_EQ(report.filled_nodes, row.filled);
    EXPECT_EQ(report.stranded_cpu, row.stranded);
    EXPECT_EQ(report.per_node, 2);
    EXPECT_EQ(report.placeable, 104);
  }
}

TEST(PlacementReport, NodesThatAreNotReadyHoldNothingNow) {
  EligibleNodes::Group group = kGuide;
  group.ready = 10;
  const PlacementReport report = ReportPlacement(Groups({group}), kGuideShape, {}, 200);
  EXPECT_EQ(report.eligible_nodes, 100);
  EXPECT_EQ(report.placeable, 10);
}

Workload Application(int64_t executors, ByteSize executor_memory, ByteSize driver_memory) {
  Workload workload;
  workload.sizes.driver = PodShape{driver_memory, {}, {}, {}, Cores(1), std::nullopt, 0};
  workload.sizes.executor = PodShape{executor_memory, {}, {}, {}, Cores(4), std::nullopt, 4};
  workload.sizes.executors = ExecutorCount{.instances = executors};
  return workload;
}

// The driver's pod is there before the executors' are asked for.
TEST(PlacementReport, TheDriverIsPlacedFirst) {
  struct Row {
    const char* name;
    int64_t pods;  // that a node may hold
    ByteSize executor_memory;
    ByteSize driver_memory;
    int64_t placeable;
    int64_t taken;
  };
  const Row rows[] = {
      {"FillsANodeBesideAnExecutor", 110, Gibibytes(38), Gibibytes(1), 100, 0},
      {"OneMebibyteMore", 110, Gibibytes(38), Gibibytes(1) + Mebibytes(1), 99, 1},
      {"ExecutorsFillTheNodes", 110, Gibibytes(39), Gibibytes(1), 99, 1},
      {"TakesTheOnlyPlaceForAPod", 1, Gibibytes(38), Gibibytes(1), 99, 1},
      {"TakesOnePlaceOfTwo", 110, Gibibytes(19), Gibibytes(2), 199, 1},
      {"FitsNowhere", 110, Gibibytes(39), Gibibytes(40), 100, 0},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EligibleNodes::Group group = kGuide;
    group.room.pods = row.pods;
    const PlacementReport report =
        ReportPlacement(Groups({group}), Application(200, row.executor_memory, row.driver_memory));
    EXPECT_EQ(report.eligible_nodes, 100);
    EXPECT_EQ(report.placeable, row.placeable);
    EXPECT_EQ(report.taken_by_driver, row.taken);
  }
}

TEST(PlacementReport, TheDriverGoesWhereItTakesLeast) {
  const EligibleNodes::Group spare = {"spare", {Cores(4), Gibibytes(8), 110, {}}, 1, 1, false};
  EXPECT_EQ(ReportPlacement(Groups({kGuide, spare}), Application(200, Gibibytes(39), Gibibytes(8)))
                .placeable,
            100);
  EligibleNodes::Group not_ready = spare;
  not_ready.ready = 0;
  EXPECT_EQ(
      ReportPlacement(Groups({kGuide, not_ready}), Application(200, Gibibytes(39), Gibibytes(8)))
          .placeable,
      99);
}

// Nothing is known of other nodes than the executors'.
TEST(PlacementReport, ADriverOfOtherNodesTakesNoPlace) {
  Workload workload = Application(200, Gibibytes(39), Gibibytes(1));
  workload.driver_placement.node_selector["role"] = "drivers";
  EXPECT_EQ(ReportPlacement(Groups({kGuide}), workload).placeable, 100);
}

}  // namespace
}  // namespace ballast::policy
