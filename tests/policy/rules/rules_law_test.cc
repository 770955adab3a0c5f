// What holds for all rules and every configuration, over a seeded generator that mixes values which
// Spark takes with values which it refuses.
#include <gtest/gtest.h>

#include <random>

#include "policy/evaluate.h"
#include "policy/rules/rules.h"
#include "policy/startup_verdict.h"
#include "tests/policy/rules/rule_case.h"

namespace ballast::policy {
namespace {

constexpr int kRounds = 1500;

struct Choice {
  std::string_view key;
  std::vector<std::string_view> values;
};

const std::vector<Choice>& Choices() {
  static const std::vector<Choice> choices = {
      {"spark.driver.memory", {"1g", "4g", "2048", "1gb", "4Gi", "16384m", "449m", "0", "2x"}},
      {"spark.driver.memoryOverhead", {"512m", "0", "3g"}},
      {"spark.driver.cores", {"1", "4", " 2 "}},
      {"spark.driver.maxResultSize", {"0", "1g", "4g", "20g"}},
      {"spark.executor.memory",
       {"1g", "8g", "28g", "60g", "100g", "2048", "8Gi", "470m", "449m", "1.5g", "4gb", "512"}},
      {"spark.executor.memoryOverhead", {"100", "512m", "4g", "1Gi", "-1g"}},
      {"spark.executor.memoryOverheadFactor", {"0.05", "0.1", "0.25", "0", "much"}},
      {"spark.yarn.executor.memoryOverhead", {"512", "2g"}},
      {"spark.kubernetes.memoryOverheadFactor", {"0.05", "0.2", "0.4"}},
      {"spark.executor.pyspark.memory", {"1g", "2g"}},
      {"spark.executor.cores", {"1", "2", "4", "8", "0"}},
      {"spark.task.cpus", {"1", "2", "3", "16", "1.5"}},
      {"spark.executor.instances", {"1", "10", "200"}},
      {"spark.kubernetes.executor.request.cores", {"500m", "3", "0.5"}},
      {"spark.kubernetes.executor.limit.cores", {"500m", "2", "8"}},
      {"spark.kubernetes.driver.limit.cores", {"500m", "2"}},
      {"spark.memory.offHeap.enabled", {"true", "false", "yes"}},
      {"spark.memory.offHeap.size", {"0", "1m", "8g", "4294967296", "1000"}},
      {"spark.memory.fraction", {"0.6", "0.95", "0.2", "0", "NaN", "2"}},
      {"spark.memory.storageFraction", {"0.5", "0.05", "1", "0.9"}},
      {"spark.kryoserializer.buffer", {"64k", "128m", "2g", "3Gi"}},
      {"spark.kryoserializer.buffer.mb", {"0.064", "64", "4096"}},
      {"spark.kryoserializer.buffer.max", {"64m", "1g", "2047m", "2048m", "4g", "1500mib", "0"}},
      {"spark.kryoserializer.buffer.max.mb", {"64", "2048"}},
      {"spark.serializer", {"org.apache.spark.serializer.KryoSerializer", "Mine"}},
      {"spark.kryo.unsafe", {"true", "false"}},
      {"spark.kryo.referenceTracking", {"true", "false"}},
      {"spark.serializer.objectStreamReset", {"-1", "100", "5000"}},
      {"spark.rpc.message.maxSize", {"128", "2047", "2048", "512m", "0", "x"}},
      {"spark.task.maxDirectResultSize", {"1m", "64m", "4g"}},
      {"spark.network.timeout", {"120s", "30s", "600", "10min", "60999ms", "800 sec", "0"}},
      {"spark.network.timeoutInterval", {"60s", "20s", "200s"}},
      {"spark.executor.heartbeatInterval", {"10s", "60s", "120s", "700s", "20", "0"}},
      {"spark.rpc.askTimeout", {"30s", "900s"}},
      {"spark.dynamicAllocation.enabled", {"true", "true", "false"}},
      {"spark.dynamicAllocation.minExecutors", {"0", "5", "600", "-1"}},
      {"spark.dynamicAllocation.initialExecutors", {"1", "20", "700"}},
      {"spark.dynamicAllocation.maxExecutors", {"10", "300", "2147483647", "0"}},
      {"spark.dynamicAllocation.shuffleTracking.enabled", {"true", "false"}},
      {"spark.shuffle.service.enabled", {"true", "false"}},
      {"spark.decommission.enabled", {"true"}},
      {"spark.sql.shuffle.partitions", {"1", "200", "200000", "0"}},
      {"spark.sql.files.maxPartitionBytes", {"1", "128MB", "1g"}},
      {"spark.sql.autoBroadcastJoinThreshold", {"-1", "10m", "1g", "9g", "100g"}},
      {"spark.shuffle.memoryFraction", {"0.4"}},
      {"spark.blacklist.enabled", {"true"}},
      {"spark.acme.ratio", {"0.1", "0.5", "high"}},
  };
  return choices;
}

class Generator {
 public:
  explicit Generator(uint32_t seed) : random_(seed) {}

