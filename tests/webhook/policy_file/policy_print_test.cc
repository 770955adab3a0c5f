#include "webhook/policy_file/policy_print.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "policy/policy_fields.h"
#include "policy/rule_defaults.h"
#include "webhook/policy_file/policy_yaml.h"

namespace ballast::webhook {
namespace {

using policy::Access;
using policy::FieldType;
using policy::Policy;
using policy::PolicyField;

TEST(PolicyPrint, WritesWhatAPersonWouldWrite) {
  Policy policy;
  policy.name = "team-a";
  policy.mode = policy::PolicyMode::kWarn;
  policy.priority = 10;
  policy.namespace_selector.requirements = {
      {"team", policy::Requirement::Operator::kIn, {"a"}},
      {"tier", policy::Requirement::Operator::kNotIn, {"1", "2"}}};
  policy.capacity.reserve = policy::Reserve{policy::Millis(500), policy::Gibibytes(1), 5};
  policy.limits.executor.heap = {policy::Gibibytes(1), policy::Mebibytes(1536)};
  policy.limits.executor.memory.max = policy::Gibibytes(48);
  policy.limits.application.memory_share = 0.8;
  policy.limits.network_timeout.min = 120'000;
  policy.rules = {{"cores", policy::Mode::kOff}, {"timeouts", policy::Mode::kEnforce}};
  policy::SettingRule row;
  row.key = "spark.network.timeout";
  row.type = policy::SettingRule::Type::kTime;
  row.min = "120s";
  policy.settings.emplace(row.key, row);
  policy.exceptions.max_duration_seconds = 30 * 24 * 3600;
  EXPECT_EQ(PrintPolicy(policy), R"(apiVersion: policy.ballast.dev/v1alpha1
kind: SparkResourcePolicy
metadata:
  name: team-a
spec:
  mode: Warn
  priority: 10
  namespaceSelector: {matchLabels: {team: a}, matchExpressions: [{key: tier, operator: NotIn, values: ["1", "2"]}]}
  capacity:
    reserve: {cpu: 500m, memory: 1Gi, percent: 5}
  limits:
    executor:
      heap:
        min: 1g
        max: 1536m
      memory:
        max: 48Gi
    application:
      memoryShare: 80%
    networkTimeout:
      min: 120s
  rules:
    cores: "Off"
    timeouts: Enforce
  settings:
    - {key: spark.network.timeout, type: time, min: "120s"}
  exceptions:
    maxDuration: 30d
)");
}

TEST(PolicyPrint, AnEmptyPolicyIsAPolicy) {
  Policy policy;
  policy.name = "empty";
  EXPECT_EQ(PrintPolicy(policy),
            "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\n"
            "metadata:\n  name: empty\nspec: {}\n");
}

struct TextRow {
  const char* text;
  const char* want;
};

TEST(PolicyPrint, TextsThatAReaderTakesForSomethingElseAreQuoted) {
  for (const TextRow& row :
       {TextRow{"Enforce", "Enforce"}, TextRow{"kubernetes.io/arch", "kubernetes.io/arch"},
        TextRow{"Off", "\"Off\""}, TextRow{"true", "\"true\""}, TextRow{"1", "\"1\""},
        TextRow{"", "\"\""}, TextRow{"a b", "\"a b\""}, TextRow{"a\"\\\n", "\"a\\\"\\\\\\x0a\""}}) {
    EXPECT_EQ(PrintText(row.text), row.want);
  }
}

// Random policies, a value for every type of field.
class Generator {
 public:
  Policy Make() {
    Policy policy;
    policy.name = "p" + std::to_string(Below(1000));
    policy.generation = Below(3);
    for (const PolicyField& field : policy::PolicyFields()) {
      if (Below(3) != 0) continue;
      std::visit([&](const auto& access) { Fill(field.type, access.of(policy)); }, field.access);
    }
    // A range that makes sense: the reader refuses others.
    for (const PolicyField& field : policy::PolicyFields()) {
      if (field.path.ends_with(".min"))
        std::visit([&](const auto& a) { Clear(a.of(policy)); }, field.access);
    }
    return policy;
  }

 private:
  int64_t Below(int64_t end) { return static_cast<int64_t>(random_()) % end; }
  std::string Text() {
    static constexpr std::string_view kTexts[] = {"a",    "b.c/d", "Off", "1",   "yes", "x y",
                                                  "\"q'", "#",     ": ",  "[z]", "ü",   "-"};
    return std::string(kTexts[Below(std::size(kTexts))]);
  }

  template <typename T>
  void Clear(std::optional<T>& value) {
    if (Below(2) == 0) value.reset();
  }
  void Clear(auto&) {}

