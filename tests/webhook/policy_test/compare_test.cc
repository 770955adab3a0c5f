#include "webhook/policy_test/compare.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "k8s/json_text.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

struct Case {
  std::string name;
  std::string expect;
  std::string expected;  // both empty: as expected
  std::string got;
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

// Rewritten, with two findings of `cores` and one of `kryo-buffer`.
json Decision() {
  return k8s::ParseJson(R"({"verdict":"Rewritten","findings":[
    {"rule":"cores","action":"Warn","severity":"low","message":"tasks wait \"long\""},
    {"rule":"cores","action":"Rewrite","severity":"high","message":"8 cores become 4"},
    {"rule":"kryo-buffer","action":"Warn","severity":"info","message":"2047m"}],
    "after":{"executor":{"heapMiB":1024,"cpuLimitMillis":null},"executors":{"instances":4}}})");
}

const Case kCases[] = {
    {"AllOfIt",
     "verdict: Rewritten\n"
     "findings: [{rule: kryo-buffer}, {rule: cores}, {rule: cores, message: become}]\n"
     "after: {executor: {heapMiB: 1024}}",
     "", ""},
    // The general one must not take the finding that the narrow one needs, in either order.
    {"TheGeneralOneFirst",
     "findings: [{rule: cores}, {rule: cores, action: Warn}, {rule: kryo-buffer}]", "", ""},
    {"SomeOfThem", "findings: [{rule: kryo-buffer}]\nmoreFindings: true", "", ""},
    {"Verdict", "verdict: Admitted", "verdict: Admitted\n", "verdict: Rewritten\n"},
    {"NoFindingWasExpected", "findings: []", "findings: []\n",
     "findings:\n"
     "- rule: cores\n  action: Warn\n  message: \"tasks wait \\\"long\\\"\"\n"
     "- rule: cores\n  action: Rewrite\n  message: \"8 cores become 4\"\n"
     "- rule: kryo-buffer\n  action: Warn\n  message: \"2047m\"\n"},
    {"AnotherAction", "findings: [{rule: kryo-buffer, action: Reject}]\nmoreFindings: true",
     "findings:\n- rule: kryo-buffer\n  action: Reject\n",
     "findings:\n- rule: kryo-buffer\n  action: Warn\n"},
    {"AnotherText", "findings: [{rule: kryo-buffer, message: 1g}]\nmoreFindings: true",
     "findings:\n- rule: kryo-buffer\n  message: \"1g\"\n",
     "findings:\n- rule: kryo-buffer\n  message: \"2047m\"\n"},
    {"OneTooMany", "findings: [{rule: kryo-buffer}, {rule: kryo-buffer}]\nmoreFindings: true",
     "findings:\n- rule: kryo-buffer\n- rule: kryo-buffer\n", "findings:\n- rule: kryo-buffer\n"},
    {"NotThere", "findings: [{rule: off-heap}]\nmoreFindings: true",
     "findings:\n- rule: off-heap\n", "findings: []\n"},
    {"Sizes", "after: {executor: {heapMiB: 1023}, executors: {max: 4}, totals: {slots: 1}}",
     "after:\n  executor:\n    heapMiB: 1023\n  executors:\n    max: 4\n  totals:\n    slots: 1\n",
     "after:\n  executor:\n    heapMiB: 1024\n  executors:\n    max: null\n"
     "  totals:\n    slots: null\n"},
};

class CompareTable : public testing::TestWithParam<Case> {};

TEST_P(CompareTable, TellsBothSides) {
  const auto read = ReadExpectation(GetParam().expect, "e.yaml");
  ASSERT_TRUE(std::holds_alternative<Expectation>(read));
  const Comparison comparison = Compare(std::get<Expectation>(read).documents[0], Decision());
  if (GetParam().expected.empty()) {
    EXPECT_TRUE(comparison.as_expected()) << comparison.expected << comparison.got;
    return;
  }
  EXPECT_EQ(comparison.expected, GetParam().expected);
  EXPECT_EQ(comparison.got, GetParam().got);
}

INSTANTIATE_TEST_SUITE_P(Table, CompareTable, testing::ValuesIn(kCases),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace ballast::webhook
