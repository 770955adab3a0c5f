#include "policy/judged_settings.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "policy/evaluate.h"
#include "tests/policy/random_case.h"

namespace ballast::policy {
namespace {

struct KeyCase {
  const char* key;
  bool judged;
};

TEST(JudgedSettings, AreThoseThatRulesLookAt) {
  const KeyCase cases[] = {
      {"spark.executor.memory", true},
      {"spark.yarn.executor.memoryOverhead", true},
      {"executor.memoryLimit", true},
      {"spark.executor.resource.gpu.amount", true},
      {"spark.shuffle.memoryFraction", true},
      {"spark.kubernetes.executor.volumes.persistentVolumeClaim.a.options.claimName", true},
      {"spark.hadoop.fs.s3a.secret.key", false},
      {"spark.kubernetes.driverEnv.PASSWORD", false},
      {"spark.jars.packages", false},
      {"spark.executor", false},
      {"", false},
  };
  for (const KeyCase& test : cases) EXPECT_EQ(IsJudgedSetting(test.key), test.judged) << test.key;
}

// A key that a source of policy/ names in full is judged; one that is forgotten in the list would
// be missing in a snapshot. What symptoms/ names is read from an event log, never from a workload.
TEST(JudgedSettings, HoldEveryKeyThatTheSourcesName) {
  const std::regex key("\"((?:spark|driver|executor)\\.[A-Za-z0-9._]*[A-Za-z0-9])\"");
  int keys = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(BALLAST_SOURCE_DIR "/policy")) {
    if (entry.path().extension() != ".cc" && entry.path().extension() != ".h") continue;
    if (entry.path().parent_path().filename() == "symptoms") continue;
    std::ifstream file(entry.path());
    std::ostringstream text;
    text << file.rdbuf();
    const std::string source = text.str();
    for (std::sregex_iterator it(source.begin(), source.end(), key), end; it != end; ++it) {
      EXPECT_TRUE(IsJudgedSetting((*it)[1].str())) << (*it)[1].str() << " in " << entry.path();
      ++keys;
    }
  }
  EXPECT_GT(keys, 200);
}

struct KeepCase {
  const char* name;
  std::map<std::string, std::string> conf;
  std::vector<std::string> more;
  std::map<std::string, std::string> want;
};
void PrintTo(const KeepCase& test, std::ostream* stream) { *stream << test.name; }

class KeepTest : public ::testing::TestWithParam<KeepCase> {};

TEST_P(KeepTest, NoMoreThanIsJudged) {
  SparkConf conf;
  for (const auto& [key, value] : GetParam().conf) conf.Set(key, value);
  EXPECT_EQ(JudgedSettings(conf, GetParam().more).ToMap(), GetParam().want);
}

const KeepCase kKeep[] = {
    {"OthersAreLeftOut",
     {{"spark.executor.memory", "4g"}, {"spark.hadoop.fs.s3a.secret.key", "hush"}},
     {},
     {{"spark.executor.memory", "4g"}}},
    {"NamedOnesAreKept",
     {{"spark.my.level", "7"}, {"spark.my.other", "8"}},
     {"spark.my.level"},
     {{"spark.my.level", "7"}}},
    {"NamedSecretsAreHidden",
     {{"spark.my.passWord", "hush"}, {"spark.fs.access.key", "hush"}},
     {"spark.fs.access.key", "spark.my.passWord"},
     {{"spark.fs.access.key", "*********(redacted)"},
      {"spark.my.passWord", "*********(redacted)"}}},
    {"JavaOptionsKeepWhatSparkLooksFor",
     {{"spark.driver.extraJavaOptions", "-Dkey=hush -Xmx4g -Dspark.a=b 'open"}},
     {},
     {{"spark.driver.extraJavaOptions", "x -Xmxx -Dsparkx 'x"}}},
    {"WhatIsReferredToIsKept",
     {{"spark.executor.memory", "${spark.my.memory}"},
      {"spark.my.memory", "${spark.my.token}g"},
      {"spark.my.token", "4"},
      {"spark.my.other", "5"}},
     {},
     {{"spark.executor.memory", "${spark.my.memory}"},
      {"spark.my.memory", "${spark.my.token}g"},
      {"spark.my.token", "*********(redacted)"}}},
};
INSTANTIATE_TEST_SUITE_P(Table, KeepTest, ::testing::ValuesIn(kKeep),
                         [](const auto& row) { return row.param.name; });

// What is left out never decides: whatever the settings, policy and cluster.
TEST(JudgedSettings, ComeToTheSameDecision) {
  constexpr uint64_t kCases = 3000;
  for (uint64_t seed = 1; seed <= kCases; ++seed) {
    Dice dice(seed);
    ConfMap conf = RandomConf(dice);
    conf["spark.hadoop.fs.s3a.secret.key"] = "hush";
    conf["spark.jars.packages"] = "a:b:1";
    const Policy policy = RandomPolicy(dice);
    const ClusterCapacity cluster = RandomCluster(dice);
    std::vector<std::string> named;
    for (const auto& [key, row] : policy.settings) named.push_back(key);

    const Workload whole = WorkloadOf(conf);
    Workload kept = whole;
    kept.conf = JudgedSettings(whole.conf, named);
    Derive(kept);
    const Decision want = Evaluate(whole, policy, cluster);
    const Decision got = Evaluate(kept, policy, cluster);
    ASSERT_EQ(got.verdict, want.verdict) << "seed " << seed;
    ASSERT_EQ(got.findings, want.findings) << "seed " << seed;
    ASSERT_FALSE(kept.conf.Has("spark.hadoop.fs.s3a.secret.key"));
  }
}

}  // namespace
}  // namespace ballast::policy
