#include "webhook/recommend/apply_settings.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "k8s/json_text.h"
#include "policy/spark_size.h"
#include "webhook/admission/check_document.h"
#include "webhook/policy_file/policy_yaml.h"

namespace ballast::webhook {
namespace {

using policy::Cores;
using policy::Gibibytes;

// Ten nodes of 10 cores and 39Gi.
Snapshot SnapshotWith(const std::string& spec) {
  Snapshot snapshot;
  policy::NodeClass nodes;
  nodes.allocatable = {Cores(10), Gibibytes(39), 110, {}};
  nodes.count = 10;
  nodes.ready = 10;
  snapshot.cluster.known = true;
  snapshot.cluster.classes.push_back(nodes);
  if (spec.empty()) return snapshot;
  auto read = ReadPolicyFile(
      "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\n"
      "metadata: {name: p}\nspec: " +
          spec,
      "policy.yaml");
  EXPECT_TRUE(std::holds_alternative<PolicyFile>(read)) << spec;
  snapshot.policies = policy::PolicySet(std::get<PolicyFile>(std::move(read)).policies, {});
  return snapshot;
}

k8s::ManifestDocument Job(const std::string& heap, const std::string& more = "") {
  auto read = k8s::ReadManifests(
      "apiVersion: sparkoperator.k8s.io/v1beta2\nkind: SparkApplication\n"
      "metadata: {name: sessions" +
          more +
          "}\n"
          "spec: {type: Scala, sparkVersion: 3.5.6, sparkConf: {spark.app: keep},\n"
          " driver: {cores: 1, memory: 2g}, executor: {cores: 4, instances: 4, memory: " +
          heap + "}}\n",
      "job.yaml");
  EXPECT_TRUE(read.ok());
  return read->front();
}

struct Case {
  std::string name;
  std::string spec;  // of the policy; empty: the built-in one
  std::string heap;  // of the manifest
  std::vector<SettingWish> wishes;
  std::string want;  // the comments, without their reasons
  std::string heap_after;
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

SettingWish Heap(const std::string& value) { return {"spark.executor.memory", value, "why"}; }

const char kLimit[] =
    "{mode: Enforce, limits: {executor: {heap: {max: 16g}, cores: {max: 4}}}, "
    "rules: {executor-shape: Enforce}}";

const Case kCases[] = {
    {"Down", "", "8g", {Heap("4g")}, "# spark.executor.memory: 8g -> 4g: why\n", "4g"},
    {"AlreadySo",
     "",
     "4g",
     {Heap("4096m")},
     "# spark.executor.memory: 4g -> 4096m: why\n",
     "4096m"},
    {"SeveralSettings",
     "",
     "8g",
     {Heap("6g"), {"spark.sql.shuffle.partitions", "400", "a\nb"}},
     "# spark.executor.memory: 8g -> 6g: why\n"
     "# spark.sql.shuffle.partitions: unset -> 400: a b\n",
     "6g"},
    // No node holds it, so that it is split in two.
    {"TheNodesSplit",
     "",
     "8g",
     {Heap("64g")},
     "# spark.executor.memory: 8g -> 32918m: why\n"
     "#   traded: 64g is not what is admitted: executor-fits-node: ",
     "32918m"},
    // No node holds even one task's share: as far as it is admitted.
    {"NoFurtherThanTheNodes", "", "8g", {Heap("300g")}, "# spark.executor.memory: 8g -> ", ""},
    {"TheNodesInFull", "", "8g", {Heap("35g")}, "# spark.executor.memory: 8g -> 35g: why\n", "35g"},
    {"ThePolicySplits", kLimit, "8g", {Heap("20g")}, "# spark.executor.memory: 8g -> ", ""},
};

class ApplySettingsTable : public testing::TestWithParam<Case> {};

TEST_P(ApplySettingsTable, NeverExceedsThePolicy) {
  const Case& one = GetParam();
  const Snapshot snapshot = SnapshotWith(one.spec);
  const auto got = ApplySettings(Job(one.heap), one.wishes, snapshot, "default", 0);
  ASSERT_TRUE(got.ok()) << got.error().what;
  const std::string text = PrintRecommended(*got);
  EXPECT_TRUE(text.starts_with(one.want)) << text;
  if (!one.heap_after.empty()) {
    EXPECT_EQ(got->object["spec"]["executor"]["memory"], one.heap_after);
  }
  // What is printed is admitted as it is, and reads back to the same object.
  auto printed = k8s::ReadManifests(text, "recommended.yaml");
  ASSERT_TRUE(printed.ok());
  EXPECT_EQ(printed->front().object, got->object);
  EXPECT_EQ(got->object["spec"]["sparkConf"]["spark.app"], "keep");
  const auto again = CheckDocument(printed->front(), snapshot, "default", 0);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->decision["verdict"], "Admitted") << k8s::PrintJson(again->decision, 1);
  EXPECT_TRUE(again->answer.patch.empty());
}

INSTANTIATE_TEST_SUITE_P(Table, ApplySettingsTable, testing::ValuesIn(kCases),
                         [](const auto& tested) { return tested.param.name; });

TEST(ApplySettings, ReachesTheSettingsOfADriversConfigMap) {
  const auto documents = k8s::ReadManifests(
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: spark-drv-0a1b-conf-map}\n"
      "data:\n  spark.properties: |\n    #kept\n    spark.executor.memory=8g\n"
      "    spark.executor.cores=4\n    spark.app.name=sessions\n",
      "config-map.yaml");
  ASSERT_TRUE(documents.ok());
  const auto got =
      ApplySettings(documents->front(), std::vector{Heap("4g")}, SnapshotWith(""), "default", 0);
  ASSERT_TRUE(got.ok()) << got.error().where << got.error().what;
  EXPECT_TRUE(PrintRecommended(*got).starts_with("# spark.executor.memory: 8g -> 4g: why\n"))
      << PrintRecommended(*got);
  EXPECT_EQ(got->object["data"]["spark.properties"],
            "#kept\nspark.executor.memory=4g\nspark.executor.cores=4\nspark.app.name=sessions\n");
}

TEST(ApplySettings, SaysWhatThePolicyTraded) {
  const auto got =
      ApplySettings(Job("8g"), std::vector{Heap("20g")}, SnapshotWith(kLimit), "default", 0);
  ASSERT_TRUE(got.ok());
  ASSERT_EQ(got->settings.size(), 1U);
  EXPECT_EQ(got->settings[0].wanted, "20g");
  EXPECT_TRUE(got->settings[0].traded.starts_with("executor-shape: ")) << got->settings[0].traded;
  ASSERT_EQ(got->rewrites.size(), 1U);
  // Three cores at 16g: no fewer slots, and as much memory a slot.
  EXPECT_EQ(got->object["spec"]["executor"]["instances"], 6);
  EXPECT_EQ(got->object["spec"]["executor"]["cores"], 3);
  EXPECT_FALSE(got->object["metadata"].contains("annotations"));
}

TEST(ApplySettings, ASizeIsGrantedAsFarAsItIsAdmitted) {
  const auto got =
      ApplySettings(Job("8g"), std::vector{Heap("300g")}, SnapshotWith(""), "default", 0);
  ASSERT_TRUE(got.ok()) << got.error().what;
  // A node of 39Gi holds a heap of 35.4g and a tenth; four tasks' shares of it are four executors.
  EXPECT_EQ(got->object["spec"]["executor"]["cores"], 1);
  const auto heap =
      policy::ByteStringAs(got->object["spec"]["executor"]["memory"].get<std::string>(),
                           policy::ByteUnit::kMiB, policy::kNewestSpark);
  ASSERT_TRUE(heap.ok());
  EXPECT_GT(*heap, 35'000);
  EXPECT_LE(*heap * 11 / 10, 39 * 1024);
  EXPECT_TRUE(got->settings[0].traded.starts_with("executor-fits-node: "))
      << got->settings[0].traded;
}

TEST(ApplySettings, ARefusalOfRewritesStaysInTheManifest) {
  const auto got = ApplySettings(Job("8g", ", annotations: {ballast.dev/rewrite: Refuse}"),
                                 std::vector{Heap("20g")}, SnapshotWith(kLimit), "default", 0);
  ASSERT_TRUE(got.ok()) << got.error().what;
  EXPECT_EQ(got->object["metadata"]["annotations"]["ballast.dev/rewrite"], "Refuse");
  k8s::ManifestDocument document;
  document.object = got->object;
  EXPECT_EQ(CheckDocument(document, SnapshotWith(kLimit), "default", 0)->decision["verdict"],
            "Admitted");
}

TEST(ApplySettings, WhatIsRejectedAnywaySaysWhy) {
  const auto got =
      ApplySettings(Job("400g"), std::vector{Heap("300g")}, SnapshotWith(""), "default", 0);
  ASSERT_FALSE(got.ok());
  EXPECT_TRUE(got.error().what.starts_with(
      "is rejected, with what is recommended and without it: executor-fits-node: "))
      << got.error().what;
}

TEST(ApplySettings, ASmallerSizeMayCureARejection) {
  const auto got =
      ApplySettings(Job("400g"), std::vector{Heap("8g")}, SnapshotWith(""), "default", 0);
  ASSERT_TRUE(got.ok()) << got.error().what;
  EXPECT_EQ(got->object["spec"]["executor"]["memory"], "8g");
}

TEST(ApplySettings, WithoutAWishOnlyThePolicySpeaks) {
  const auto got = ApplySettings(Job("8g"), {}, SnapshotWith(""), "default", 0);
  ASSERT_TRUE(got.ok());
  EXPECT_TRUE(PrintRecommended(*got).starts_with("# no setting is recommended\napiVersion: "));
  EXPECT_EQ(got->object, Job("8g").object);
}

// What a smaller run had too little of, this one has more of already.
TEST(ApplySettings, WhatGoesFurtherThanTheWishStays) {
  struct Kept {
    const char* name;
    SettingWish wish;
    const char* want;  // what the comments begin with
  };
  const Kept rows[] = {
      {"MoreThanTwice",
       {"spark.driver.memory", "1g", "why", "512m"},
       "# spark.driver.memory: 2g stays: why\n"
       "#   but it is more than 1g already; the run had 512m\n"},
      {"LessThanWhatIsUnused",
       {"spark.executor.memory", "9g", "why", "20g"},
       "# spark.executor.memory: 8g stays: why\n"
       "#   but it is less than 9g already; the run had 20g\n"},
      {"MoreIsStillMore",
       {"spark.executor.memory", "9g", "why", "1g"},
       "# spark.executor.memory: 8g -> 9g: why\n"},
      {"AnOverheadThatIsNotWritten",
       {"spark.executor.memoryOverhead", "768m", "why", ""},
       "# spark.executor.memoryOverhead: unset stays: why\n"
       "#   but it is more than 768m already; the run left it unset\n"},
      {"HalfTheCoresOfAnother",
       {"spark.executor.cores", "1", "why", "2"},
       "# spark.executor.cores: 4 stays: why\n"
       "#   but 1 is for the run, which had 2\n"},
      {"HalfTheCores",
       {"spark.executor.cores", "2", "why", "4"},
       "# spark.executor.cores: 4 -> 2: why\n"},
      {"ADefaultThatIsMore",
       {"spark.kryoserializer.buffer.max", "2m", "why", "1m"},
       "# spark.kryoserializer.buffer.max: unset stays: why\n"
       "#   but it is more than 2m already; the run had 1m\n"},
  };
  for (const Kept& row : rows) {
    const auto got =
        ApplySettings(Job("8g"), std::vector{row.wish}, SnapshotWith(""), "default", 0);
    ASSERT_TRUE(got.ok()) << row.name << got.error().what;
    const std::string text = PrintRecommended(*got);
    EXPECT_TRUE(text.starts_with(row.want)) << row.name << "\n" << text;
  }
}

TEST(ApplySettings, NeedsASparkObject) {
  k8s::ManifestDocument document;
  document.object = {{"apiVersion", "v1"}, {"kind", "Service"}};
  EXPECT_FALSE(ApplySettings(document, {}, SnapshotWith(""), "default", 0).ok());
}

}  // namespace
}  // namespace ballast::webhook
