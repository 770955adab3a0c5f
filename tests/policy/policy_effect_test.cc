// A field that nothing reads is a promise that is not kept: for each one there is a workload here
// whose decision it changes.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/evaluate.h"
#include "policy/layers.h"
#include "policy/policy_fields.h"
#include "policy/policy_values.h"
#include "policy/rule_defaults.h"

namespace ballast::policy {
namespace {

using Pairs = std::vector<std::pair<std::string_view, std::string_view>>;

struct EffectRow {
  std::string_view field;
  std::string_view value;  // of a scalar field; others are set by `set`
  Pairs conf = {};         // beside the ordinary job's
  Pairs beside = {};       // other fields of the policy, there before and after
  Language language = Language::kJvm;
  void (*set)(Policy& policy) = nullptr;
};

void SetScalar(Policy& policy, std::string_view path, std::string_view value) {
  const PolicyField* field = FindPolicyField(path);
  ASSERT_NE(field, nullptr) << path;
  const Result<bool> done = ReadField(*field, value, policy);
  ASSERT_TRUE(done.ok()) << path << ": " << done.error().what;
}

// Ten nodes of 16 cores and 64 GiB, half of them with a label and a taint's worth of difference.
ClusterCapacity Cluster() {
  ClusterCapacity cluster;
  cluster.known = true;
  NodeClass plain;
  plain.name = "plain";
  plain.allocatable = {Cores(16), Gibibytes(64), 110, {}};
  plain.count = plain.ready = 8;
  NodeClass large = plain;
  large.name = "large";
  large.allocatable.memory = Gibibytes(80);
  large.labels = {{"size", "large"}};
  large.count = large.ready = 2;
  NodeClass huge = large;
  huge.name = "huge";
  huge.allocatable.memory = Gibibytes(256);
  huge.labels = {};
  huge.taints = {{"dedicated", "huge", "NoSchedule"}};
  cluster.classes = {plain, large, huge};
  return cluster;
}

// Ten executors of 8g and 4 cores.
Workload OrdinaryJob(const EffectRow& row) {
  Workload workload;
  workload.resource = {"sparkoperator.k8s.io/v1beta2", "SparkApplication", "jobs", "job"};
  workload.language = row.language;
  workload.spark_version_text = "3.5.1";
  workload.versions = {{3, 5}, {3, 5}};
  for (const auto& [key, value] : Pairs{{"spark.driver.memory", "2g"},
                                        {"spark.driver.cores", "1"},
                                        {"spark.executor.memory", "8g"},
                                        {"spark.executor.cores", "4"},
                                        {"spark.executor.instances", "10"}}) {
    workload.conf.Set(key, value);
  }
  for (const auto& [key, value] : row.conf) workload.conf.Set(key, value);
  Derive(workload);
  return workload;
}

Decision Decide(const EffectRow& row, bool with_field) {
  Policy policy;
  policy.name = "p";
  for (const RuleDefault& rule : RuleDefaults()) {
    policy.rules.emplace(rule.id, Mode::kEnforce);
  }
  for (const auto& [path, value] : row.beside) SetScalar(policy, path, value);
  if (with_field && row.set != nullptr) row.set(policy);
  if (with_field && row.set == nullptr) SetScalar(policy, row.field, row.value);
  const Policy* layers[] = {&policy};
  return Evaluate(OrdinaryJob(row), Layer(layers).policy, Cluster());
}

constexpr std::string_view kOffHeap = "spark.memory.offHeap.enabled";
constexpr std::string_view kOffHeapSize = "spark.memory.offHeap.size";

const EffectRow kRows[] = {
    {"capacity.reserve",
     "",
     {{"spark.executor.memory", "70g"}},
     {},
     Language::kJvm,
     [](Policy& policy) {
       policy.capacity.reserve = Reserve{Millis(0), Gibibytes(10), 5};
     }},
    {"capacity.source", "NodePools"},
    {"capacity.nodePools",
     "",
     {{"spark.executor.memory", "100g"}},
     {{"capacity.source", "Both"}},
     Language::kJvm,
     [](Policy& policy) {
       NodeClass pool;
       pool.name = "pool";
       pool.allocatable = {Cores(16), Gibibytes(128), 110, {}};
       pool.count = pool.ready = 4;
       pool.declared = true;
       policy.capacity.node_pools = std::vector<NodeClass>{pool};
     }},
    {"capacity.assume.nodeSelector",
     "",
     {{"spark.executor.memory", "100g"}},
     {},
     Language::kJvm,
     [](Policy& policy) {
       policy.capacity.assume_node_selector = Labels{{"size", "none"}};
     }},
    {"capacity.assume.tolerations",
     "",
     {{"spark.executor.memory", "100g"}},
     {},
     Language::kJvm,
     [](Policy& policy) {
       policy.capacity.assume_tolerations = std::vector<Toleration>{{"", "Exists", "", ""}};
     }},
    {"capacity.assume.sidecars",
     "",
     {{"spark.executor.memory", "68g"}},
     {},
     Language::kJvm,
     [](Policy& policy) {
       policy.capacity.assume_sidecars = PodExtras{Gibibytes(8), Cores(1), {}, {}, {}};
     }},
    {"capacity.exclude",
     "",
     {{"spark.executor.memory", "68g"}},
     {},
     Language::kJvm,
     [](Policy& policy) {
       policy.capacity.exclude = LabelSelector{{{"size", Requirement::Operator::kIn, {"large"}}}};
     }},
    {"limits.driver.heap.min", "4g"},
    {"limits.driver.heap.max", "1g"},
    {"limits.driver.memory.min", "4Gi"},
    {"limits.driver.memory.max", "2Gi"},
    {"limits.driver.cores.min", "2"},
    {"limits.driver.cores.max", "2", {{"spark.driver.cores", "4"}}},
    {"limits.executor.heap.min", "16g"},
    {"limits.executor.heap.max", "4g"},
    {"limits.executor.memory.min", "16Gi"},
    {"limits.executor.memory.max", "6Gi"},
    {"limits.executor.cores.min", "8"},
    {"limits.executor.cores.max", "2"},
    {"limits.executor.overheadFactor.min", "0.3"},
    {"limits.executor.overheadFactor.minNonJvm", "0.6", {}, {}, Language::kPython},
    {"limits.executor.overheadFactor.applyTo",
     "All",
     {{"spark.executor.memoryOverhead", "400m"}},
     {{"limits.executor.overheadFactor.min", "0.3"}}},
    {"limits.executor.offHeap.size.min", "2g", {{kOffHeap, "true"}, {kOffHeapSize, "1g"}}},
    {"limits.executor.offHeap.size.max", "512m", {{kOffHeap, "true"}, {kOffHeapSize, "1g"}}},
    {"limits.executor.offHeap.heapCeiling", "4g"},
    {"limits.executor.offHeap.moveRest",
     "true",
     {},
     {{"limits.executor.offHeap.heapCeiling", "4g"}}},
    {"limits.executor.memoryPerCore.min", "4g"},
    {"limits.executor.memoryPerCore.max", "1g"},
    {"limits.application.memoryShare", "5%"},
    {"limits.application.cpuShare", "5%"},
    {"limits.application.podShare", "0.5%"},
    {"limits.application.executors.min", "9", {}, {{"limits.application.memoryShare", "5%"}}},
    {"limits.application.executors.max", "5"},
    {"limits.kryoBufferMax", "256m", {{"spark.kryoserializer.buffer.max", "512m"}}},
    {"limits.kryoHeapShare", "1%", {{"spark.kryoserializer.buffer.max", "512m"}}},
    {"limits.memoryFraction.min", "0.7"},
    {"limits.memoryFraction.max", "0.5"},
    {"limits.storageFraction.min", "0.6"},
    {"limits.storageFraction.max", "0.4"},
    {"limits.serializer.require", "Kryo"},
    {"limits.serializer.registrationRequired", "true"},
    {"limits.serializer.unsafe", "true", {{"spark.kryo.unsafe", "false"}}},
    {"limits.serializer.referenceTracking", "false"},
    {"limits.serializer.objectStreamReset.min", "200"},
    {"limits.serializer.objectStreamReset.max", "50"},
    {"limits.rpcMessageMax", "64"},
    {"limits.directResultMax", "512k"},
    {"limits.resultHeapShare", "10%"},
    {"limits.networkTimeout.min", "600s"},
    {"limits.networkTimeout.max", "300s", {{"spark.network.timeout", "900s"}}},
    {"limits.rpcAskTimeout.min", "600s"},
    {"limits.rpcAskTimeout.max", "300s", {{"spark.rpc.askTimeout", "900s"}}},
    {"limits.parallelism.shufflePartitions.min", "400"},
    {"limits.parallelism.shufflePartitions.max", "100"},
    {"limits.parallelism.maxPartitionBytes.min", "256m"},
    {"limits.parallelism.maxPartitionBytes.max", "64m"},
    {"limits.parallelism.broadcastThreshold", "5m"},
    {"limits.parallelism.broadcastHeapShare",
     "1%",
     {{"spark.sql.autoBroadcastJoinThreshold", "1g"}}},
    {"limits.strandedShare", "99%", {{"spark.executor.memory", "50g"}}},
    {"split.minHeap", "70g", {{"spark.executor.memory", "150g"}, {"spark.executor.cores", "16"}}},
    {"split.minCores", "12", {{"spark.executor.memory", "150g"}, {"spark.executor.cores", "16"}}},
    {"split.maxFactor", "1", {{"spark.executor.memory", "150g"}, {"spark.executor.cores", "16"}}},
    {"rules",
     "",
     {{"spark.kryoserializer.buffer.max", "2048m"}},
     {},
     Language::kJvm,
     [](Policy& policy) {
       policy.rules["kryo-buffer"] = Mode::kOff;
       policy.rules["spark-refuses"] = Mode::kOff;
     }},
    {"settings",
     "",
     {},
     {},
     Language::kJvm,
     [](Policy& policy) {
       SettingRule row;
       row.key = "spark.network.timeout";
       row.type = SettingRule::Type::kTime;
       row.default_value = "600s";
       policy.settings.emplace(row.key, row);
     }},
};

class PolicyEffect : public testing::TestWithParam<EffectRow> {};

TEST_P(PolicyEffect, TheFieldChangesADecision) {
  const Decision without = Decide(GetParam(), false);
  const Decision with = Decide(GetParam(), true);
  const bool same = without.verdict == with.verdict && without.after == with.after &&
                    without.findings == with.findings;
  EXPECT_FALSE(same) << GetParam().field << " changed nothing";
}

INSTANTIATE_TEST_SUITE_P(Fields, PolicyEffect, testing::ValuesIn(kRows), [](const auto& row) {
  std::string name;
  for (const char c : row.param.field) name += c == '.' ? '_' : c;
  return name;
});

// What is tested elsewhere: layering (layers_test), exceptions (exceptions_test), the place of the
// rewrite (the webhook's admission).
TEST(PolicyEffect, EveryFieldHasARowOrAnotherTest) {
  std::set<std::string_view> tested;
  for (const EffectRow& row : kRows) tested.insert(row.field);
  for (const PolicyField& field : PolicyFields()) {
    const bool elsewhere =
        field.readers == "layers" || field.readers == "exceptions" || field.readers == "rewrite";
    EXPECT_TRUE(elsewhere || tested.contains(field.path)) << field.path;
  }
}

TEST(PolicyFields, AreReadByRulesOrPartsThatExist) {
  for (const PolicyField& field : PolicyFields()) {
    ASSERT_FALSE(field.readers.empty()) << field.path;
    std::string_view rest = field.readers;
    while (!rest.empty()) {
      const std::string_view reader = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(rest.size(), reader.size() + 1));
      const bool is_part = std::find(std::begin(kPolicyParts), std::end(kPolicyParts), reader) !=
                           std::end(kPolicyParts);
      EXPECT_TRUE(is_part || FindRule(reader) != nullptr) << field.path << ": " << reader;
    }
  }
}

TEST(PolicyFields, TheDefaultModesAreThoseOfTheRulesThatThereAre) {
  for (const Rule* rule : AllRules()) EXPECT_NE(FindRuleDefault(rule->id), nullptr) << rule->id;
  EXPECT_EQ(AllRules().size(), RuleDefaults().size());
}

TEST(PolicyFields, PathsAreUniqueAndDefaultsAreTheBuiltInPolicys) {
  std::set<std::string_view> paths;
  for (const PolicyField& field : PolicyFields()) {
    EXPECT_TRUE(paths.insert(field.path).second) << field.path;
    EXPECT_EQ(FindPolicyField(field.path), &field);
    EXPECT_TRUE(field.comment.ends_with('.')) << field.path;
    if (!IsScalar(field.type) || field.path == "priority") continue;
    EXPECT_EQ(
        PrintField(field, BuiltInPolicy())
            .value_or(field.readers == "serializer" && field.without == "Any" ? "Any" : "none"),
        field.without)
        << field.path;
  }
}

}  // namespace
}  // namespace ballast::policy
