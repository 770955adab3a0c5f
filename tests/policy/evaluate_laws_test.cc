// Laws of the whole engine, over random workloads, policies and clusters.
#include <gtest/gtest.h>

#include <string>

#include "policy/evaluate.h"
#include "policy/rules/rules.h"
#include "policy/split.h"
#include "policy/startup_verdict.h"
#include "tests/policy/random_case.h"

namespace ballast::policy {
namespace {

constexpr uint64_t kCases = 20000;

struct Case {
  Workload workload;
  Policy policy;
  ClusterCapacity cluster;
};

Case MakeCase(uint64_t seed) {
  Dice dice(seed);
  const SparkVersion versions[] = {{3, 3}, {3, 4}, {3, 5}, {4, 0}, {4, 1}, {4, 2}, {4, 3}};
  const Language languages[] = {Language::kJvm, Language::kPython, Language::kR};
  Case made;
  const SparkVersion version = dice.Of(versions);
  made.workload = WorkloadOf(RandomConf(dice), dice.Of(languages), version);
  made.workload.version_known = !dice.OneIn(4);
  if (dice.OneIn(5)) {
    made.workload.executor_extras.sidecar_memory = Mebibytes(dice.Between(1, 500));
    made.workload.executor_extras.sidecar_cpu = Millis(dice.Between(1, 500));
  }
  made.policy = RandomPolicy(dice);
  made.cluster = RandomCluster(dice);
  return made;
}

std::string Describe(const Decision& decision) {
  std::string text = "before:";
  for (const auto& [key, value] : decision.before.conf.ToMap()) text += "\n  " + key + "=" + value;
  text += "\nverdict " + std::string(Name(decision.verdict));
  for (const SettingChange& change :
       SparkConf::Difference(decision.before.conf, decision.after.conf)) {
    text += "\n  -> " + change.key + "=" + change.value.value_or("(removed)");
  }
  for (const Finding& finding : decision.findings) {
    text += "\n  " + std::string(finding.rule) + " " + std::string(Name(finding.action)) + ": " +
            finding.message;
  }
  return text;
}

// What a decision leaves needs no other: admitting it again changes nothing.
TEST(EvaluateLaws, TheResultIsAFixedPoint) {
  int64_t rewritten = 0;
  int64_t rejected = 0;
  for (uint64_t seed = 1; seed <= kCases; ++seed) {
    const Case made = MakeCase(seed);
    const Decision first = Evaluate(made.workload, made.policy, made.cluster);
    rejected += first.verdict == VerdictKind::kRejected ? 1 : 0;
    if (first.verdict == VerdictKind::kRejected) {
      ASSERT_EQ(first.after, first.before) << "seed " << seed;
      continue;
    }
    rewritten += first.verdict == VerdictKind::kRewritten ? 1 : 0;
    const Decision second = Evaluate(first.after, made.policy, made.cluster);
    bool stable = second.verdict == VerdictKind::kAdmitted && second.after == first.after;
    for (const Finding& finding : second.findings) {
      stable = stable && finding.action == Action::kWarn;
    }
    ASSERT_TRUE(stable) << "seed " << seed << "\n"
                        << Describe(first) << "\nagain " << Describe(second);
  }
  EXPECT_GT(rewritten, 3000);
  EXPECT_GT(rejected, 1000);
}

// A job whose pods fit and that Spark accepts is admitted unchanged by the built-in policy.
TEST(EvaluateLaws, TheBuiltInPolicyAdmitsWhatRuns) {
  int64_t judged = 0;
  for (uint64_t seed = 1; seed <= kCases; ++seed) {
    const Case made = MakeCase(seed);
    const Context context = MakeContext(made.workload, BuiltInPolicy(), made.cluster);
    bool runs = made.workload.sizes.ok();
    runs =
        runs &&
        JudgeStartup(made.workload.conf, made.workload, context.possible_versions).groups.empty();
    runs = runs &&
           FitsAnyNode(context.executor_nodes, *made.workload.sizes.executor,
                       context.executor_extras) &&
           FitsAnyNode(context.driver_nodes, *made.workload.sizes.driver, context.driver_extras);
    if (!runs) continue;
    ++judged;
    const Decision decision = Evaluate(made.workload, BuiltInPolicy(), made.cluster);
    ASSERT_EQ(decision.verdict, VerdictKind::kAdmitted) << "seed " << seed << Describe(decision);
    ASSERT_EQ(decision.after, made.workload);
  }
  EXPECT_GT(judged, 500);
}

// A rule that only warns, or is off, changes nothing; one that is lifted neither.
TEST(EvaluateLaws, WarningsChangeNothing) {
  for (uint64_t seed = 1; seed <= 2000; ++seed) {
    Case made = MakeCase(seed);
    std::vector<std::string> all;
    for (auto& [rule, mode] : made.policy.rules) {
      all.push_back(rule);
      mode = mode == Mode::kOff ? Mode::kOff : Mode::kWarn;
    }
    const Decision decision = Evaluate(made.workload, made.policy, made.cluster);
    ASSERT_EQ(decision.verdict, VerdictKind::kAdmitted) << "seed " << seed;
    ASSERT_EQ(decision.after, made.workload);
    for (const Finding& finding : decision.findings) ASSERT_EQ(finding.action, Action::kWarn);
  }
}

}  // namespace
}  // namespace ballast::policy
