#include "webhook/policy_test/expectation.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "k8s/json_text.h"
#include "k8s/manifest.h"
#include "webhook/admission/check_document.h"

namespace ballast::webhook {
namespace {

struct Mistake {
  std::string name;
  std::string text;
  std::string want;  // all of them, one a line
};
void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

const Mistake kMistakes[] = {
    {"Empty", "", "e.yaml: is empty: write verdict: Admitted, for example\n"},
    {"NoYaml", "verdict: [\n", "e.yaml:2:1: "},
    {"AList", "- verdict: Admitted\n",
     "e.yaml:1:1: expect.yaml is a map {verdict, findings, after} or {documents}\n"},
    {"TwoDocuments", "verdict: Admitted\n---\nverdict: Admitted\n",
     "e.yaml:3:1: is a second document: write one, with documents: [...] in it\n"},
    {"ExpectsNothing", "description: x\n",
     "e.yaml:1:1: this case expects nothing; write verdict, findings or after\n"},
    {"UnknownKey", "verdict: Admitted\nfinding: []\n",
     "e.yaml:2:1: finding is not known; did you mean findings?\n"},
    {"Verdict", "verdict: Admited\n",
     "e.yaml:1:10: verdict is 'Admited'; did you mean Admitted?\n"},
    {"NoSuchRule", "findings:\n- {rule: executor-shap}\n",
     "e.yaml:2:10: findings[0].rule is 'executor-shap'; did you mean executor-shape?\n"},
    {"NoRule", "findings:\n- {action: Warn}\n",
     "e.yaml:2:3: findings[0] names no rule; write rule: executor-shape\n"},
    {"Action", "findings:\n- {rule: cores, action: Refuse}\n",
     "e.yaml:2:25: findings[0].action is 'Refuse'; known here: Rewrite, Reject and Warn\n"},
    {"MoreOfNothing", "verdict: Admitted\nmoreFindings: true\n",
     "e.yaml:2:15: moreFindings without findings: any are right then\n"},
    {"UnknownSize", "after: {executor: {heap: 1}}\n",
     "e.yaml:1:20: after.executor.heap is not known"},
    {"EmptySizes", "after: {executor: {}}\n",
     "e.yaml:1:19: after.executor expects nothing; write one of its numbers\n"},
    {"NoNumber", "after: {executor: {heapMiB: 8g}}\n", "e.yaml:1:29: after.executor.heapMiB: "},
    {"Date", "verdict: Admitted\ndate: tomorrow\n", "e.yaml:2:7: date: 'tomorrow' is no date"},
    {"BesideDocuments", "verdict: Admitted\ndocuments: [{name: a, verdict: Admitted}]\n",
     "e.yaml:1:10: verdict stands beside documents; write it in each of them\n"},
    {"NoDocuments", "documents: []\n", "e.yaml:1:12: documents is empty: nothing is expected\n"},
    {"ADocumentWithoutName", "documents: [{verdict: Admitted}]\n",
     "e.yaml:1:13: documents[0] names no object; write name\n"},
    {"AllAtOnce", "verdict: No\nfindings: [{rule: x}]\n",
     "e.yaml:1:10: verdict is 'No'; known here: Admitted, Rewritten, Rejected and Exempt\n"
     "e.yaml:2:19: findings[0].rule is 'x'\n"},
};

class ExpectationMistakes : public testing::TestWithParam<Mistake> {};

TEST_P(ExpectationMistakes, AreToldWithTheirPlaces) {
  const auto read = ReadExpectation(GetParam().text, "e.yaml");
  const auto* mistakes = std::get_if<std::vector<policy::Error>>(&read);
  ASSERT_NE(mistakes, nullptr);
  std::string all;
  for (const policy::Error& mistake : *mistakes) all += mistake.where + ": " + mistake.what + "\n";
  if (GetParam().want.ends_with('\n')) {
    EXPECT_EQ(all, GetParam().want);
  } else {
    EXPECT_TRUE(all.starts_with(GetParam().want)) << all;
  }
}

INSTANTIATE_TEST_SUITE_P(Table, ExpectationMistakes, testing::ValuesIn(kMistakes),
                         [](const auto& tested) { return tested.param.name; });

TEST(Expectation, ReadsEveryPart) {
  const auto read = ReadExpectation(
      "description: d\ndate: 1970-01-02\nnamespace: team-a\nverdict: Rewritten\nname: a\n"
      "kind: SparkApplication\nmoreFindings: true\n"
      "findings: [{rule: cores, action: Warn, severity: low, message: m}]\n"
      "after: {driver: {heapMiB: 1}, executors: {instances: 2}}\n",
      "e.yaml");
  const auto* expectation = std::get_if<Expectation>(&read);
  ASSERT_NE(expectation, nullptr);
  EXPECT_EQ(expectation->now_seconds, 86'400);  // the day's first moment, not its last
  EXPECT_EQ(expectation->namespace_name, "team-a");
  EXPECT_FALSE(expectation->many);
  ASSERT_EQ(expectation->documents.size(), 1U);
  const ExpectedDocument& document = expectation->documents[0];
  EXPECT_EQ(document.verdict, "Rewritten");
  EXPECT_TRUE(document.more_findings);
  ASSERT_EQ(document.findings->size(), 1U);
  EXPECT_EQ((*document.findings)[0].severity, "low");
  EXPECT_EQ(k8s::PrintJson(document.after),
            R"({"driver":{"heapMiB":1},"executors":{"instances":2}})");
}

// The sizes that a decision about this job prints.
nlohmann::json SizesOf(const std::string& more) {
  const auto read = k8s::ReadManifests(
      "apiVersion: sparkoperator.k8s.io/v1beta2\nkind: SparkApplication\nmetadata: {name: a}\n"
      "spec: {type: Scala, sparkVersion: 3.5.6, driver: {cores: 1, memory: 2g}, executor: {cores: "
      "1, memory: 2g, instances: 2}" +
          more + "}\n",
      "job.yaml");
  return CheckDocument(read->front(), Snapshot(), "default", 0)->decision["after"];
}

// Every number that a decision prints can be expected, and nothing else.
TEST(Expectation, KnowsTheSizesThatDecisionsPrint) {
  nlohmann::json sizes =
      SizesOf(", dynamicAllocation: {enabled: true, minExecutors: 1, maxExecutors: 4}");
  sizes["executors"].update(SizesOf("")["executors"]);
  ASSERT_TRUE(sizes["executors"].contains("max") && sizes["executors"].contains("instances"));
  for (auto& [part, numbers] : sizes.items()) {
    for (auto& [key, number] : numbers.items()) number = 7;
  }
  const auto read = ReadExpectation("after: " + k8s::PrintJson(sizes), "e.yaml");
  const auto* expectation = std::get_if<Expectation>(&read);
  ASSERT_NE(expectation, nullptr);
  EXPECT_EQ(expectation->documents[0].after, sizes);
}

}  // namespace
}  // namespace ballast::webhook
