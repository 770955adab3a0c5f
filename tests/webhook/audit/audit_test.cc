// What is stored against present policy: as it runs, as its user wrote it, and what an exception
// hides.
#include "webhook/audit/audit.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "k8s/json_text.h"
#include "k8s/patch.h"
#include "webhook/admission/admit.h"
#include "webhook/audit/audit_text.h"
#include "webhook/policy_file/policy_yaml.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;
using policy::VerdictKind;

constexpr int64_t kNow = 1'790'000'000;  // 2026-09-21

policy::PolicySet Policies(const std::string& text) {
  auto read = ReadPolicyFile(text, "policy.yaml");
  auto* file = std::get_if<PolicyFile>(&read);
  if (file == nullptr) {
    ADD_FAILURE() << std::get<std::vector<policy::Error>>(read).front().what;
    return {};
  }
  return {std::move(file->policies), std::move(file->exceptions)};
}

// Executors of at most so much heap, and who may lift that.
std::string HeapAtMost(const std::string& heap) {
  return "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\n"
         "metadata: {name: org}\nspec:\n  limits: {executor: {heap: {max: " +
         heap +
         "}}}\n  rules: {executor-shape: Enforce}\n"
         "  exceptions: {namespaceSelector: {}, rules: [executor-shape], maxDuration: 8760h}\n";
}

const char* const kException =
    "---\napiVersion: policy.ballast.dev/v1alpha1\nkind: SparkPolicyException\n"
    "metadata: {name: quarter-end, namespace: jobs}\n"
    "spec: {rules: [executor-shape], reason: the quarter ends, until: \"2026-09-22T00:00:00Z\"}\n";

json Application(const std::string& heap) {
  return {{"apiVersion", "sparkoperator.k8s.io/v1beta2"},
          {"kind", "SparkApplication"},
          {"metadata", {{"name", "job"}, {"namespace", "jobs"}}},
          {"spec",
           {{"type", "Scala"},
            {"sparkVersion", "3.5.6"},
            {"driver", {{"cores", 1}, {"memory", "2g"}}},
            {"executor", {{"cores", 4}, {"memory", heap}, {"instances", 4}}}}}};
}

// Ten of 16 cores and 64 GiB.
policy::ClusterCapacity Nodes() {
  policy::ClusterCapacity cluster;
  cluster.known = true;
  policy::NodeClass& nodes = cluster.classes.emplace_back();
  nodes.allocatable.cpu = policy::Cores(16);
  nodes.allocatable.memory = policy::Gibibytes(64);
  nodes.count = nodes.ready = 10;
  return cluster;
}

// As the webhook stores it under these policies.
json Stored(const json& object, const policy::PolicySet& policies) {
  Snapshot snapshot;
  snapshot.policies = policies;
  snapshot.cluster = Nodes();
  AdmissionRequest request;
  request.api_version = "sparkoperator.k8s.io/v1beta2";
  request.kind = "SparkApplication";
  request.namespace_name = "jobs";
  request.operation = "CREATE";
  request.object = k8s::JsonView(object);
  const AdmissionAnswer answer = Admit(request, Endpoint::kMutate, snapshot, kNow);
  return k8s::ApplyPatch(object, answer.patch).value();
}

Audited AuditOf(const json& object, const policy::PolicySet& policies) {
  const policy::ClusterCapacity cluster = Nodes();
  const k8s::Kind* kind = k8s::FindKind("sparkoperator.k8s.io/v1beta2", "SparkApplication");
  return Audit(ReadStored(object, *kind, {}, "default"), {policies, cluster, nullptr, kNow});
}

