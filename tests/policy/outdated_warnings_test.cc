#include "policy/outdated_warnings.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/policy/random_case.h"

namespace ballast::policy {
namespace {

// Nodes of 10 cores and 70 GiB: a heap of 64g is above 50g, and so is half of 120g.
ClusterCapacity Cluster() {
  NodeClass nodes;
  nodes.name = "node";
  nodes.allocatable = {Cores(10), Gibibytes(70), 110, {}};
  nodes.count = nodes.ready = 10;
  return {true, {nodes}, {}};
}

Decision Judge(const std::string& heap, const std::string& cores, const Policy& policy) {
  return Evaluate(WorkloadOf({{"spark.executor.memory", heap},
                              {"spark.executor.cores", cores},
                              {"spark.executor.instances", "2"}}),
                  policy, Cluster());
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
  const char* heap;
  const char* cores;
  VerdictKind verdict;
  const char* want;
};

TEST(OutdatedWarnings, AHeapThatTheSplitLoweredIsNoLongerTooLarge) {
  const OutdatedCase cases[] = {
      {"AtTheCeiling", "50g", "4", VerdictKind::kAdmitted, ""},
      {"AboveItAndAdmitted", "51g", "4", VerdictKind::kAdmitted, "off-heap Warn"},
      {"SplitToUnderIt", "80g", "8", VerdictKind::kRewritten, "executor-fits-node Rewrite"},
      {"SplitToWhatIsStillAboveIt", "110g", "8", VerdictKind::kRewritten,
       "off-heap Warn, executor-fits-node Rewrite"},
      {"RejectedAsItWas", "80g", "1", VerdictKind::kRejected,
       "off-heap Warn, executor-fits-node Reject"},
  };
  Policy policy = BuiltInPolicy();
  policy.rules["stranded-capacity"] = Mode::kOff;
  for (const OutdatedCase& test : cases) {
    const Decision decision = Judge(test.heap, test.cores, policy);
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
  EXPECT_EQ(RulesOf(Evaluate(workload, policy, Cluster())),
            "deprecated-settings Warn, conflicting-settings Warn, executor-fits-node Rewrite");
}

}  // namespace
}  // namespace ballast::policy
