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

}  // namespace
}  // namespace ballast::policy
