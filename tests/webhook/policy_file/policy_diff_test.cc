#include "webhook/policy_file/policy_diff.h"

#include <gtest/gtest.h>

#include <memory>

#include "webhook/policy_file/policy_yaml.h"

namespace ballast::webhook {
namespace {

using policy::PolicySet;
using policy::Workload;

constexpr int64_t kNow = 1'790'000'000;  // 2026-09-21

PolicySet Policies(const std::string& documents) {
  auto read = ReadPolicyFile(documents, "policy.yaml");
  if (const auto* mistakes = std::get_if<std::vector<policy::Error>>(&read)) {
    for (const policy::Error& mistake : *mistakes) {
      ADD_FAILURE() << mistake.where << ": " << mistake.what;
    }
    return {};
  }
  auto& file = std::get<PolicyFile>(read);
  return {std::move(file.policies), std::move(file.exceptions)};
}

PolicySet Limits(const std::string& limits, const std::string& more = "") {
  return Policies(
      "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\n"
      "metadata: {name: org}\nspec:\n  limits: " +
      limits + "\n  rules: {executor-shape: Enforce, driver-shape: Enforce}\n" + more);
}

Workload Job(const std::string& name, std::string_view heap) {
  Workload workload;
  workload.resource = {"sparkoperator.k8s.io/v1beta2", "SparkApplication", "jobs", name};
  workload.versions = {{3, 5}, {3, 5}};
  workload.conf = policy::SparkConf({{"spark.executor.memory", heap},
                                     {"spark.executor.cores", "4"},
                                     {"spark.executor.instances", "10"}});
  policy::Derive(workload);
  return workload;
}

std::vector<JudgedOtherwise> Diff(const PolicySet& before, const PolicySet& after,
                                  const std::vector<Workload>& workloads, int64_t now = kNow) {
  return DiffPolicies(before, after, {}, workloads, {}, now);
}

std::string Text(const std::vector<JudgedOtherwise>& changes, size_t judged) {
  return PrintPolicyDiff(changes, judged, Paint(false));
}

TEST(PolicyDiff, TheSamePoliciesJudgeAlike) {
  const std::vector<Workload> jobs = {Job("small", "8g"), Job("large", "30g")};
  const PolicySet policies = Limits("{executor: {heap: {max: 16g}}}");
  EXPECT_TRUE(Diff(policies, policies, jobs).empty());
  EXPECT_EQ(Text({}, 2), "0 of 2 applications would be judged otherwise\n");
}

TEST(PolicyDiff, OnlyWhatChangesIsTold) {
  const std::vector<Workload> jobs = {Job("small", "8g"), Job("large", "30g")};
  const auto changes = Diff(Limits("{}"), Limits("{executor: {heap: {max: 16g}}}"), jobs);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].resource.name, "large");
  EXPECT_EQ(changes[0].before, policy::VerdictKind::kAdmitted);
  EXPECT_EQ(changes[0].after, policy::VerdictKind::kRewritten);
  EXPECT_TRUE(changes[0].gone.empty());
  EXPECT_EQ(
      Text(changes, jobs.size()),
      "SparkApplication jobs/large: Admitted -> Rewritten\n"
      "  + executor-shape: an executor's heap of 30g is over the policy's 16g; 10 executors of "
      "33 GiB and 4\n"
      "    cores become 20 executors of 16.6 GiB and 2 cores, 40 task slots; each executor "
      "holds its own\n"
      "    copy of broadcasts and its own shuffle connections\n"
      "    spark.executor.cores: 4 -> 2\n"
      "    spark.executor.instances: 10 -> 20\n"
      "    spark.executor.memory: 30g -> 15510m\n"
      "1 of 2 applications would be judged otherwise\n");
}

TEST(PolicyDiff, AnotherRewriteIsTold) {
  const auto changes = Diff(Limits("{executor: {heap: {max: 16g}}}"),
                            Limits("{executor: {heap: {max: 8g}}}"), {Job("large", "30g")});
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].before, changes[0].after);
  EXPECT_EQ(changes[0].gone.size(), 1U);
  EXPECT_EQ(changes[0].added.size(), 1U);
  const std::string text = Text(changes, 1);
  EXPECT_TRUE(
      text.starts_with("SparkApplication jobs/large: Rewritten, otherwise than before\n"
                       "  - executor-shape: "))
      << text;
  EXPECT_NE(text.find("\n  + executor-shape: "), std::string::npos) << text;
}

TEST(PolicyDiff, AnotherWarningAloneIsNoOtherJudgement) {
  const std::vector<Workload> jobs = {Job("large", "30g")};
  const auto warned = [](const char* limits) {
    return Policies(
        "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\nmetadata: {name: "
        "org}\n"
        "spec: {limits: " +
        std::string(limits) + "}\n");
  };
  EXPECT_TRUE(Diff(warned("{}"), warned("{executor: {heap: {max: 16g}}}"), jobs).empty());
}

TEST(PolicyDiff, ExceptionsCountWhileTheyLast) {
  const std::vector<Workload> jobs = {Job("large", "30g")};
  const char* const kLimit = "{executor: {heap: {max: 16g}}}";
  const PolicySet lifted =
      Limits(kLimit,
             "  exceptions: {namespaceSelector: {}, rules: [executor-shape], maxDuration: 90d}\n"
             "---\napiVersion: policy.ballast.dev/v1alpha1\nkind: SparkPolicyException\n"
             "metadata:\n  name: quarter-end\n  namespace: jobs\n"
             "  creationTimestamp: \"2026-09-01T00:00:00Z\"\n"
             "  annotations: {ballast.dev/requester: ann}\n"
             "spec: {rules: [executor-shape], until: 2026-09-24, reason: quarter end}\n");
  const auto during = Diff(Limits(kLimit), lifted, jobs);
  ASSERT_EQ(during.size(), 1U);
  EXPECT_EQ(during[0].after, policy::VerdictKind::kExempt);
  EXPECT_TRUE(Diff(Limits(kLimit), lifted, jobs, kNow + 30 * 86400).empty());
}

TEST(PolicyDiff, NamespaceLabelsDecideWhichPolicyMatches) {
  const PolicySet by_label = Policies(
      "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\nmetadata: {name: org}\n"
      "spec:\n  namespaceSelector: {matchLabels: {tier: batch}}\n"
      "  limits: {executor: {heap: {max: 16g}}}\n  rules: {executor-shape: Enforce}\n");
  const std::vector<Workload> jobs = {Job("large", "30g")};
  EXPECT_TRUE(DiffPolicies({}, by_label, {}, jobs, {}, kNow).empty());
  policy::NamespaceState batch;
  batch.labels = {{"tier", "batch"}};
  const policy::NamespaceStates states = {
      {"jobs", std::make_shared<const policy::NamespaceState>(std::move(batch))}};
  EXPECT_EQ(DiffPolicies({}, by_label, {}, jobs, states, kNow).size(), 1U);
}

}  // namespace
}  // namespace ballast::webhook
