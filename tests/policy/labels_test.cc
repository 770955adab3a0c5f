#include "policy/labels.h"

#include <gtest/gtest.h>

namespace ballast::policy {
namespace {

using Operator = Requirement::Operator;

TEST(Labels, Requirement) {
  const Labels labels = {{"zone", "a"}, {"cores", "16"}, {"empty", ""}};
  struct Row {
    const char* name;
    Requirement requirement;
    bool matches;
  };
  const Row rows[] = {
      {"In", {"zone", Operator::kIn, {"b", "a"}}, true},
      {"InOther", {"zone", Operator::kIn, {"b"}}, false},
      {"InAbsent", {"disk", Operator::kIn, {"ssd"}}, false},
      {"NotIn", {"zone", Operator::kNotIn, {"a"}}, false},
      {"NotInAbsentMatches", {"disk", Operator::kNotIn, {"ssd"}}, true},
      {"Exists", {"empty", Operator::kExists, {}}, true},
      {"ExistsAbsent", {"disk", Operator::kExists, {}}, false},
      {"DoesNotExist", {"disk", Operator::kDoesNotExist, {}}, true},
      {"GtAtTheLimit", {"cores", Operator::kGt, {"16"}}, false},
      {"GtOverIt", {"cores", Operator::kGt, {"15"}}, true},
      {"LtAtTheLimit", {"cores", Operator::kLt, {"16"}}, false},
      {"LtUnderIt", {"cores", Operator::kLt, {"17"}}, true},
      {"GtOfText", {"zone", Operator::kGt, {"1"}}, false},
      {"GtAbsent", {"disk", Operator::kGt, {"1"}}, false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Matches(row.requirement, labels), row.matches) << row.name;
  }
}

TEST(Labels, SelectorNeedsAllAndAnEmptyOneMatchesAll) {
  const Labels labels = {{"team", "a"}};
  EXPECT_TRUE(Matches(LabelSelector{}, labels));
  EXPECT_TRUE(Matches(LabelSelector{}, Labels{}));
  const LabelSelector both = {{{"team", Operator::kIn, {"a"}}, {"stage", Operator::kIn, {"prod"}}}};
  EXPECT_FALSE(Matches(both, labels));
}

TEST(Labels, Tolerations) {
  const std::vector<Taint> spark = {{"dedicated", "spark", "NoSchedule"}};
  const std::vector<Taint> drain = {{"node", "", "NoExecute"}};
  const std::vector<Taint> preferred = {{"slow", "", "PreferNoSchedule"}};
  struct Row {
    const char* name;
    std::vector<Toleration> tolerations;
    std::vector<Taint> taints;
    bool tolerates;
  };
  const Row rows[] = {
      {"NoTaint", {}, {}, true},
      {"PreferredNeverExcludes", {}, preferred, true},
      {"NothingTolerated", {}, spark, false},
      {"Equal", {{"dedicated", "Equal", "spark", "NoSchedule"}}, spark, true},
      {"NoOperatorMeansEqual", {{"dedicated", "", "spark", ""}}, spark, true},
      {"OtherValue", {{"dedicated", "Equal", "web", ""}}, spark, false},
      {"OtherEffect", {{"dedicated", "Exists", "", "NoExecute"}}, spark, false},
      {"Exists", {{"dedicated", "Exists", "", ""}}, spark, true},
      {"ExistsWithoutKeyTolerateAll", {{"", "Exists", "", ""}}, drain, true},
      {"UnknownOperator", {{"dedicated", "Gt", "spark", ""}}, spark, false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Tolerates(row.tolerations, row.taints), row.tolerates) << row.name;
  }
}

}  // namespace
}  // namespace ballast::policy
