// What a rewritten ConfigMap tells its executors, and how they are held against it.
#include "webhook/admission/granted.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "k8s/json_text.h"
#include "k8s/properties.h"
#include "tests/webhook/admission/submission_fixture.h"
#include "webhook/admission/restore.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

std::string GrantedIn(const json& config_map) {
  return Setting(config_map, std::string(kGrantedSetting).c_str());
}

// With one more line, as who submits may write it.
json WithGranted(json config_map, const std::string& granted) {
  auto& text = config_map["data"]["spark.properties"].get_ref<std::string&>();
  text += k8s::PrintProperty(kGrantedSetting, granted) + "\n";
  return config_map;
}

TEST(Granted, ExecutorsOfARewrittenConfigMapAreHeldAgainstIt) {
  const json config_map = ConfigMapOf(Oversized());
  const json made = Patched(config_map, Ask(config_map, SnapshotOf(kSomeHeap)));
  EXPECT_EQ(GrantedIn(made), "15934Mi 2");
  struct Row {
    const char* memory;
    const char* cpu;
    const char* granted;
    const char* policy;
    bool mismatch;
  };
  const Row kRows[] = {
      {"15934Mi", "2", "15934Mi 2", kSomeHeap, false},
      {"8Gi", "1", "15934Mi 2", kSomeHeap, false},
      // Within the policy, and still more than its own settings said.
      {"15935Mi", "2", "15934Mi 2", kSomeHeap, true},
      {"15934Mi", "2001m", "15934Mi 2", kSomeHeap, true},
      // A policy that is stricter by now changes nothing of it.
      {"15934Mi", "2", "15934Mi 2", kLittleHeap, false},
      {"15935Mi", "2", "15934Mi 2", kLittleHeap, true},
      // Nothing that is a grant: as if there were none.
      {"15934Mi", "2", "", kLittleHeap, true},
      {"15934Mi", "2", "much", kLittleHeap, true},
      {"15934Mi", "2", "15934Mi", kLittleHeap, true},
      {"15934Mi", "2", "15934Mi  2", kLittleHeap, true},
      {"15935Mi", "2", "15934Mi 2 cpu", kSomeHeap, false},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(std::string(row.memory) + " of " + row.granted);
    json pod = PodOf(Oversized(), "executor", row.memory, row.cpu);
    pod["metadata"]["annotations"][std::string(kGranted)] = row.granted;
    pod["spec"]["containers"][0]["env"] = {{{"name", "SPARK_EXECUTOR_MEMORY"}, {"value", "14g"}}};
    const AdmissionAnswer answer = Ask(pod, SnapshotOf(row.policy));
    EXPECT_TRUE(answer.allowed);
    EXPECT_EQ(answer.mismatch, row.mismatch);
    EXPECT_EQ(answer.patch.empty(), !row.mismatch);
  }
}

TEST(Granted, TheSummarySaysTheSizes) {
  struct Row {
    const char* after;
    const char* driver;  // empty: not said
    const char* executor;
    int64_t executors;  // -1: not said
  };
  const Row kRows[] = {
      {"driver 8999Mi 2 cpu, executors 10 x 36Gi 4 cpu", "8999Mi 2", "36Gi 4", 10},
      {"driver 9Gi 500m cpu, executors 2..10 x 36Gi 4 cpu", "9Gi 500m", "36Gi 4", 10},
      {"driver ?, executors 10 x 36Gi 4 cpu", "", "36Gi 4", 10},
      {"driver without requests, executors ? x ?", "", "", -1},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.after);
    KnownApplication application;
    application.decision = k8s::PrintJson(json{{"verdict", "Rewritten"}, {"after", row.after}});
    const auto sizes = GrantedSizesOf(application);
    ASSERT_TRUE(sizes);
    EXPECT_EQ(sizes->driver, ReadGranted(row.driver));
    EXPECT_EQ(sizes->executor, ReadGranted(row.executor));
    EXPECT_EQ(sizes->executors.value_or(-1), row.executors);
    EXPECT_EQ(GrantedBy(application), sizes->executor);
  }
  for (const char* none : {"", "[]", "{}", R"({"after":7})", R"({"after":"much"})"}) {
    KnownApplication application;
    application.decision = none;
    EXPECT_FALSE(GrantedSizesOf(application)) << none;
  }
}

TEST(Granted, NoLineIsAddedToWhatIsLeftAsItIs) {
  const json object = Oversized();
  const json fits = ConfigMapOf(Patched(object, Ask(object, SnapshotOf(kSomeHeap))));
  EXPECT_TRUE(Ask(fits, SnapshotOf(kSomeHeap)).patch.empty());
}

