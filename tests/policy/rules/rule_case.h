// A table of tests for one rule: a configuration, a policy, and the text that the user sees.
//
// Every rewrite is also applied and judged again: the rule must have nothing more to rewrite or to
// reject.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "policy/evaluate.h"
#include "policy/rule.h"

namespace ballast::policy {

using Pairs = std::vector<std::pair<std::string_view, std::string_view>>;

struct RuleCase {
  const char* name;
  Pairs conf;
  void (*arrange)(Workload&, Policy&);  // nullptr: a JVM application on Spark 3.5, no limits
  std::string want;  // one line a finding: "rewrite: MESSAGE [key=value, -key]"; "" for none
};

// What the rule says in Enforce, its repair first, and its changes to `workload`.
std::string AnswerOf(const Rule& rule, Workload& workload, const Policy& policy);

Workload MakeWorkload(const Pairs& conf);

void Check(const Rule& rule, const RuleCase& test);

std::string NameOf(const ::testing::TestParamInfo<RuleCase>& row);

// Instantiates the table as one test a row.
#define BALLAST_RULE_CASES(suite, rule, table)                    \
  class suite : public ::testing::TestWithParam<RuleCase> {};     \
  TEST_P(suite, SaysWhatTheUserSees) { Check(rule, GetParam()); } \
  INSTANTIATE_TEST_SUITE_P(Table, suite, ::testing::ValuesIn(table), NameOf)

}  // namespace ballast::policy
