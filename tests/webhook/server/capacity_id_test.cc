#include "webhook/server/capacity_id.h"

#include <gtest/gtest.h>

#include <utility>

namespace ballast::webhook {
namespace {

policy::ClusterCapacity TwoClasses() {
  policy::ClusterCapacity cluster;
  cluster.known = true;
  policy::NodeClass small;
  small.name = "node-7";
  small.allocatable = {policy::Cores(4), policy::Gibibytes(16), 110, {}};
  small.labels = {{"zone", "a"}};
  small.count = small.ready = 3;
  policy::NodeClass big = small;
  big.allocatable.cpu = policy::Cores(16);
  cluster.classes = {small, big};
  return cluster;
}

TEST(CapacityId, IsTheSameForTheSameNodes) {
  const std::string id = CapacityId(TwoClasses());
  EXPECT_EQ(id.size(), 16U);
  policy::ClusterCapacity other = TwoClasses();
  std::swap(other.classes[0], other.classes[1]);  // another replica saw them in another order
  other.classes[0].name = "node-9";
  EXPECT_EQ(CapacityId(other), id);
}

TEST(CapacityId, TellsWhatRulesSee) {
  const std::string id = CapacityId(TwoClasses());
  const auto changed = [](auto change) {
    policy::ClusterCapacity cluster = TwoClasses();
    change(cluster.classes[0]);
    return CapacityId(cluster);
  };
  EXPECT_NE(changed([](auto& nodes) { nodes.count = 4; }), id);
  EXPECT_NE(changed([](auto& nodes) { nodes.ready = 2; }), id);
  EXPECT_NE(changed([](auto& nodes) { nodes.allocatable.pods = 111; }), id);
  EXPECT_NE(changed([](auto& nodes) { nodes.labels["zone"] = "b"; }), id);
  EXPECT_NE(changed([](auto& nodes) { nodes.taints.push_back({"k", "v", "NoSchedule"}); }), id);
  EXPECT_NE(changed([](auto& nodes) { nodes.allocatable.extended["gpu"] = 1; }), id);
}

TEST(CapacityId, IsEmptyWhereNothingIsKnown) { EXPECT_EQ(CapacityId({}), ""); }

}  // namespace
}  // namespace ballast::webhook