struct Case {
  const char* name;
  const char* heap;          // as the user wrote it
  const char* stored_under;  // the largest heap when it was submitted; null: before Ballast
  const char* now;           // the largest heap by now
  VerdictKind verdict;
  bool outstanding;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

const Case kCases[] = {
    {"AtTheLimit", "16g", nullptr, "16g", VerdictKind::kAdmitted, false},
    {"OverIt", "17g", nullptr, "16g", VerdictKind::kRewritten, true},
    {"RewrittenAsToday", "30g", "16g", "16g", VerdictKind::kRewritten, false},
    {"RewrittenMoreThanToday", "30g", "8g", "16g", VerdictKind::kRewritten, false},
    {"RewrittenLessThanToday", "30g", "16g", "8g", VerdictKind::kRewritten, true},
    {"AllowedByNow", "30g", "16g", "64g", VerdictKind::kRewritten, false},
};

class Audits : public testing::TestWithParam<Case> {};

TEST_P(Audits, WhatRuns) {
  const Case& c = GetParam();
  json object = Application(c.heap);
  if (c.stored_under != nullptr) object = Stored(object, Policies(HeapAtMost(c.stored_under)));
  const policy::PolicySet now = Policies(HeapAtMost(c.now));
  const Audited audited = AuditOf(object, now);
  EXPECT_EQ(Name(audited.decision.verdict), Name(c.verdict));
  EXPECT_EQ(audited.outstanding, std::optional(c.outstanding));
  EXPECT_TRUE(audited.skipped.empty());
  EXPECT_EQ(WorthTelling(audited), c.verdict != VerdictKind::kAdmitted);
}

INSTANTIATE_TEST_SUITE_P(Cases, Audits, testing::ValuesIn(kCases),
                         [](const auto& tested) { return tested.param.name; });

TEST(Audit, AnExceptionIsToldAsSkippedWithWhatItWouldBe) {
  const json object = Application("30g");
  const Audited audited = AuditOf(object, Policies(HeapAtMost("16g") + kException));
  EXPECT_EQ(audited.decision.verdict, VerdictKind::kExempt);
  EXPECT_EQ(audited.without_exceptions, VerdictKind::kRewritten);
  for (const policy::Finding& finding : audited.decision.findings) {
    EXPECT_NE(finding.rule, "executor-shape");
  }
  ASSERT_EQ(audited.skipped.size(), 1U);
  EXPECT_EQ(audited.skipped[0].finding.rule, "executor-shape");
  EXPECT_EQ(audited.skipped[0].finding.action, policy::Action::kRewrite);
  EXPECT_EQ(audited.skipped[0].exception, "quarter-end");

  const std::string text = AuditText(AuditJson({audited}, {}), Paint(false));
  EXPECT_EQ(text,
            "NAMESPACE  KIND              NAME  VERDICT  WORST FINDING\n"
            "jobs       SparkApplication  job   Exempt   skipped (would be Rewritten, but for the "
            "exception quarter-end): executor-shape: an executor's heap of 30g is over the p"
            "\xE2\x80\xA6\n\n"
            "1 application: 1 exempt\n");
}

TEST(Audit, WhatCannotBeReadIsToldWithItsPlace) {
  json object = Application("8g");
  object["spec"]["executor"]["memory"] = "much";
  const Audited audited = AuditOf(object, {});
  ASSERT_FALSE(audited.unreadable);  // Spark's own refusal, not ours
  object["spec"]["executor"]["instances"] = "many";
  const Audited unreadable = AuditOf(object, {});
  ASSERT_TRUE(unreadable.unreadable);
  EXPECT_EQ(unreadable.unreadable->where, "/spec/executor/instances");
  const json audit = AuditJson({unreadable}, {});
  EXPECT_EQ(audit["applications"][0]["verdict"], "Unreadable");
  EXPECT_EQ(audit["summary"]["unreadable"], 1);
}

TEST(Audit, ASnapshotDoesNotKnowWhatRuns) {
  const policy::PolicySet policies = Policies(HeapAtMost("16g"));
  const policy::ClusterCapacity unknown;
  const k8s::Kind* kind = k8s::FindKind("sparkoperator.k8s.io/v1beta2", "SparkApplication");
  const json object = Application("30g");
  auto workload = kind->normalise(k8s::JsonView(object), {}).value();
  policy::Derive(workload);
  const Audited audited = Audit(FromSnapshot(workload), {policies, unknown, nullptr, kNow});
  EXPECT_EQ(audited.decision.verdict, VerdictKind::kRewritten);
  EXPECT_EQ(audited.outstanding, std::nullopt);
}

TEST(AuditText, TheWorstStandsFirstAndWhatIsWellIsOnlyCounted) {
  const policy::PolicySet policies = Policies(HeapAtMost("16g"));
  std::vector<Audited> all;
  for (const auto& [name, heap] : {std::pair{"well", "16g"}, {"b", "30g"}, {"a", "17g"}}) {
    json object = Application(heap);
    object["metadata"]["name"] = name;
    all.push_back(AuditOf(object, policies));
  }
  const json audit = AuditJson(all, {.ended = 2});
  ASSERT_EQ(audit["applications"].size(), 2U);
  EXPECT_EQ(audit["applications"][0]["resource"]["name"], "a");
  const std::string text = AuditText(audit, Paint(false));
  EXPECT_NE(text.find("3 applications: 2 rewritten (2 outstanding), 1 admitted; 2 that have ended "
                      "left out (--ended)\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(AuditJson(all, {.admitted = true})["applications"].size(), 3U);
}

TEST(StoredApplication, HasEndedWhereItsOperatorSaysSo) {
  const auto ended = [](const char* status) {
    const json object = {{"status", k8s::ParseJson(status)}};
    return HasEnded(k8s::JsonView(object));
  };
  EXPECT_TRUE(ended(R"({"applicationState":{"state":"COMPLETED"}})"));
  EXPECT_TRUE(ended(R"({"applicationState":{"state":"FAILED"}})"));
  EXPECT_FALSE(ended(R"({"applicationState":{"state":"RUNNING"}})"));
  EXPECT_FALSE(ended(R"({"applicationState":{"state":"FAILING"}})"));
  EXPECT_TRUE(ended(R"({"currentState":{"currentStateSummary":"ResourceReleased"}})"));
  EXPECT_FALSE(ended(R"({"currentState":{"currentStateSummary":"RunningHealthy"}})"));
  EXPECT_FALSE(ended(R"({})"));
}

}  // namespace
}  // namespace ballast::webhook
