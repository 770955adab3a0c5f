// The example policy on the tuning guides' cluster: what the demo promises to show.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "k8s/nodes.h"
#include "policy/evaluate.h"
#include "webhook/policy_file/policy_diff.h"
#include "webhook/policy_file/policy_yaml.h"

namespace ballast::webhook {
namespace {

using policy::Decision;
using policy::VerdictKind;
using policy::Workload;

std::string DemoFile(const std::string& name) {
  return std::string(BALLAST_SOURCE_DIR) + "/webhook/demo/" + name;
}

policy::PolicySet DemoPolicies() {
  std::ifstream file(DemoFile("policy.yaml"));
  std::stringstream text;
  text << file.rdbuf();
  const auto read = ReadPolicyFile(text.str(), "policy.yaml");
  if (const auto* errors = std::get_if<std::vector<policy::Error>>(&read)) {
    for (const policy::Error& error : *errors) ADD_FAILURE() << error.where << ": " << error.what;
    return {};
  }
  const auto& result = std::get<PolicyFile>(read);
  return {result.policies, result.exceptions};
}

policy::ClusterCapacity DemoCluster() {
  auto cluster = k8s::ReadNodesFile(DemoFile("cluster.yaml"));
  if (!cluster.ok()) {
    ADD_FAILURE() << cluster.error().where << ": " << cluster.error().what;
    return {};
  }
  return std::move(cluster).value();
}

Workload Job(const std::string& name,
             std::initializer_list<std::pair<std::string_view, std::string_view>> conf) {
  Workload workload;
  workload.resource = {"sparkoperator.k8s.io/v1beta2", "SparkApplication", "default", name};
  workload.spark_version_text = "3.5.1";
  workload.versions = {{3, 5}, {3, 5}};
  workload.conf = policy::SparkConf(conf);
  policy::Derive(workload);
  return workload;
}

Workload TuningGuidesJob() {
  return Job("tuning-guide", {{"spark.driver.memory", "4g"},
                              {"spark.executor.memory", "28g"},
                              {"spark.executor.memoryOverhead", "4g"},
                              {"spark.executor.cores", "4"},
                              {"spark.executor.instances", "200"}});
}

Workload OversizedJob() {
  return Job("oversized", {{"spark.driver.memory", "4g"},
                           {"spark.executor.memory", "60g"},
                           {"spark.executor.cores", "8"},
                           {"spark.executor.instances", "20"},
                           {"spark.kryoserializer.buffer.max", "2048m"}});
}

const policy::Finding* Find(const Decision& decision, std::string_view rule) {
  for (const policy::Finding& finding : decision.findings) {
    if (finding.rule == rule) return &finding;
  }
  return nullptr;
}

TEST(DemoPolicy, TheTuningGuidesJobIsLoweredToItsShare) {
  const auto effective = DemoPolicies().For("default", {}, {});
  const Decision decision = Evaluate(TuningGuidesJob(), effective->policy, DemoCluster());
  EXPECT_EQ(decision.verdict, VerdictKind::kRewritten);
  EXPECT_EQ(decision.after.conf.Get("spark.executor.instances"), "97");
  ASSERT_NE(Find(decision, "cluster-share"), nullptr);
  EXPECT_EQ(Find(decision, "cluster-share")->action, policy::Action::kRewrite);
  ASSERT_NE(Find(decision, "stranded-capacity"), nullptr);
  EXPECT_EQ(Find(decision, "stranded-capacity")->action, policy::Action::kWarn);
}

TEST(DemoPolicy, TheOversizedJobIsSplitAndCapped) {
  const auto effective = DemoPolicies().For("default", {}, {});
  const Decision decision = Evaluate(OversizedJob(), effective->policy, DemoCluster());
  EXPECT_EQ(decision.verdict, VerdictKind::kRewritten);
  EXPECT_EQ(decision.after.conf.Get("spark.executor.cores"), "4");
  EXPECT_EQ(decision.after.conf.Get("spark.executor.memory"), "30870m");
  EXPECT_EQ(decision.after.conf.Get("spark.executor.instances"), "40");
  EXPECT_EQ(decision.after.conf.Get("spark.kryoserializer.buffer.max"), "1024m");
}

TEST(PolicyDiff, TellsWhoWouldBeJudgedOtherwise) {
  const Workload small = Job("small", {{"spark.driver.memory", "1g"},
                                       {"spark.executor.memory", "4g"},
                                       {"spark.executor.cores", "1"},
                                       {"spark.executor.instances", "2"}});
  const std::vector<Workload> workloads = {small, TuningGuidesJob()};
  const auto changes =
      DiffPolicies(policy::PolicySet(), DemoPolicies(), DemoCluster(), workloads, {}, 0);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].resource.name, "tuning-guide");
  EXPECT_EQ(changes[0].before, VerdictKind::kAdmitted);
  EXPECT_EQ(changes[0].after, VerdictKind::kRewritten);
  EXPECT_EQ(changes[0].settings, std::vector<std::string>{"spark.executor.instances: 200 -> 97"});
  const std::string text = PrintPolicyDiff(changes, workloads.size(), Paint(false));
  EXPECT_TRUE(text.starts_with("SparkApplication default/tuning-guide: Admitted -> Rewritten\n"))
      << text;
  EXPECT_TRUE(
      text.ends_with("    spark.executor.instances: 200 -> 97\n"
                     "1 of 2 applications would be judged otherwise\n"))
      << text;
}

TEST(PolicyDiff, TheSamePoliciesChangeNothing) {
  const std::vector<Workload> workloads = {TuningGuidesJob(), OversizedJob()};
  const auto changes =
      DiffPolicies(DemoPolicies(), DemoPolicies(), DemoCluster(), workloads, {}, 0);
  EXPECT_TRUE(changes.empty());
  EXPECT_EQ(PrintPolicyDiff(changes, 2, Paint(false)),
            "0 of 2 applications would be judged otherwise\n");
}

}  // namespace
}  // namespace ballast::webhook
