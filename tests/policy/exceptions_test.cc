#include "policy/exceptions.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "policy/layers.h"

namespace ballast::policy {
namespace {

constexpr int64_t kDay = 24 * 3600;
constexpr int64_t kNow = 1'800'000'000;

Policy Allowing() {
  Policy policy;
  policy.name = "organisation";
  policy.exceptions.namespace_selector =
      LabelSelector{{{"team", Requirement::Operator::kIn, {"a"}}}};
  policy.exceptions.rules = {"executor-shape", "cluster-share"};
  policy.exceptions.max_duration_seconds = 30 * kDay;
  return policy;
}

PolicyException Lifting() {
  PolicyException exception;
  exception.name = "quarter-end";
  exception.namespace_name = "jobs";
  exception.rules = {"executor-shape"};
  exception.object_selector.requirements = {{"app", Requirement::Operator::kIn, {"close"}}};
  exception.reason = "quarter end";
  exception.created_seconds = kNow - 2 * kDay;
  exception.expires_seconds = kNow + 10 * kDay;
  return exception;
}

const Labels kTeamA = {{"team", "a"}};
const Labels kClose = {{"app", "close"}};

TEST(Exceptions, LiftWhatThePolicyAllows) {
  const PolicySet set({Allowing()}, {Lifting()});
  EXPECT_EQ(set.ExemptRules("jobs", kTeamA, kClose, kNow),
            std::vector<std::string>{"executor-shape"});
}

TEST(Exceptions, LiftNothingElsewhereOrLater) {
  const PolicySet set({Allowing()}, {Lifting()});
  const int64_t end = Lifting().expires_seconds;
  EXPECT_TRUE(set.ExemptRules("other", kTeamA, kClose, kNow).empty());
  EXPECT_TRUE(set.ExemptRules("jobs", kTeamA, {{"app", "other"}}, kNow).empty());
  EXPECT_TRUE(set.ExemptRules("jobs", {{"team", "b"}}, kClose, kNow).empty());
  EXPECT_FALSE(set.ExemptRules("jobs", kTeamA, kClose, end - 1).empty());
  EXPECT_TRUE(set.ExemptRules("jobs", kTeamA, kClose, end).empty());
}

TEST(Exceptions, LiftNothingByDefault) {
  const PolicySet set({}, {Lifting()});
  EXPECT_TRUE(set.ExemptRules("jobs", kTeamA, kClose, kNow).empty());
}

TEST(Exceptions, TwoThatLiftTheSameRuleNameItOnce) {
  const PolicySet set({Allowing()}, {Lifting(), Lifting()});
  EXPECT_EQ(set.ExemptRules("jobs", kTeamA, kClose, kNow).size(), 1u);
}

struct WhyRow {
  const char* name;
  void (*change)(Policy&, PolicyException&);
  const char* rule;
  const char* want;
};

class WhyNotTest : public testing::TestWithParam<WhyRow> {};

TEST_P(WhyNotTest, IsSaid) {
  Policy policy = Allowing();
  PolicyException exception = Lifting();
  GetParam().change(policy, exception);
  EXPECT_EQ(WhyNotLifted(exception, GetParam().rule, policy, kTeamA, kNow), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, WhyNotTest,
    testing::Values(
        WhyRow{"Allowed", [](Policy&, PolicyException&) {}, "executor-shape", ""},
        WhyRow{"NoSuchRule", [](Policy&, PolicyException&) {}, "shape", "there is no rule 'shape'"},
        WhyRow{
            "Fact",
            [](Policy& policy, PolicyException&) { policy.exceptions.rules = {"spark-refuses"}; },
            "spark-refuses",
            "rule 'spark-refuses' states a fact, which no exception can lift: the job would not "
            "run"},
        WhyRow{"OtherRule", [](Policy&, PolicyException&) {}, "settings",
               "rule 'settings' may not be lifted (exceptions.rules)"},
        WhyRow{"NoRules", [](Policy& policy, PolicyException&) { policy.exceptions.rules.reset(); },
               "executor-shape",
               "no policy allows exceptions here (exceptions.rules and "
               "exceptions.namespaceSelector)"},
        WhyRow{
            "NoNamespaces",
            [](Policy& policy, PolicyException&) { policy.exceptions.namespace_selector.reset(); },
            "executor-shape",
            "no policy allows exceptions here (exceptions.rules and "
            "exceptions.namespaceSelector)"},
        WhyRow{"EveryNamespace",
               [](Policy& policy, PolicyException&) {
                 policy.exceptions.namespace_selector = LabelSelector{};
               },
               "executor-shape", ""},
        WhyRow{"OtherNamespace",
               [](Policy& policy, PolicyException&) {
                 policy.exceptions.namespace_selector->requirements[0].values = {"b"};
               },
               "executor-shape",
               "namespace 'jobs' may not hold exceptions (exceptions.namespaceSelector)"},
        WhyRow{"AsLongAsMayBe",
               [](Policy&, PolicyException& exception) {
                 exception.expires_seconds = exception.created_seconds + 30 * kDay;
               },
               "executor-shape", ""},
        WhyRow{"ASecondTooLong",
               [](Policy&, PolicyException& exception) {
                 exception.expires_seconds = exception.created_seconds + 30 * kDay + 1;
               },
               "executor-shape", "it lasts longer than 30 days (exceptions.maxDuration)"},
        WhyRow{"OfUnknownAge",
               [](Policy&, PolicyException& exception) {
                 exception.created_seconds = 0;
                 exception.expires_seconds = kNow + 30 * kDay + 1;
               },
               "executor-shape", "it lasts longer than 30 days (exceptions.maxDuration)"}),
    [](const auto& row) { return row.param.name; });

TEST(Exceptions, WarnAWeekBeforeTheyEnd) {
  const PolicyException exception = Lifting();
  const int64_t end = exception.expires_seconds;
  EXPECT_FALSE(EndsSoon(exception, end - 7 * kDay - 1));
  EXPECT_TRUE(EndsSoon(exception, end - 7 * kDay));
  EXPECT_TRUE(EndsSoon(exception, end - 1));
  EXPECT_FALSE(EndsSoon(exception, end));
  const PolicySet set({}, {exception});
  EXPECT_TRUE(set.EndingSoon(kNow).empty());
  EXPECT_EQ(set.EndingSoon(end - kDay).size(), 1u);
}

}  // namespace
}  // namespace ballast::policy
