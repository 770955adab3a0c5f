#include "policy/outdated_warnings.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/policy/random_case.h"

namespace ballast::policy {
namespace {

// Nodes of 10 cores.
ClusterCapacity NodesOf(ByteSize memory) {
  NodeClass nodes;
  nodes.name = "node";
  nodes.allocatable = {Cores(10), memory, 110, {}};
  nodes.count = nodes.ready = 10;
  return {true, {nodes}, {}};
}

std::string RulesOf(const Decision& decision) {
  std::string text;
  for (const Finding& finding : decision.findings) {
    text += (text.empty() ? "" : ", ") + std::string(finding.rule) + " " +
            std::string(Name(finding.action));
  }
  return text;
}

struct OutdatedCase {
  const char* name;
  ByteSize node;
  const char* heap;
  const char* cores;
  VerdictKind verdict;
  const char* want;
};

TEST(OutdatedWarnings, AHeapThatTheSplitLoweredIsNoLongerTooLarge) {
  const OutdatedCase cases[] = {
      {"AtTheCeiling", Gibibytes(70), "50g", "4", VerdictKind::kAdmitted, ""},
      {"AboveItAndAdmitted", Gibibytes(70), "51g", "4", VerdictKind::kAdmitted, "off-heap Warn"},
      {"SplitToUnderIt", Gibibytes(40), "80g", "8", VerdictKind::kRewritten,
       "executor-fits-node Rewrite"},
      {"SplitToWhatIsStillAboveIt", Gibibytes(70), "80g", "8", VerdictKind::kRewritten,
       "off-heap Warn, executor-fits-node Rewrite"},
      {"RejectedAsItWas", Gibibytes(40), "80g", "1", VerdictKind::kRejected,
       "off-heap Warn, executor-fits-node Reject"},
  };
  Policy policy = BuiltInPolicy();
  policy.rules["stranded-capacity"] = Mode::kOff;
  for (const OutdatedCase& test : cases) {
    const Decision decision = Evaluate(WorkloadOf({{"spark.executor.memory", test.heap},
                                                   {"spark.executor.cores", test.cores},
                                                   {"spark.executor.instances", "2"}}),
                                       policy, NodesOf(test.node));
    EXPECT_EQ(decision.verdict, test.verdict) << test.name;
    EXPECT_EQ(RulesOf(decision), test.want) << test.name;
  }
}

TEST(OutdatedWarnings, WhatNothingChangedStays) {
  Policy policy = BuiltInPolicy();
  policy.rules["stranded-capacity"] = Mode::kOff;
  Workload workload = WorkloadOf({{"spark.executor.memory", "80g"},
                                  {"spark.executor.cores", "8"},
                                  {"spark.shuffle.memoryFraction", "0.4"}});
  workload.overridden.push_back(
      {"spark.executor.cores", "4", "/spec/executor/cores", "8", "/spec/sparkConf"});
  EXPECT_EQ(RulesOf(Evaluate(workload, policy, NodesOf(Gibibytes(40)))),
            "conflicting-settings Warn, memory-fractions Warn, executor-fits-node Rewrite");
}

}  // namespace
}  // namespace ballast::policy
