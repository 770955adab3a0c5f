#include "policy/evaluate.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "policy/rule_defaults.h"
#include "policy/rules/rules.h"
#include "tests/policy/random_case.h"

namespace ballast::policy {
namespace {

// The tuning guides' cluster, and a job that is too large for it.
ClusterCapacity Guide() {
  NodeClass nodes;
  nodes.name = "node";
  nodes.allocatable = {Cores(10), Gibibytes(39), 110, {}};
  nodes.count = nodes.ready = 100;
  return {true, {nodes}, {}};
}

Workload Oversized() {
  return WorkloadOf({{"spark.executor.memory", "60g"},
                     {"spark.executor.cores", "8"},
                     {"spark.executor.instances", "20"},
                     {"spark.kryoserializer.buffer.max", "2048m"}});
}

std::string Actions(const Decision& decision) {
  std::string text;
  for (const Finding& finding : decision.findings) {
    if (finding.severity == Severity::kInfo) continue;
    text += (text.empty() ? "" : ", ") + std::string(finding.rule) + " " +
            std::string(Name(finding.action));
  }
  return text;
}

TEST(Evaluate, OversizedIsSplitAndItsBufferCapped) {
  const Decision decision = Evaluate(Oversized(), BuiltInPolicy(), Guide());
  EXPECT_EQ(decision.verdict, VerdictKind::kRewritten);
  EXPECT_EQ(decision.after.sizes.executor->slots, 4);
  EXPECT_EQ(decision.after.sizes.executors->instances, 40);
  EXPECT_EQ(decision.after.conf.Get("spark.kryoserializer.buffer.max"), "2047m");
  EXPECT_EQ(decision.before, Oversized());
}

TEST(Evaluate, AWeakerModeWarnsOrIsSilent) {
  Policy policy = BuiltInPolicy();
  policy.rules["executor-fits-node"] = Mode::kWarn;
  policy.rules["kryo-buffer"] = Mode::kWarn;
  policy.rules["spark-refuses"] = Mode::kWarn;
  const Decision warned = Evaluate(Oversized(), policy, Guide());
  EXPECT_EQ(warned.verdict, VerdictKind::kAdmitted);
  EXPECT_NE(Actions(warned).find("executor-fits-node Warn"), std::string::npos);
  for (auto& [rule, mode] : policy.rules) mode = Mode::kOff;
  EXPECT_TRUE(Evaluate(Oversized(), policy, Guide()).findings.empty());
}

TEST(Evaluate, ARejectedJobIsNotRewritten) {
  Workload workload = Oversized();
  workload.conf.Set("spark.driver.memory", "100g");
  Derive(workload);
  const Decision decision = Evaluate(workload, BuiltInPolicy(), Guide());
  EXPECT_EQ(decision.verdict, VerdictKind::kRejected);
  EXPECT_EQ(decision.after, workload);
  EXPECT_NE(Actions(decision).find("driver-fits-node Reject"), std::string::npos);
}

TEST(Evaluate, AnExceptionHidesOpinionsButNoFacts) {
  Policy policy = BuiltInPolicy();
  policy.rules["cluster-share"] = Mode::kEnforce;
  policy.limits.application.executors.max = 10;
  const Workload workload =
      WorkloadOf({{"spark.executor.memory", "8g"}, {"spark.executor.instances", "20"}});
  EXPECT_EQ(Evaluate(workload, policy, Guide()).verdict, VerdictKind::kRewritten);
  const Decision lifted = Evaluate(workload, policy, Guide(), {"cluster-share"});
  EXPECT_EQ(lifted.verdict, VerdictKind::kExempt);
  EXPECT_EQ(lifted.after, workload);
  EXPECT_NE(Actions(lifted).find("cluster-share Warn"), std::string::npos);
  EXPECT_EQ(Evaluate(Oversized(), BuiltInPolicy(), Guide(), {"executor-fits-node"}).verdict,
            VerdictKind::kRewritten);
}

TEST(Evaluate, LimitsThatContradictEachOtherRejectRatherThanAlternate) {
  Policy policy = BuiltInPolicy();
  policy.rules["executor-shape"] = Mode::kEnforce;
  policy.rules["stranded-capacity"] = Mode::kEnforce;
  policy.limits.executor.heap = {Gibibytes(20), Gibibytes(10)};
  const Decision decision = Evaluate(Oversized(), policy, Guide());
  EXPECT_EQ(decision.verdict, VerdictKind::kRejected);
}

// A GPU is asked of Kubernetes as it is asked of Spark.
TEST(Evaluate, ResourcesFollowTheSplit) {
  ClusterCapacity cluster = Guide();
  cluster.classes[0].allocatable.extended = {{"nvidia.com/gpu", 4}};
  Workload workload = Oversized();
  workload.conf.Set("spark.executor.resource.gpu.amount", "2");
  workload.conf.Set("spark.executor.resource.gpu.vendor", "nvidia.com");
  workload.executor_extras.extended = {{"nvidia.com/gpu", 2}};
  Derive(workload);
  const Decision decision = Evaluate(workload, BuiltInPolicy(), cluster);
  EXPECT_EQ(decision.verdict, VerdictKind::kRewritten) << Actions(decision);
  EXPECT_EQ(decision.after.executor_extras.extended.front().second, 1);
  EXPECT_EQ(Evaluate(decision.after, BuiltInPolicy(), cluster).verdict, VerdictKind::kAdmitted);
}

TEST(Rules, EveryIdIsListedOnceAndHasADefault) {
  EXPECT_EQ(AllRules().size(), RuleDefaults().size());
  for (const RuleDefault& standard : RuleDefaults()) {
    EXPECT_EQ(std::count_if(AllRules().begin(), AllRules().end(),
                            [&](const Rule* rule) { return rule->id == standard.id; }),
              1)
        << standard.id;
    EXPECT_NE(FindRule(standard.id), nullptr);
    EXPECT_FALSE(FindRule(standard.id)->summary.empty());
  }
  EXPECT_EQ(FindRule("no-such-rule"), nullptr);
  EXPECT_EQ(AllRules().back()->id, "spark-refuses");
}

}  // namespace
}  // namespace ballast::policy
