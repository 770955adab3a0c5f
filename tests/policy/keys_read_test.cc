#include "policy/keys_read.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "policy/spark_settings.h"
#include "policy/startup_verdict.h"
#include "tests/policy/random_case.h"

namespace ballast::policy {
namespace {

bool Holds(const KeysRead& keys, const std::string& key) {
  const std::vector<std::string> one = {key};
  return keys.MayHoldAny(one);
}

TEST(KeysRead, OfAWatch) {
  const SparkConf conf = {{"spark.driver.memory", "${spark.app.heap}"}, {"spark.app.heap", "4g"}};
  KeysRead outer, inner;
  EXPECT_FALSE(Holds(outer, "spark.driver.memory"));
  {
    const KeysRead::Watch watch(outer);
    (void)conf.Has("spark.eventLog.dir");
    const KeysRead::Watch within(inner);
    (void)ReadInteger(conf, "spark.driver.memory", kNewestSpark);
    conf.ForEachWithPrefix("spark.task.resource.", [](std::string_view, std::string_view) {});
  }
  (void)conf.Has("spark.jars");
  for (const KeysRead* keys : {&outer, &inner}) {
    EXPECT_TRUE(Holds(*keys, "spark.driver.memory"));
    EXPECT_TRUE(Holds(*keys, "spark.app.heap")) << "what the value refers to";
    EXPECT_TRUE(Holds(*keys, "spark.task.resource.gpu.amount"));
    EXPECT_FALSE(Holds(*keys, "spark.task.cpus"));
    EXPECT_FALSE(Holds(*keys, "spark.jars")) << "after the watch";
  }
  EXPECT_TRUE(Holds(outer, "spark.eventLog.dir"));
  EXPECT_FALSE(Holds(inner, "spark.eventLog.dir"));
}

TEST(KeysRead, OfMorePrefixesThanThereIsRoomForIsAnything) {
  KeysRead keys;
  for (const char* prefix : {"a.", "b.", "c.", "d.", "e.", "a."}) keys.AddPrefix(prefix);
  EXPECT_FALSE(Holds(keys, "f.x"));
  keys.AddPrefix("f.");
  EXPECT_TRUE(Holds(keys, "g.x"));
  EXPECT_TRUE(Holds(KeysRead::All(), "g.x"));
}

// One to three settings of another random application, and some that are looked at in other ways.
std::vector<SettingChange> RandomChanges(Dice& dice) {
  static const SettingChange kOthers[] = {
      {"spark.executor.resource.gpu.amount", "2"},
      {"spark.executor.resource.gpu.vendor", "nvidia.com"},
      {"spark.driver.resource.gpu.amount", "1"},
      {"spark.task.resource.gpu.amount", "0.5"},
      {"spark.driver.memory", "${spark.executor.memory}"},
      {"spark.kryoserializer.buffer.mb", "3000"},
      {"spark.driver.extraJavaOptions", "-Xmx4g"},
      {"spark.kubernetes.driver.master", "local[2]"},
      {"spark.testing", "true"},
      {"spark.executor.memory", std::nullopt},
  };
  const ConfMap other = RandomConf(dice);
  std::vector<SettingChange> changes;
  for (int64_t left = dice.Between(1, 3); left > 0; --left) {
    if (dice.OneIn(3)) {
      changes.push_back(dice.Of(kOthers));
      continue;
    }
    auto at = other.begin();
    std::advance(at, dice.Between(0, static_cast<int64_t>(other.size()) - 1));
    changes.push_back({at->first, at->second});
  }
  return changes;
}

std::vector<Refusal> AskedAnew(const Workload& workload) {
  auto refusals = StartupRefusals(workload.conf, workload.language, workload.versions);
  for (Refusal& refusal : ContextRefusals(workload.conf, workload.versions.runtime)) {
    refusals.push_back(std::move(refusal));
  }
  return refusals;
}

bool Same(const Workload& a, const Workload& b) {
  const auto same = [](const auto& one, const auto& other) {
    return one.ok() ? other.ok() && *one == *other : !other.ok() && one.error() == other.error();
  };
  return same(a.sizes.driver, b.sizes.driver) && same(a.sizes.executor, b.sizes.executor) &&
         same(a.sizes.executors, b.sizes.executors);
}

// After any changes what was kept is what would be found out now.
TEST(KeysRead, WhatIsKeptStillHolds) {
  size_t refused = 0;
  for (uint64_t seed = 1; seed <= 3000; ++seed) {
    Dice dice(seed);
    const SparkVersion version = kSparkVersions[static_cast<size_t>(dice.Between(0, 6))];
    Workload workload = WorkloadOf(RandomConf(dice), Language::kPython, version);
    StartupMemory memory;
    for (int step = 0; step < 6; ++step) {
      const auto& kept = memory.RefusalsOf(workload.conf, workload.language, workload.versions);
      ASSERT_EQ(kept, AskedAnew(workload)) << "seed " << seed << " step " << step;
      refused += kept.size();
      std::vector<std::string> keys;
      for (const SettingChange& change : RandomChanges(dice)) {
        workload.conf.Apply(change);
        keys.push_back(change.key);
      }
      Derive(workload, keys);
      Workload anew = workload;
      Derive(anew);
      ASSERT_TRUE(Same(workload, anew)) << "seed " << seed << " step " << step;
    }
  }
  EXPECT_GT(refused, 3000U);
}

}  // namespace
}  // namespace ballast::policy
