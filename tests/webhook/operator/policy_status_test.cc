// What a status says, and when it is written.
#include "webhook/operator/policy_status.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "k8s/json_text.h"
#include "webhook/operator/decision_tally.h"
#include "webhook/policy_file/policy_object.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

constexpr int64_t kNow = 1'795'255'200;  // 2026-11-21T10:00:00Z
constexpr int64_t kDay = 86'400;

// What the book has after these specs came one after the other.
StoredPolicy After(std::string_view kind, const std::vector<const char*>& specs) {
  PolicyBook book({});
  int generation = 0;
  for (const char* spec : specs) {
    const json object = {{"metadata",
                          {{"name", "org"},
                           {"namespace", kind == kExceptionKind ? "jobs" : ""},
                           {"uid", "u"},
                           {"generation", ++generation},
                           {"creationTimestamp", "2026-11-20T10:00:00Z"}}},
                         {"spec", k8s::ParseJson(spec)}};
    book.Put(kind, k8s::JsonView(object));
  }
  return book.All().at(0);
}

policy::PolicySet Allowing() {
  policy::Policy policy;
  policy.name = "org";
  policy.exceptions.namespace_selector.emplace();
  policy.exceptions.rules = {"cores"};
  return policy::PolicySet({policy}, {});
}

json Status(const StoredPolicy& stored, int64_t now = kNow, std::optional<int64_t> rewrites = 2) {
  static const policy::PolicySet kPolicies = Allowing();
  static const policy::ClusterCapacity kUnknown;
  StatusFacts facts;
  facts.now_seconds = now;
  facts.policies = &kPolicies;
  facts.cluster = &kUnknown;
  facts.replica = "ballast-0";
  facts.since_seconds = kNow - kDay;
  facts.counts = {.admitted = 5, .rewritten = 3, .rejected = 1};
  facts.stored_rewrites = rewrites;
  return StatusOf(stored, facts);
}

struct ConditionCase {
  const char* name;
  std::string_view kind;
  std::vector<const char*> specs;
  const char* accepted;
  const char* ready;
};
void PrintTo(const ConditionCase& one, std::ostream* out) { *out << one.name; }

const ConditionCase kConditions[] = {
    {"Good",
     kPolicyKind,
     {"{}"},
     "True Valid: generation 1 is valid",
     "True InForce: generation 1 is in force, mode Enforce"},
    {"Audit",
     kPolicyKind,
     {R"({"mode":"Audit"})"},
     "True Valid: generation 1 is valid",
     "True InForce: generation 1 is in force, mode Audit"},
    {"BadFromTheBeginning",
     kPolicyKind,
     {R"({"mode":"x"})"},
     "False Invalid: spec.mode: 'x' is not known here; write Enforce, Warn or Audit",
     "False NotInForce: no version of it was ever valid"},
    {"BadAfterAGoodOne",
     kPolicyKind,
     {"{}", R"({"mode":"x"})"},
     "False Invalid: spec.mode: 'x' is not known here; write Enforce, Warn or Audit",
     "False LastGoodVersion: generation 1 stays in force, the last one that was valid"},
    {"Exception",
     kExceptionKind,
     {R"({"rules":["cores"],"until":"2026-12-31","reason":"r"})"},
     "True Valid: generation 1 is valid",
     "True InForce: it lifts its rules until 2027-01-01T00:00:00Z"},
    {"ExceptionEndsInAWeek",
     kExceptionKind,
     {R"({"rules":["cores"],"until":"2026-11-28T10:00:00Z","reason":"r"})"},
     "True Valid: generation 1 is valid",
     "True EndsSoon: it lifts its rules until 2026-11-28T10:00:00Z"},
    {"ExceptionEndsASecondLater",
     kExceptionKind,
     {R"({"rules":["cores"],"until":"2026-11-28T10:00:01Z","reason":"r"})"},
     "True Valid: generation 1 is valid",
     "True InForce: it lifts its rules until 2026-11-28T10:00:01Z"},
    {"ExceptionHasEnded",
     kExceptionKind,
     {R"({"rules":["cores"],"until":"2026-11-21T10:00:00Z","reason":"r"})"},
     "True Valid: generation 1 is valid",
     "False Ended: it ended at 2026-11-21T10:00:00Z"},
    {"ExceptionNotAllowed",
     kExceptionKind,
     {R"({"rules":["timeouts"],"until":"2026-12-31","reason":"r"})"},
     "False NotAllowed: rule 'timeouts' may not be lifted (exceptions.rules)",
     "False NotAllowed: rule 'timeouts' may not be lifted (exceptions.rules)"},
    {"ExceptionBad",
     kExceptionKind,
     {R"({"rules":["cores"],"reason":"r"})"},
     "False Invalid: spec: an exception needs until, the date on which it ends",
     "False NotInForce: no version of it was ever valid"},
};

class PolicyConditions : public testing::TestWithParam<ConditionCase> {};
INSTANTIATE_TEST_SUITE_P(Cases, PolicyConditions, testing::ValuesIn(kConditions),
                         [](const auto& row) { return row.param.name; });

TEST_P(PolicyConditions, SayWhatHoldsAndWhy) {
  const json status = Status(After(GetParam().kind, GetParam().specs));
  const auto text = [](const json& condition) {
    return condition["status"].get<std::string>() + " " + condition["reason"].get<std::string>() +
           ": " + condition["message"].get<std::string>();
  };
  EXPECT_EQ(status["observedGeneration"], GetParam().specs.size());
  ASSERT_EQ(status["conditions"].size(), 2U);
  EXPECT_EQ(status["conditions"][0]["type"], "Accepted");
  EXPECT_EQ(text(status["conditions"][0]), GetParam().accepted);
  EXPECT_EQ(status["conditions"][1]["type"], "Ready");
  EXPECT_EQ(text(status["conditions"][1]), GetParam().ready);
}

