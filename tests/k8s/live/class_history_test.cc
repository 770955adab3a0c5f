#include "k8s/live/class_history.h"

#include <gtest/gtest.h>

namespace ballast::k8s {
namespace {

using policy::ClusterCapacity;
using policy::NodeClass;

constexpr int64_t kHour = 3600;
constexpr int64_t kStart = 1'800'000'000 / kHour * kHour;

NodeClass Pool(const std::string& pool, int64_t gibibytes, int64_t count, int64_t ready = -1) {
  NodeClass node;
  node.name = pool;
  node.allocatable = {policy::Cores(16), policy::Gibibytes(gibibytes), 110, {}};
  node.labels = {{"pool", pool}};
  node.count = count;
  node.ready = ready < 0 ? count : ready;
  return node;
}

ClusterCapacity Cluster(std::vector<NodeClass> classes) {
  ClusterCapacity capacity;
  capacity.known = !classes.empty();
  capacity.per_node_labels = {"kubernetes.io/hostname"};
  capacity.classes = std::move(classes);
  return capacity;
}

// "big 3/2, small 1/0": count/ready of each class in order.
std::string Text(const ClusterCapacity& capacity) {
  std::string text;
  for (const NodeClass& node : capacity.classes) {
    text += (text.empty() ? "" : ", ") + node.name + " " + std::to_string(node.count) + "/" +
            std::to_string(node.ready);
  }
  return text;
}

struct Step {
  int64_t hours;  // since the start
  ClusterCapacity there;
  std::string want;
};
struct Story {
  std::string name;
  std::vector<Step> steps;
};
void PrintTo(const Story& story, std::ostream* out) { *out << story.name; }

const Story kStories[] = {
    {"APoolIsDrained",
     {{0, Cluster({Pool("big", 64, 3), Pool("small", 32, 5)}), "big 3/3, small 5/5"},
      {1, Cluster({Pool("small", 32, 5)}), "big 3/0, small 5/5"},
      {24, Cluster({Pool("small", 32, 5)}), "big 3/0, small 5/5"},
      {25, Cluster({Pool("small", 32, 5)}), "small 5/5"}}},
    {"CordonedAndNotReadyStillCount",
     {{0, Cluster({Pool("big", 64, 3)}), "big 3/3"},
      {1, Cluster({Pool("big", 64, 3, 0)}), "big 3/0"},
      {100, Cluster({Pool("big", 64, 3, 1)}), "big 3/1"}}},
    {"TheLastNodeGoes",
     {{0, Cluster({Pool("big", 64, 1)}), "big 1/1"},
      {1, Cluster({}), "big 1/0"},
      {26, Cluster({}), ""}}},
    {"APoolShrinks",
     {{0, Cluster({Pool("big", 64, 10)}), "big 10/10"},
      {1, Cluster({Pool("big", 64, 4)}), "big 10/4"},
      {30, Cluster({Pool("big", 64, 4)}), "big 4/4"}}},
    // Each node is replaced by one of another size: they never were twenty.
    {"NodesAreReplacedOneByOne",
     {{0, Cluster({Pool("old", 64, 10)}), "old 10/10"},
      {1, Cluster({Pool("old", 64, 5), Pool("new", 63, 5)}), "old 5/5, new 5/5"},
      {2, Cluster({Pool("new", 63, 10)}), "old 1/0, new 10/10"},
      {30, Cluster({Pool("new", 63, 10)}), "new 10/10"}}},
    {"AZoneIsLostAndComesBack",
     {{0, Cluster({Pool("a", 64, 5), Pool("b", 63, 5)}), "a 5/5, b 5/5"},
      {1, Cluster({Pool("a", 64, 5)}), "a 5/5, b 5/0"},
      {3, Cluster({Pool("a", 64, 5), Pool("b", 63, 5)}), "a 5/5, b 5/5"},
      {27, Cluster({Pool("a", 64, 5)}), "a 5/5, b 5/0"}}},
    {"TheClockGoesBack",
     {{10, Cluster({Pool("a", 64, 5)}), "a 5/5"}, {5, Cluster({Pool("a", 64, 4)}), "a 4/4"}}},
};

class ClassHistoryTest : public testing::TestWithParam<Story> {};

TEST_P(ClassHistoryTest, CountsWhatWasThereInTheLastDay) {
  ClassHistory history;
  for (const Step& step : GetParam().steps) {
    const ClusterCapacity counted = history.Count(step.there, kStart + step.hours * kHour);
    EXPECT_EQ(Text(counted), step.want) << "after " << step.hours << " hours";
    EXPECT_EQ(counted.known, !step.want.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Stories, ClassHistoryTest, testing::ValuesIn(kStories),
                         [](const auto& tested) { return tested.param.name; });

TEST(ClassHistoryLabels, ALabelThatComesToDifferFromNodeToNodeJoinsItsClasses) {
  ClassHistory history;
  NodeClass one = Pool("a", 64, 1);
  NodeClass two = Pool("a", 64, 2);
  one.labels["id"] = "1";
  two.labels["id"] = "2";
  EXPECT_EQ(Text(history.Count(Cluster({one, two}), kStart)), "a 1/1, a 2/2");
  ClusterCapacity many = Cluster({Pool("a", 64, 20)});
  many.per_node_labels.emplace_back("id");
  EXPECT_EQ(Text(history.Count(many, kStart + 1)), "a 20/20");
}

}  // namespace
}  // namespace ballast::k8s