TEST(Granted, ALineThatSaysSomethingElseIsTakenOut) {
  const json object = Oversized();
  const json fits = ConfigMapOf(Patched(object, Ask(object, SnapshotOf(kSomeHeap))));
  EXPECT_TRUE(Ask(WithGranted(fits, "15934Mi 2"), SnapshotOf(kSomeHeap)).patch.empty());
  for (const char* claim : {"1Ti 100", "15934Mi", "", "8Gi 1"}) {
    SCOPED_TRACE(claim);
    const json claimed = WithGranted(fits, claim);
    const AdmissionAnswer answer = Ask(claimed, SnapshotOf(kSomeHeap));
    const json made = Patched(claimed, answer);
    EXPECT_EQ(made["data"], fits["data"]);
    ASSERT_FALSE(answer.warnings.empty());
    EXPECT_EQ(answer.warnings.back(),
              "ballast: taken out, as it is not what was decided: " + std::string(kGrantedSetting));
    EXPECT_TRUE(Ask(made, SnapshotOf(kSomeHeap)).patch.empty());
    const auto restored = Restore(made);
    ASSERT_TRUE(restored.ok()) << restored.error().what;
    EXPECT_EQ(GrantedIn(*restored), claim);
    // And replaced where there is more to rewrite.
    const json wide = WithGranted(ConfigMapOf(object), claim);
    EXPECT_EQ(GrantedIn(Patched(wide, Ask(wide, SnapshotOf(kSomeHeap)))), "15934Mi 2");
  }
}

TEST(Granted, WhereTheApplicationCarriesADecisionThatCounts) {
  const json object = Oversized();  // it carries none: /mutate was skipped
  const json config_map = ConfigMapOf(object);
  EXPECT_EQ(GrantedIn(Patched(config_map, Ask(config_map, With(kSomeHeap, object)))), "15934Mi 2");
  const json stored = Patched(object, Ask(object, SnapshotOf(kSomeHeap)));
  EXPECT_EQ(GrantedIn(Patched(config_map, Ask(config_map, With(kSomeHeap, stored)))), "unset");
  json pod = PodOf(stored, "executor", "28Gi", "4");
  pod["metadata"]["annotations"][std::string(kGranted)] = "1Ti 100";
  EXPECT_TRUE(Ask(pod, With(kSomeHeap, stored)).mismatch);
}

TEST(Granted, ExecutorsOfAnotherResourceProfileAreNotMeant) {
  for (const auto& [profile, mismatch] : {std::pair{"0", true}, std::pair{"1", false}}) {
    SCOPED_TRACE(profile);
    json pod = PodOf(Oversized(), "executor", "15935Mi", "2");
    pod["metadata"]["annotations"][std::string(kGranted)] = "15934Mi 2";
    pod["metadata"]["labels"]["spark-exec-resourceprofile-id"] = profile;
    EXPECT_EQ(Ask(pod, SnapshotOf(kSomeHeap)).mismatch, mismatch);
  }
}

TEST(Granted, IsWhatTheSparkThatAsksForMostMakesOfTheSettings) {
  json object = Oversized();
  object["spec"]["executor"] = {{"cores", 1}, {"memory", "1g"}, {"instances", 3}};
  // Before 4.1 nobody reads it, and the least overhead is 384m.
  object["spec"]["sparkConf"]["spark.executor.minMemoryOverhead"] = "100m";
  const json config_map = ConfigMapOf(object);
  EXPECT_EQ(GrantedIn(Patched(config_map, Ask(config_map, SnapshotOf(kSomeHeap)))), "1408Mi 1");
}

TEST(Granted, SparksContainerMayHaveTheNameOfAPodTemplate) {
  for (const auto& [memory, mismatch] : {std::pair{"15934Mi", false}, std::pair{"15935Mi", true}}) {
    SCOPED_TRACE(memory);
    json pod = PodOf(Oversized(), "executor", memory, "2");
    pod["metadata"]["annotations"][std::string(kGranted)] = "15934Mi 2";
    json& containers = pod["spec"]["containers"];
    containers[0]["name"] = "main";
    containers[0]["env"] = {{{"name", "SPARK_EXECUTOR_ID"}, {"value", "1"}}};
    const json log = {{"name", "log"}, {"resources", {{"requests", {{"memory", "64Mi"}}}}}};
    containers.insert(containers.begin(), log);
    EXPECT_EQ(Ask(pod, SnapshotOf(kSomeHeap)).mismatch, mismatch);
  }
}

}  // namespace
}  // namespace ballast::webhook