  void Fill(FieldType, int64_t& priority) { priority = Below(100) - 50; }
  template <typename T>
  void Fill(FieldType type, std::optional<T>& value) {
    value.emplace();
    Fill(type, *value);
  }
  void Fill(FieldType type, std::optional<int64_t>& value) {
    value = type == FieldType::kMebibytes ? 1 + Below(2047) : 1 + Below(2147483647);
  }
  template <typename T>
  requires std::is_enum_v<T>
  void Fill(FieldType, T& value) { value = static_cast<T>(Below(2)); }
  void Fill(FieldType, bool& value) { value = Below(2) == 0; }
  void Fill(FieldType, double& value) {
    value = static_cast<double>(1 + Below(1'000'000)) / 1'000'000;
  }
  void Fill(FieldType, policy::ByteSize& size) {
    size = policy::Bytes((1 << 20) + Below(int64_t{1} << Below(40)));
    if (Below(2) == 0) size = policy::Mebibytes(1 + Below(1 << 20));
  }
  void Fill(FieldType, policy::MilliCpu& cpu) { cpu = policy::Millis(1 + Below(64000)); }
  void Fill(FieldType, policy::LabelSelector& selector) {
    using Operator = policy::Requirement::Operator;
    for (int64_t i = Below(3); i > 0; --i) {
      policy::Requirement one{Text(), static_cast<Operator>(Below(4)), {}};
      if (one.op == Operator::kIn || one.op == Operator::kNotIn) {
        for (int64_t j = 1 + Below(2); j > 0; --j) one.values.push_back(Text());
      }
      selector.requirements.push_back(std::move(one));
    }
  }
  void Fill(FieldType, policy::Labels& labels) {
    for (int64_t i = Below(3); i > 0; --i) labels[Text()] = Text();
  }
  void Fill(FieldType, std::vector<policy::Toleration>& list) {
    for (int64_t i = Below(3); i > 0; --i) {
      list.push_back({Text(), "Equal", Text(), "NoSchedule"});
      if (Below(2) == 0) list.back() = {"", "Exists", "", ""};
    }
  }
  void Fill(FieldType type, policy::PodExtras& extras) {
    Fill(type, extras.sidecar_memory);
    if (Below(2) == 0) Fill(type, extras.sidecar_cpu);
  }
  void Fill(FieldType type, policy::Reserve& reserve) {
    if (Below(2) == 0) Fill(type, reserve.memory);
    Fill(type, reserve.cpu);
    reserve.percent = static_cast<double>(Below(1000)) / 10;
  }
  void Fill(FieldType type, std::vector<policy::NodeClass>& pools) {
    for (int64_t i = Below(3); i > 0; --i) {
      policy::NodeClass pool;
      pool.name = Text() + std::to_string(i);
      Fill(type, pool.allocatable.cpu);
      Fill(type, pool.allocatable.memory);
      pool.allocatable.pods = Below(250);
      if (Below(2) == 0) pool.allocatable.extended["nvidia.com/gpu"] = Below(8);
      Fill(type, pool.labels);
      if (Below(2) == 0) pool.taints.push_back({Text(), Text(), "NoExecute"});
      pool.count = pool.ready = 1 + Below(500);
      pool.declared = true;
      pools.push_back(std::move(pool));
    }
  }
  void Fill(FieldType, std::vector<std::string>& rules) {
    for (const policy::RuleDefault& rule : policy::RuleDefaults()) {
      if (!rule.fact && Below(4) == 0) rules.emplace_back(rule.id);
    }
  }
  void Fill(FieldType, std::map<std::string, policy::Mode, std::less<>>& modes) {
    for (const policy::RuleDefault& rule : policy::RuleDefaults()) {
      if (Below(4) == 0) modes.emplace(rule.id, static_cast<policy::Mode>(Below(3)));
    }
  }
  void Fill(FieldType, std::map<std::string, policy::SettingRule, std::less<>>& settings) {
    using Type = policy::SettingRule::Type;
    policy::SettingRule row;
    row.key = "spark.a";
    row.allowed = {Text(), Text()};
    row.default_value = row.allowed[0];
    settings.emplace(row.key, row);
    row = {};
    row.key = "spark.b";
    row.type = Type::kSize;
    row.min = "1k";
    row.max = std::to_string(1 + Below(9)) + "g";
    row.required = Below(2) == 0;
    settings.emplace(row.key, row);
    row = {};
    row.key = "spark.c";
    row.forbidden = true;
    settings.emplace(row.key, row);
  }

  std::mt19937 random_{11};
};

// Law: reading what was printed gives the same policy.
TEST(PolicyPrintLaw, ReadOfPrintIsThePolicy) {
  Generator generator;
  int read = 0;
  for (int i = 0; i < 2000; ++i) {
    const Policy policy = generator.Make();
    const std::string text = PrintPolicy(policy);
    const auto result = ReadPolicyFile(text, "p");
    if (const auto* errors = std::get_if<std::vector<policy::Error>>(&result)) {
      // Only a range that the generator got wrong may be refused.
      for (const policy::Error& error : *errors) {
        ASSERT_NE(error.what.find("is above max"), std::string::npos) << error.what << "\n" << text;
      }
      continue;
    }
    ++read;
    ASSERT_EQ(std::get<PolicyFile>(result).policies.size(), 1u);
    ASSERT_EQ(std::get<PolicyFile>(result).policies[0], policy) << text;
  }
  EXPECT_GT(read, 500);
}

}  // namespace
}  // namespace ballast::webhook