  int64_t Below(int64_t n) { return std::uniform_int_distribution<int64_t>(0, n - 1)(random_); }
  bool OneIn(int64_t n) { return Below(n) == 0; }
  template <typename T>
  T OneOf(std::initializer_list<T> values) {
    return values.begin()[Below(static_cast<int64_t>(values.size()))];
  }
  // Sets it now and then.
  template <typename T>
  void Maybe(std::optional<T>& field, std::initializer_list<T> values) {
    if (OneIn(3)) field = OneOf(values);
  }

  Workload NextWorkload();
  Policy NextPolicy();

 private:
  void AddSettings(Policy& policy);
  std::mt19937 random_;
};

Workload Generator::NextWorkload() {
  Pairs conf;
  const int64_t often = OneOf<int64_t>({4, 8, 20});  // how rarely each key is written
  for (const Choice& choice : Choices()) {
    if (!OneIn(often)) continue;
    // The first two values are what Spark takes, and what most people write.
    const auto all = static_cast<int64_t>(choice.values.size());
    const int64_t known = OneIn(3) ? all : std::min<int64_t>(all, 2);
    conf.emplace_back(choice.key, choice.values[static_cast<size_t>(Below(known))]);
  }
  Workload workload = MakeWorkload(conf);
  const SparkVersion version =
      OneOf<SparkVersion>({{3, 3}, {3, 4}, {3, 5}, {4, 0}, {4, 1}, {4, 2}, {4, 3}});
  workload.versions = {version, version};
  if (OneIn(4)) workload.versions.submit = {4, 0};
  workload.version_known = !OneIn(5);
  workload.language = OneOf({Language::kJvm, Language::kJvm, Language::kPython, Language::kR});
  Derive(workload);
  return workload;
}

Policy Generator::NextPolicy() {
  Policy policy;
  Limits& limits = policy.limits;
  Maybe(limits.executor.overhead_factor.min, {0.05, 0.1, 0.2});
  Maybe(limits.executor.overhead_factor.min_non_jvm, {0.3, 0.4});
  Maybe(limits.executor.overhead_factor.apply_to, {OverheadScope::kComputed, OverheadScope::kAll});
  Maybe(limits.executor.off_heap.size.min, {Mebibytes(512), Gibibytes(1)});
  Maybe(limits.executor.off_heap.size.max, {Gibibytes(2), Gibibytes(80)});
  Maybe(limits.executor.off_heap.heap_ceiling, {Gibibytes(16), Gibibytes(32)});
  Maybe(limits.executor.off_heap.move_rest, {true, false});
  Maybe(limits.executor.cores.max, {Cores(4), Cores(8)});
  Maybe(limits.application.executors.max, {int64_t{50}, int64_t{500}});
  Maybe(limits.kryo_buffer_max, {Mebibytes(32), Mebibytes(512), Gibibytes(4)});
  Maybe(limits.kryo_heap_share, {0.05, 0.5});
  Maybe(limits.memory_fraction.min, {0.4, 0.6});
  Maybe(limits.memory_fraction.max, {0.6, 0.8});
  Maybe(limits.storage_fraction.min, {0.1, 0.3});
  Maybe(limits.storage_fraction.max, {0.3, 0.5});
  Maybe(limits.serializer.require, {SerializerChoice::kAny, SerializerChoice::kKryo});
  Maybe(limits.serializer.unsafe, {true, false});
  Maybe(limits.serializer.reference_tracking, {true, false});
  Maybe(limits.serializer.object_stream_reset.min, {int64_t{50}});
  Maybe(limits.serializer.object_stream_reset.max, {int64_t{100}, int64_t{1000}});
  Maybe(limits.rpc_message_max, {int64_t{64}, int64_t{512}, int64_t{4096}});
  Maybe(limits.direct_result_max, {Mebibytes(16), Bytes(1'000'001)});
  Maybe(limits.result_heap_share, {0.25, 0.5});
  Maybe(limits.network_timeout.min, {int64_t{90'000}, int64_t{120'500}});
  Maybe(limits.network_timeout.max, {int64_t{150'000}, int64_t{900'000}});
  Maybe(limits.rpc_ask_timeout.min, {int64_t{60'000}, int64_t{300'000}});
  Maybe(limits.rpc_ask_timeout.max, {int64_t{300'000}, int64_t{600'000}});
  Maybe(limits.parallelism.shuffle_partitions.min, {int64_t{10}, int64_t{400}});
  Maybe(limits.parallelism.shuffle_partitions.max, {int64_t{400}, int64_t{2000}});
  Maybe(limits.parallelism.max_partition_bytes.max, {Mebibytes(64), Bytes(100'000'000)});
  Maybe(limits.parallelism.broadcast_threshold, {Mebibytes(5), Mebibytes(100)});
  Maybe(limits.parallelism.broadcast_heap_share, {0.1, 0.25});
  if (OneIn(2)) AddSettings(policy);
  for (const Rule* rule : AllRules()) {
    policy.rules[std::string(rule->id)] =
        OneIn(5) ? OneOf({Mode::kOff, Mode::kWarn}) : Mode::kEnforce;
  }
  return policy;
}

void Generator::AddSettings(Policy& policy) {
  using Type = SettingRule::Type;
  const auto add = [&](const char* key, Type type, const char* min, const char* max,
                       const char* standard) {
    if (!OneIn(3)) return;
    SettingRule& row = policy.settings[key];
    row.key = key;
    row.type = type;
    row.min = OneIn(2) ? min : "";
    row.max = OneIn(2) ? max : "";
    row.default_value = OneIn(2) ? standard : "";
  };
  add("spark.executor.memory", Type::kSize, OneIn(2) ? "2g" : "12g", "32Gi", "14g");
  add("spark.executor.cores", Type::kNumber, "2", "8", "4");
  add("spark.executor.instances", Type::kNumber, "2", "100", "10");
  add("spark.kryoserializer.buffer.max", Type::kSize, "16m", "1g", "256m");
  add("spark.network.timeout", Type::kTime, "100s", "20min", "600s");
  add("spark.rpc.message.maxSize", Type::kNumber, "32", "1024", "256");
  add("spark.sql.shuffle.partitions", Type::kNumber, "10", "5000", "300");
  add("spark.speculation", Type::kBoolean, "", "", "false");
  add("spark.acme.ratio", Type::kNumber, "0.2", "0.8", "0.5");
}

std::string Describe(const Workload& workload) {
  std::string text = "Spark " + PrintSparkVersion(workload.versions.submit) + "/" +
                     PrintSparkVersion(workload.versions.runtime) + "\n";
  workload.conf.ForEach([&](std::string_view key, std::string_view value) {
    text.append(key).append("=").append(value).append("\n");
  });
  return text;
}

bool SparkTakes(const Workload& workload) {
  return JudgeStartup(workload.conf, workload, {&workload.versions, 1}).groups.empty();
}

TEST(RulesLaw, WhatARuleRewritesIsSilentWhenItIsJudgedAgain) {
  Generator generator(1);
  for (int i = 0; i < kRounds; ++i) {
    const Workload asked = generator.NextWorkload();
    const Policy policy = generator.NextPolicy();
    for (const Rule* rule : AllRules()) {
      Workload workload = asked;
      const std::string once = AnswerOf(*rule, workload, policy);
      if (once.find("reject: ") != std::string::npos) continue;
      const Workload after = workload;
      const std::string twice = AnswerOf(*rule, workload, policy);
      ASSERT_EQ(twice.find("rewrite: "), std::string::npos)
          << rule->id << "\n"
          << Describe(asked) << once << "\nagain: " << twice;
      ASSERT_EQ(workload.conf, after.conf);
    }
  }
}

TEST(RulesLaw, WhatSparkTakesItStillTakesAfterEachRule) {
  Generator generator(2);
  int taken = 0;
  for (int i = 0; i < kRounds; ++i) {
    const Workload asked = generator.NextWorkload();
    const Policy policy = generator.NextPolicy();
    if (!SparkTakes(asked)) continue;
    ++taken;
    for (const Rule* rule : AllRules()) {
      // The operator's own list may ask for more cores than the cpu limit; the rule cores sees
      // that.
      if (rule == &kSettings) continue;
      Workload workload = asked;
      const std::string answer = AnswerOf(*rule, workload, policy);
      ASSERT_TRUE(SparkTakes(workload)) << rule->id << "\n" << Describe(asked) << answer;
    }
  }
  EXPECT_GT(taken, kRounds / 10);
}

// A few nodes that large executors do not fit.
ClusterCapacity SmallCluster() {
  ClusterCapacity cluster;
  cluster.known = true;
  NodeClass nodes;
  nodes.name = "small";
  nodes.allocatable = {Cores(10), Gibibytes(39), 110, {}};
  nodes.count = 20;
  nodes.ready = 20;
  cluster.classes.push_back(nodes);
  return cluster;
}

void ExpectFixedPoint(uint32_t seed, const ClusterCapacity& cluster) {
  Generator generator(seed);
  int rewritten = 0;
  for (int i = 0; i < kRounds; ++i) {
    const Workload asked = generator.NextWorkload();
    const Policy policy = generator.NextPolicy();
    const Decision once = Evaluate(asked, policy, cluster);
    if (once.verdict != VerdictKind::kRewritten) continue;
    ++rewritten;
    const Decision twice = Evaluate(once.after, policy, cluster);
    std::string changes;
    for (const SettingChange& change : SparkConf::Difference(once.after.conf, twice.after.conf)) {
      changes += change.key + "=" + change.value.value_or("") + "\n";
    }
    ASSERT_EQ(twice.verdict, VerdictKind::kAdmitted) << Describe(asked) << "\nfirst\n"
                                                     << Describe(once.after) << "\nthen\n"
                                                     << changes << Name(twice.verdict);
  }
  EXPECT_GT(rewritten, kRounds / 10);
}

TEST(RulesLaw, AllRulesTogetherReachAFixedPointInOnePass) {
  ExpectFixedPoint(3, ClusterCapacity());
}

TEST(RulesLaw, AllRulesTogetherReachAFixedPointOnSmallNodes) {
  ExpectFixedPoint(5, SmallCluster());
}

TEST(RulesLaw, TheBuiltInPolicyAdmitsWhatSparkTakes) {
  Generator generator(4);
  int taken = 0;
  for (int i = 0; i < kRounds; ++i) {
    const Workload asked = generator.NextWorkload();
    if (!SparkTakes(asked)) continue;
    ++taken;
    const Decision decision = Evaluate(asked, BuiltInPolicy(), ClusterCapacity());
    std::string findings;
    for (const Finding& finding : decision.findings) findings += finding.message + "\n";
    ASSERT_EQ(decision.verdict, VerdictKind::kAdmitted) << Describe(asked) << findings;
  }
  EXPECT_GT(taken, kRounds / 10);
}

}  // namespace
}  // namespace ballast::policy
