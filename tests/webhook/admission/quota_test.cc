// A namespace's quota at admission: what is used is not counted twice, and replicas with views a
// moment apart do not contradict each other.

#include <gtest/gtest.h>

#include "tests/webhook/admission/admission_fixture.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

constexpr char kPolicy[] = R"(
apiVersion: policy.ballast.dev/v1alpha1
kind: SparkResourcePolicy
metadata: {name: quotas-bind}
spec: {rules: {namespace-quota: Enforce}}
)";

// A driver and four executors; the namespace may hold `hard` pods, and holds `used`.
json Job(int executors) {
  json job = Application(R"({"sparkVersion":"3.5.6"})");
  job["spec"]["executor"]["instances"] = executors;
  return job;
}

Snapshot WithQuota(int64_t hard, int64_t used) {
  Snapshot snapshot = SnapshotOf(kPolicy);
  auto state = std::make_shared<policy::NamespaceState>();
  state->quotas.push_back({"compute", {{"pods", hard}}, {{"pods", used}}, {}});
  snapshot.namespaces = std::make_shared<const policy::NamespaceStates>(
      policy::NamespaceStates{{"jobs", std::move(state)}});
  return snapshot;
}

// "pods 1 + 4 x 1 = 5, free 4 of 9" where the answer warns of the quota; empty otherwise.
std::string QuotaFinding(const AdmissionAnswer& answer) {
  for (const policy::Finding& finding : answer.decision.findings) {
    if (finding.rule == "namespace-quota") return finding.message;
  }
  return "";
}

TEST(QuotaAdmission, RefusesWhatTheQuotaNeverAllows) {
  const json job = Job(4);
  for (const Endpoint endpoint : {Endpoint::kMutate, Endpoint::kValidate}) {
    EXPECT_TRUE(Admit(Create(job), endpoint, WithQuota(5, 0), kNow).allowed);
    const AdmissionAnswer refused = Admit(Create(job), endpoint, WithQuota(4, 0), kNow);
    EXPECT_FALSE(refused.allowed);
    EXPECT_EQ(refused.code, 422);
    EXPECT_NE(refused.message.find("pods 1 + 4 x 1 = 5 of 4; at most 3 executors fit"),
              std::string::npos)
        << refused.message;
  }
}

// However much is used at the moment of either look, an object that one admits the other does not
// refuse.
TEST(QuotaAdmission, WhatIsUsedNeverRefuses) {
  const json job = Job(4);
  for (const int64_t used : {0, 4, 5, 9, 100}) {
    for (const Endpoint endpoint : {Endpoint::kMutate, Endpoint::kValidate}) {
      const AdmissionAnswer answer = Admit(Create(job), endpoint, WithQuota(9, used), kNow);
      EXPECT_TRUE(answer.allowed) << used;
      EXPECT_EQ(QuotaFinding(answer).empty(), used <= 4) << used;
    }
  }
}

TEST(QuotaAdmission, AnUpdateDoesNotCountItsOwnUseTwice) {
  const json stored = Job(4);
  const json larger = Job(6);
  // All nine that are used: five are its own.
  EXPECT_EQ(QuotaFinding(Admit(Update(larger, stored), Endpoint::kMutate, WithQuota(11, 9), kNow)),
            "");
  EXPECT_EQ(QuotaFinding(Admit(Update(larger, stored), Endpoint::kMutate, WithQuota(10, 9), kNow)),
            "the quota compute has less free just now than the driver and 6 executors need: pods 1 "
            "+ 6 x 1 = 7, free 6 of 10; the rest waits until others end");
  EXPECT_NE(QuotaFinding(Admit(Create(larger), Endpoint::kMutate, WithQuota(11, 9), kNow)), "");
}

TEST(QuotaAdmission, AnotherNamespacesQuotaIsNotAskedFor) {
  json job = Job(4);
  job["metadata"]["namespace"] = "elsewhere";
  AdmissionRequest request = Create(job);
  request.namespace_name = "elsewhere";
  EXPECT_EQ(QuotaFinding(Admit(request, Endpoint::kMutate, WithQuota(1, 0), kNow)), "");
}

}  // namespace
}  // namespace ballast::webhook
