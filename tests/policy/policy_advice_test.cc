#include "policy/policy_advice.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ballast::policy {
namespace {

Policy WithHeapLimit() {
  Policy policy;
  policy.name = "p";
  policy.limits.executor.heap.max = Gibibytes(32);
  policy.limits.executor.cores.max = Cores(8);
  policy.limits.kryo_buffer_max = Gibibytes(1);
  return policy;
}

TEST(Advice, NamesLimitsWhoseRuleOnlyWarns) {
  EXPECT_EQ(Advice(WithHeapLimit()),
            std::vector<std::string>{
                "rule executor-shape only warns about limits.executor.heap.max, "
                "limits.executor.cores.max; to enforce it, write rules: {executor-shape: "
                "Enforce}"});
}

TEST(Advice, IsSilentWhereTheModeWasChosen) {
  Policy listed = WithHeapLimit();
  listed.rules["executor-shape"] = Mode::kWarn;
  EXPECT_TRUE(Advice(listed).empty());
  Policy warns = WithHeapLimit();
  warns.mode = PolicyMode::kWarn;
  EXPECT_TRUE(Advice(warns).empty());
  EXPECT_TRUE(Advice(Policy{}).empty());
}

TEST(Advice, NamesPoolsThatDoNotCount) {
  Policy policy;
  policy.capacity.node_pools.emplace();
  EXPECT_EQ(Advice(policy),
            std::vector<std::string>{"capacity.nodePools do not count while capacity.source is "
                                     "Cluster; write NodePools or Both"});
  policy.capacity.source = CapacitySource::kBoth;
  EXPECT_TRUE(Advice(policy).empty());
  policy.capacity.node_pools.reset();
  EXPECT_EQ(
      Advice(policy),
      std::vector<std::string>{"capacity.source counts node pools, but this policy declares none"});
}

}  // namespace
}  // namespace ballast::policy
