#include "policy/layers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "policy/policy_fields.h"
#include "policy/rule_defaults.h"

namespace ballast::policy {
namespace {

Requirement Is(const std::string& key, const std::string& value) {
  return {key, Requirement::Operator::kIn, {value}};
}

Policy Make(const std::string& name, int64_t priority, PolicyMode mode = PolicyMode::kEnforce) {
  Policy policy;
  policy.name = name;
  policy.priority = priority;
  policy.mode = mode;
  return policy;
}

Policy Organisation() {
  Policy policy = Make("organisation", 0);
  policy.limits.executor.heap.max = Gibibytes(32);
  policy.limits.executor.cores.max = Cores(8);
  policy.rules["executor-shape"] = Mode::kEnforce;
  policy.settings["spark.network.timeout"].key = "spark.network.timeout";
  return policy;
}

Policy Team() {
  Policy policy = Make("team-a", 10);
  policy.namespace_selector.requirements = {Is("team", "a")};
  policy.limits.executor.heap.max = Gibibytes(16);
  policy.rules["kryo-buffer"] = Mode::kWarn;
  return policy;
}

TEST(Layers, WithoutAPolicyTheBuiltInOneHolds) {
  const auto effective = PolicySet().For("default", {}, {});
  EXPECT_EQ(effective->policy, BuiltInPolicy());
  EXPECT_EQ(effective->names, "built-in");
  EXPECT_EQ(effective->origins.at("split.maxFactor"), "built-in");
  EXPECT_EQ(effective->origins.at("rules.spark-refuses"), "built-in");
  EXPECT_FALSE(effective->origins.contains("limits.executor.heap.max"));
}

TEST(Layers, ATeamsPolicyKeepsTheOrganisationsLimits) {
  const PolicySet set({Organisation(), Team()}, {});
  const auto effective = set.For("jobs", {{"team", "a"}}, {});
  EXPECT_EQ(effective->policy.limits.executor.heap.max, Gibibytes(16));
  EXPECT_EQ(effective->policy.limits.executor.cores.max, Cores(8));
  EXPECT_EQ(effective->origins.at("limits.executor.heap.max"), "team-a");
  EXPECT_EQ(effective->origins.at("limits.executor.cores.max"), "organisation");
  EXPECT_EQ(effective->origins.at("rules.executor-shape"), "organisation");
  EXPECT_EQ(effective->origins.at("rules.kryo-buffer"), "team-a");
  EXPECT_EQ(effective->origins.at("settings.spark.network.timeout"), "organisation");
  EXPECT_EQ(effective->names, "team-a,organisation");
  EXPECT_EQ(effective->versions, "team-a@0,organisation@0");
}

TEST(Layers, APolicyThatDoesNotMatchSaysNothing) {
  const PolicySet set({Organisation(), Team()}, {});
  const auto effective = set.For("jobs", {{"team", "b"}}, {});
  EXPECT_EQ(effective->policy.limits.executor.heap.max, Gibibytes(32));
  EXPECT_EQ(effective->names, "organisation");
}

TEST(Layers, AmongEqualPrioritiesTheNameThatSortsFirstDecides) {
  Policy b = Make("b", 5);
  b.limits.executor.heap.max = Gibibytes(2);
  Policy a = Make("a", 5);
  a.limits.executor.heap.max = Gibibytes(1);
  const auto effective = PolicySet({b, a}, {}).For("default", {}, {});
  EXPECT_EQ(effective->policy.limits.executor.heap.max, Gibibytes(1));
  EXPECT_EQ(effective->names, "a,b");
}

TEST(Layers, SelectorsLookAtNamespaceAndObject) {
  Policy by_name = Make("by-name", 2);
  by_name.namespace_selector.requirements = {Is("kubernetes.io/metadata.name", "jobs")};
  Policy by_object = Make("by-object", 1);
  by_object.object_selector.requirements = {Is("app", "etl")};
  const PolicySet set({by_name, by_object}, {});
  const Labels known_name = {{"kubernetes.io/metadata.name", "jobs"}};
  EXPECT_EQ(set.For("jobs", {}, {})->names, "by-name");
  EXPECT_EQ(set.For("jobs", known_name, {})->names, "by-name");
  EXPECT_EQ(set.For("other", {}, {{"app", "etl"}})->names, "by-object");
  EXPECT_EQ(set.For("jobs", {}, {{"app", "etl"}})->names, "by-name,by-object");
  EXPECT_EQ(set.For("other", {}, {})->names, "built-in");
}

struct ModeRow {
  const char* name;
  PolicyMode policy;
  std::map<std::string, Mode, std::less<>> listed;
  const char* rule;
  Mode want;
};

class ModeTest : public testing::TestWithParam<ModeRow> {};

TEST_P(ModeTest, IsTheWeakerOfThePolicysAndTheRules) {
  Policy policy = Make("one", 0, GetParam().policy);
  policy.rules = GetParam().listed;
  const auto effective = PolicySet({policy}, {}).For("default", {}, {});
  EXPECT_EQ(effective->policy.rules.at(GetParam().rule), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Modes, ModeTest,
    testing::Values(
        ModeRow{
            "Listed", PolicyMode::kEnforce, {{"cores", Mode::kEnforce}}, "cores", Mode::kEnforce},
        ModeRow{
            "PolicyWarns", PolicyMode::kWarn, {{"cores", Mode::kEnforce}}, "cores", Mode::kWarn},
        ModeRow{"RuleIsOff", PolicyMode::kWarn, {{"cores", Mode::kOff}}, "cores", Mode::kOff},
        ModeRow{"RuleIsOffUnderEnforce",
                PolicyMode::kEnforce,
                {{"kryo-buffer", Mode::kOff}},
                "kryo-buffer",
                Mode::kOff},
        ModeRow{"UnlistedFact", PolicyMode::kEnforce, {}, "kryo-buffer", Mode::kEnforce},
        ModeRow{"UnlistedFactUnderWarn", PolicyMode::kWarn, {}, "kryo-buffer", Mode::kWarn},
        ModeRow{"UnlistedOpinion", PolicyMode::kEnforce, {}, "cores", Mode::kWarn}),
    [](const auto& row) { return row.param.name; });

TEST(Layers, AnUnlistedRuleIsBoundedByTheStrongestMatchingPolicyAlone) {
  const PolicySet warns_first({Make("weak", 10, PolicyMode::kWarn), Make("strong", 0)}, {});
  EXPECT_EQ(warns_first.For("default", {}, {})->policy.rules.at("spark-refuses"), Mode::kWarn);
  const PolicySet enforces_first({Make("weak", 0, PolicyMode::kWarn), Make("strong", 10)}, {});
  EXPECT_EQ(enforces_first.For("default", {}, {})->policy.rules.at("spark-refuses"),
            Mode::kEnforce);
}

TEST(Layers, ARuleThatAWeakPolicyListsIsBoundedByThatPolicy) {
  Policy weak = Make("weak", 10, PolicyMode::kWarn);
  weak.rules["cores"] = Mode::kEnforce;
  Policy strong = Make("strong", 0);
  strong.rules["cores"] = Mode::kEnforce;
  strong.rules["timeouts"] = Mode::kEnforce;
  const auto effective = PolicySet({weak, strong}, {}).For("default", {}, {});
  EXPECT_EQ(effective->policy.rules.at("cores"), Mode::kWarn);
  EXPECT_EQ(effective->policy.rules.at("timeouts"), Mode::kEnforce);
}

TEST(Layers, AuditPoliciesStandBesideEachOverTheBuiltInAlone) {
  Policy audit = Make("next-year", 100, PolicyMode::kAudit);
  audit.limits.executor.cores.max = Cores(4);
  audit.rules["executor-shape"] = Mode::kEnforce;
  const PolicySet set({Organisation(), audit}, {});
  EXPECT_EQ(set.For("default", {}, {})->policy.limits.executor.cores.max, Cores(8));
  const auto audits = set.AuditsFor("default", {}, {});
  ASSERT_EQ(audits.size(), 1u);
  EXPECT_EQ(audits[0]->names, "next-year");
  EXPECT_EQ(audits[0]->policy.limits.executor.cores.max, Cores(4));
  EXPECT_EQ(audits[0]->policy.limits.executor.heap.max, std::nullopt);
  EXPECT_EQ(audits[0]->policy.rules.at("executor-shape"), Mode::kEnforce);
}

TEST(Layers, EveryRuleHasAModeAndFactsAreEnforced) {
  for (const RuleDefault& rule : RuleDefaults()) {
    EXPECT_TRUE(BuiltInPolicy().rules.contains(rule.id)) << rule.id;
    EXPECT_TRUE(!rule.fact || rule.mode == Mode::kEnforce) << rule.id;
  }
  EXPECT_EQ(BuiltInPolicy().rules.size(), RuleDefaults().size());
}

TEST(Layers, TheSameMatchIsComputedOnce) {
  const PolicySet set({Organisation(), Team()}, {});
  EXPECT_EQ(set.For("x", {{"team", "a"}}, {}), set.For("y", {{"team", "a"}, {"more", "1"}}, {}));
}

TEST(Layers, MorePoliciesThanBitsInAWordAreTold) {
  std::vector<Policy> policies;
  for (int i = 0; i < 130; ++i) {
    policies.push_back(Make("p" + std::to_string(i), i));
    policies.back().object_selector.requirements = {Is("n", std::to_string(i))};
  }
  const PolicySet set(policies, {});
  for (const int i : {0, 63, 64, 127, 128, 129}) {
    const std::string number = std::to_string(i);
    EXPECT_EQ(set.For("x", {}, {{"n", number}})->names, "p" + number);
  }
}

TEST(Layers, ThreadsShareOneSet) {
  const PolicySet set({Organisation(), Team()}, {});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&set, t] {
      for (int i = 0; i < 1000; ++i) {
        const std::string team = (i + t) % 2 == 0 ? "a" : "b";
        const auto effective = set.For("x", {{"team", team}}, {});
        EXPECT_EQ(effective->names, team == "a" ? "team-a,organisation" : "organisation");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// Law: the value of a field is that of the strongest matching policy that sets it.
TEST(LayersLaw, AFieldComesFromTheStrongestMatchingPolicyThatSetsIt) {
  std::mt19937 random(7);
  const auto chance = [&](int percent) { return static_cast<int>(random() % 100) < percent; };
  for (int round = 0; round < 500; ++round) {
    std::vector<Policy> policies;
    for (int i = 0; i < 1 + static_cast<int>(random() % 6); ++i) {
      Policy policy = Make("p" + std::to_string(i), static_cast<int64_t>(random() % 3),
                           chance(20) ? PolicyMode::kAudit : PolicyMode::kEnforce);
      if (chance(40)) policy.object_selector.requirements = {Is("l", chance(50) ? "0" : "1")};
      for (const PolicyField& field : PolicyFields()) {
        if (!chance(30)) continue;
        if (const auto* size = std::get_if<Access<std::optional<ByteSize>>>(&field.access)) {
          size->of(policy) = Bytes(static_cast<int64_t>(random()));
        } else if (const auto* count = std::get_if<Access<std::optional<int64_t>>>(&field.access)) {
          count->of(policy) = static_cast<int64_t>(random());
        } else if (const auto* real = std::get_if<Access<std::optional<double>>>(&field.access)) {
          real->of(policy) = static_cast<double>(random());
        }
      }
      policies.push_back(std::move(policy));
    }
    const PolicySet set(policies, {});
    const Labels labels = {{"l", chance(50) ? "0" : "1"}};
    const auto effective = set.For("default", {}, labels);

    std::vector<const Policy*> matching;
    for (const Policy& policy : policies) {
      if (policy.mode != PolicyMode::kAudit && Matches(policy.object_selector, labels)) {
        matching.push_back(&policy);
      }
    }
    std::sort(matching.begin(), matching.end(), [](const Policy* a, const Policy* b) {
      return a->priority != b->priority ? a->priority > b->priority : a->name < b->name;
    });
    for (const PolicyField& field : PolicyFields()) {
      if (!std::holds_alternative<Access<std::optional<ByteSize>>>(field.access) &&
          !std::holds_alternative<Access<std::optional<int64_t>>>(field.access) &&
          !std::holds_alternative<Access<std::optional<double>>>(field.access)) {
        continue;
      }
      const auto decides = std::find_if(matching.begin(), matching.end(),
                                        [&](const Policy* p) { return IsSet(field, *p); });
      const Policy& source = decides == matching.end() ? BuiltInPolicy() : **decides;
      std::visit(
          [&](const auto& access) {
            EXPECT_TRUE(access.in(effective->policy) == access.in(source)) << field.path;
          },
          field.access);
      if (IsSet(field, source)) {
        EXPECT_EQ(effective->origins.at(std::string(field.path)), source.name);
      } else {
        EXPECT_FALSE(effective->origins.contains(field.path));
      }
    }
  }
}

}  // namespace
}  // namespace ballast::policy