TEST(PolicyStatus, CountsSayWhoCounted) {
  const json status = Status(After(kPolicyKind, {"{}"}));
  EXPECT_EQ(status["decisions"], json({{"replica", "ballast-0"},
                                       {"since", "2026-11-20T10:00:00Z"},
                                       {"admitted", 5},
                                       {"rewritten", 3},
                                       {"rejected", 1}}));
  EXPECT_EQ(status["storedRewrites"], 2);
  EXPECT_EQ(status["capacity"]["known"], false);
}

TEST(PolicyStatus, WhatIsNotCountedYetIsLeftAsItIsStored) {
  const StoredPolicy stored = After(kPolicyKind, {"{}"});
  const json status = Status(stored, kNow, std::nullopt);
  EXPECT_FALSE(status.contains("storedRewrites"));
  EXPECT_EQ(ChangeBetween(Status(stored), status), StatusChange::kNone);
}

TEST(PolicyStatus, CapacityGoesWithThePolicyThatItIsOf) {
  const json status = Status(After(kPolicyKind, {R"({"mode":"x"})"}));
  EXPECT_EQ(status.at("capacity"), json());
  EXPECT_EQ(ChangeBetween(status, status), StatusChange::kNone);
  json before = status;
  before["capacity"] = {{"nodes", 3}};
  EXPECT_EQ(ChangeBetween(before, status), StatusChange::kNumbers);
}

TEST(PolicyStatus, CountsDeclaredNodesAfterTheReserve) {
  const json status = Status(
      After(kPolicyKind, {R"({"capacity":{"source":"NodePools","reserve":{"cpu":1,"memory":"4Gi"},
          "nodePools":[{"name":"big","count":10,"allocatable":{"cpu":16,"memory":"64Gi"}}]}})"}));
  EXPECT_EQ(status["capacity"], json({{"known", true},
                                      {"nodes", 10},
                                      {"readyNodes", 10},
                                      {"memory", "600Gi"},
                                      {"cpu", "150"},
                                      {"pods", 1100}}));
}

TEST(PolicyStatus, ATransitionHasItsOwnTime) {
  StoredPolicy stored = After(kPolicyKind, {"{}"});
  stored.status = Status(stored);
  const json later = Status(stored, kNow + kDay);
  EXPECT_EQ(later["conditions"], stored.status["conditions"]);
  StoredPolicy bad = After(kPolicyKind, {"{}", R"({"mode":"x"})"});
  bad.status = stored.status;
  const json changed = Status(bad, kNow + kDay);
  EXPECT_EQ(changed["conditions"][0]["lastTransitionTime"], "2026-11-22T10:00:00Z");
}

TEST(PolicyStatus, IsWrittenWhenItIsWorthIt) {
  StoredPolicy stored = After(kPolicyKind, {"{}"});
  const json first = Status(stored);
  EXPECT_EQ(ChangeBetween(json(), first), StatusChange::kConditions);
  EXPECT_EQ(ChangeBetween(first, first), StatusChange::kNone);
  json numbers = first;
  numbers["decisions"]["admitted"] = 6;
  EXPECT_EQ(ChangeBetween(first, numbers), StatusChange::kNumbers);
  json generation = first;
  generation["observedGeneration"] = 2;
  EXPECT_EQ(ChangeBetween(first, generation), StatusChange::kConditions);
  // What somebody else put there is left alone.
  json more = first;
  more["other"] = 1;
  EXPECT_EQ(ChangeBetween(more, first), StatusChange::kNone);
}

struct DueCase {
  const char* name;
  StatusChange change;
  std::optional<int64_t> ago;
  bool due;
};
void PrintTo(const DueCase& one, std::ostream* out) { *out << one.name; }
constexpr DueCase kDue[] = {
    {"NothingNew", StatusChange::kNone, std::nullopt, false},
    {"NeverWritten", StatusChange::kNumbers, std::nullopt, true},
    {"NumbersTooSoon", StatusChange::kNumbers, 59, false},
    {"NumbersAfterAMinute", StatusChange::kNumbers, 60, true},
    {"ConditionsInTheSameSecond", StatusChange::kConditions, 0, false},
    {"ConditionsASecondLater", StatusChange::kConditions, 1, true},
};
class StatusDue : public testing::TestWithParam<DueCase> {};
INSTANTIATE_TEST_SUITE_P(Cases, StatusDue, testing::ValuesIn(kDue),
                         [](const auto& row) { return row.param.name; });
TEST_P(StatusDue, IsBoundedInTime) {
  std::optional<int64_t> last;
  if (GetParam().ago) last = kNow - *GetParam().ago;
  EXPECT_EQ(DueNow(GetParam().change, last, kNow), GetParam().due);
}

TEST(DecisionTally, CountsForEachPolicyThatTookPart) {
  DecisionTally tally;
  tally.Count("team,org", policy::VerdictKind::kRewritten);
  tally.Count("org", policy::VerdictKind::kRejected);
  tally.Count("org", policy::VerdictKind::kExempt);
  tally.Count("organisation", policy::VerdictKind::kAdmitted);
  EXPECT_EQ(tally.Of("org"), (DecisionCounts{.admitted = 1, .rewritten = 1, .rejected = 1}));
  EXPECT_EQ(tally.Of("team"), (DecisionCounts{.admitted = 0, .rewritten = 1, .rejected = 0}));
  EXPECT_EQ(tally.Of("nobody"), DecisionCounts{});
}

}  // namespace
}  // namespace ballast::webhook
