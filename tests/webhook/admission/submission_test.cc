// An application and what is made for it: decided once, and given to its pods and ConfigMap on each
// run, whatever policy and cluster say by then.
#include <gtest/gtest.h>

#include <string>

#include "k8s/json_text.h"
#include "tests/webhook/admission/admission_fixture.h"
#include "tests/webhook/admission/submission_fixture.h"
#include "webhook/admission/restore.h"
#include "webhook/policy_file/policy_yaml_exception.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

// ---- What came through the operator ------------------------------------------------------------

TEST(Submission, OfARewrittenApplicationPassesUntouched) {
  const json object = Oversized();
  const json stored = Patched(object, Ask(object, SnapshotOf(kSomeHeap)));
  ASSERT_NE(stored["spec"], object["spec"]);
  const json config_map = ConfigMapOf(stored);
  for (const json& made : {PodOf(stored, "driver", "9011Mi", "1"), config_map}) {
    SCOPED_TRACE(made["kind"]);
    // By the same policy there is nothing to do, with and without knowing the application.
    EXPECT_TRUE(Ask(made, SnapshotOf(kSomeHeap)).patch.empty());
    const AdmissionAnswer first = Ask(made, With(kSomeHeap, stored));
    EXPECT_TRUE(first.patch.empty());
    EXPECT_TRUE(first.recorded);
    EXPECT_TRUE(first.warnings.empty());
  }
}

TEST(Submission, ARetryUnderAStricterPolicyRunsWithTheSameSizes) {
  const json object = Oversized();
  const json stored = Patched(object, Ask(object, SnapshotOf(kSomeHeap)));
  const Snapshot stricter = With(kLittleHeap, stored);
  const AdmissionAnswer pod = Ask(PodOf(stored, "driver", "9011Mi", "1"), stricter);
  EXPECT_TRUE(pod.allowed);
  EXPECT_TRUE(pod.patch.empty());
  ASSERT_EQ(pod.warnings.size(), 1u);
  EXPECT_TRUE(pod.warnings[0].starts_with("left as it was decided before: driver-shape: "));
  const AdmissionAnswer settings = Ask(ConfigMapOf(stored), stricter);
  EXPECT_TRUE(settings.allowed);
  EXPECT_TRUE(settings.patch.empty());
  EXPECT_TRUE(settings.recorded);
  EXPECT_FALSE(settings.warnings.empty());
  // Without the application's record they would have been cut.
  EXPECT_FALSE(Ask(ConfigMapOf(stored), SnapshotOf(kLittleHeap)).patch.empty());
}

TEST(Submission, ARecordThatIsNotFollowedIsNoExcuse) {
  // The object was decided, and something else than that arrives.
  const json object = Oversized();
  json stored = Patched(object, Ask(object, SnapshotOf(kSomeHeap)));
  stored["metadata"]["creationTimestamp"] = "2026-11-21T09:59:59Z";
  Snapshot snapshot = With(kLittleHeap, stored);
  snapshot.policies_changed_seconds = *ReadMoment("2026-11-21T10:00:00Z");
  EXPECT_FALSE(Ask(ConfigMapOf(object), snapshot).patch.empty());
}

TEST(Submission, ExecutorsAreHeldAgainstWhatWasDecided) {
  const json object = Oversized();
  const json stored = Patched(object, Ask(object, SnapshotOf(kSomeHeap)));
  struct Row {
    const char* memory;
    const char* cpu;
    bool mismatch;
  };
  // Decided were 6 of 15934Mi and 2 cores.
  const Row kRows[] = {{"15934Mi", "2", false},
                       {"15935Mi", "2", true},
                       {"15934Mi", "2001m", true},
                       {"8Gi", "1", false}};
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.memory);
    const json pod = PodOf(stored, "executor", row.memory, row.cpu);
    // A policy that is stricter by now changes nothing of it.
    for (const char* policy : {kSomeHeap, kLittleHeap}) {
      const AdmissionAnswer answer = Ask(pod, With(policy, stored));
      EXPECT_TRUE(answer.allowed);
      EXPECT_EQ(answer.mismatch, row.mismatch);
      EXPECT_EQ(answer.patch.empty(), !row.mismatch);
    }
  }
  const AdmissionAnswer told = Ask(PodOf(stored, "executor", "28Gi", "4"), With(kSomeHeap, stored));
  EXPECT_EQ(told.warnings[0],
            "decided were executors of 15934Mi and 2 cpu, this one has 28Gi and 4 cpu");
}

// With more lines, as whoever submits may write them.
json WithLines(json config_map, const std::string& lines) {
  config_map["data"]["spark.properties"].get_ref<std::string&>() += lines;
  return config_map;
}

bool IsLeft(const AdmissionAnswer& answer) { return answer.allowed && answer.patch.empty(); }

TEST(Submission, SettingsOfMoreThanWasDecidedAreJudged) {
  const json object = Oversized();
  const json stored = Patched(object, Ask(object, SnapshotOf(kSomeHeap)));
  const Snapshot stricter = With(kLittleHeap, stored);
  // Decided were a driver of 9011Mi and 1 core, and 6 executors of 15934Mi and 2 cores.
  const std::pair<const char*, bool> kRows[] = {
      {"", true},
      {"spark.executor.memoryOverhead=1448m\n", true},
      {"spark.executor.memoryOverhead=1449m\n", false},
      {"spark.memory.offHeap.enabled=true\nspark.memory.offHeap.size=900g\n", false},
      {"spark.kubernetes.executor.request.cores=2\n", true},
      {"spark.kubernetes.executor.request.cores=2001m\n", false},
      {"spark.dynamicAllocation.enabled=true\nspark.dynamicAllocation.maxExecutors=6\n", true},
      {"spark.dynamicAllocation.enabled=true\nspark.dynamicAllocation.maxExecutors=7\n", false},
      {"spark.driver.memoryOverhead=819m\n", true},
      {"spark.driver.memoryOverhead=820m\n", false},
  };
  for (const auto& [lines, left] : kRows) {
    SCOPED_TRACE(lines);
    const json config_map = WithLines(ConfigMapOf(stored), lines);
    const AdmissionAnswer answer = Ask(config_map, stricter);
    EXPECT_EQ(IsLeft(answer), left);
    const json made = Patched(config_map, answer);
    EXPECT_TRUE(Ask(made, stricter).patch.empty()) << "the second time there is nothing to do";
  }
}

TEST(Submission, ADriverPodOfMoreThanWasDecidedIsJudged) {
  const json object = Oversized();
  const json stored = Patched(object, Ask(object, SnapshotOf(kSomeHeap)));
  struct Row {
    const char* memory;
    const char* cpu;
    bool left;
  };
  const Row kRows[] = {{"9011Mi", "1", true},
                       {"4Gi", "1", true},
                       {"9012Mi", "1", false},
                       {"9011Mi", "1001m", false},
                       {"220Gi", "30", false}};
  const Snapshot stricter = With(kLittleHeap, stored);
  for (const Row& row : kRows) {
    SCOPED_TRACE(std::string(row.memory) + " " + row.cpu);
    const json pod = PodOf(stored, "driver", row.memory, row.cpu);
    const AdmissionAnswer answer = Ask(pod, stricter);
    EXPECT_EQ(IsLeft(answer), row.left);
    EXPECT_TRUE(Ask(Patched(pod, answer), stricter).patch.empty());
  }
}

TEST(Submission, OnlySizesThatTheDecisionSaysAreHeld) {
  const json object = Oversized();
  json stored = Patched(object, Ask(object, SnapshotOf(kSomeHeap)));
  json& decision = stored["metadata"]["annotations"]["ballast.dev/decision"];
  decision = R"({"after":"driver ?, executors 6 x 15934Mi 2 cpu"})";
  const json pod = PodOf(stored, "driver", "20Gi", "1");
  // There is no size to hold the driver to.
  EXPECT_TRUE(IsLeft(Ask(pod, With(kLittleHeap, stored))));
  decision = "{}";
  EXPECT_FALSE(IsLeft(Ask(pod, With(kLittleHeap, stored))));
  EXPECT_FALSE(IsLeft(Ask(ConfigMapOf(stored), With(kLittleHeap, stored))));
}

TEST(Submission, WhatAdmissionMissedIsCaughtAtTheConfigMap) {
  const json object = Oversized();  // /mutate was skipped
  const AdmissionAnswer answer = Ask(ConfigMapOf(object), With(kSomeHeap, object));
  EXPECT_EQ(answer.decision.verdict, policy::VerdictKind::kRewritten);
  const json made = Patched(ConfigMapOf(object), answer);
  EXPECT_EQ(Setting(made, "spark.kryoserializer.buffer.max"), "1024m");
  EXPECT_EQ(Setting(made, "spark.driver.memory"), "8g");
  EXPECT_EQ(Setting(made, "spark.executor.instances"), "6");
  // A record of something else than what arrives is none.
  json stored = Patched(object, Ask(object, SnapshotOf(kSomeHeap)));
  stored["spec"] = object["spec"];
  EXPECT_FALSE(Ask(ConfigMapOf(object), With(kSomeHeap, stored)).patch.empty());
}

TEST(Submission, IsJudgedByThePolicyOfItsApplication) {
  json object = Oversized();
  object["metadata"]["labels"] = {{"team", "a"}};
  const char* const kTeamA =
      "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\nmetadata: {name: a}\n"
      "spec:\n  objectSelector: {matchLabels: {team: a}}\n  limits: {kryoBufferMax: 256m}\n";
  const json known = Patched(ConfigMapOf(object), Ask(ConfigMapOf(object), With(kTeamA, object)));
  EXPECT_EQ(Setting(known, "spark.kryoserializer.buffer.max"), "256m");
  const json alone = Patched(ConfigMapOf(object), Ask(ConfigMapOf(object), SnapshotOf(kTeamA)));
  EXPECT_EQ(Setting(alone, "spark.kryoserializer.buffer.max"), "2047m");
}

TEST(Submission, ValidateLeavesItAlone) {
  const json made = ConfigMapOf(Oversized());
  const AdmissionAnswer answer =
      Admit(CreateOf(made), Endpoint::kValidate, SnapshotOf(kSomeHeap), kNow);
  EXPECT_TRUE(answer.allowed);
  EXPECT_FALSE(answer.judged);
}

// ---- What came through Apache's operator -------------------------------------------------------

TEST(ApacheSubmission, OfARewrittenApplicationIsLeftWhateverThePolicySaysByThen) {
  const json object = ApacheOversized();
  const json stored = Patched(object, Ask(object, SnapshotOf(kSomeHeap)));
  ASSERT_NE(stored["spec"], object["spec"]);
  for (const char* policy : {kSomeHeap, kLittleHeap}) {
    for (const json& made :
         {ApachePodOf(stored, "driver", "9011Mi", "1"), ApacheConfigMapOf(stored)}) {
      SCOPED_TRACE(made["kind"]);
      const AdmissionAnswer answer = Ask(made, With(policy, stored));
      EXPECT_TRUE(answer.allowed);
      EXPECT_TRUE(answer.patch.empty());
      EXPECT_TRUE(answer.recorded);
    }
  }
  // Without the application's record it would have been cut.
  EXPECT_FALSE(Ask(ApacheConfigMapOf(stored), SnapshotOf(kLittleHeap)).patch.empty());
}

TEST(ApacheSubmission, WhatAdmissionMissedIsCaughtAtTheConfigMap) {
  const json object = ApacheOversized();  // /mutate was skipped
  const json config_map = ApacheConfigMapOf(object);
  const json made = Patched(config_map, Ask(config_map, With(kSomeHeap, object)));
  EXPECT_EQ(Setting(made, "spark.kryoserializer.buffer.max"), "1024m");
  EXPECT_EQ(Setting(made, "spark.driver.memory"), "8g");
  EXPECT_EQ(Setting(made, "spark.executor.instances"), "6");
}

TEST(ApacheSubmission, CarriesOutWhatWasPlannedForAnApplicationThatGitOpsTracks) {
  json object = ApacheOversized();
  const json rewritten = Patched(object, Ask(object, SnapshotOf(kSomeHeap)));
  object["metadata"]["annotations"] = {{"argocd.argoproj.io/tracking-id", "jobs:app"}};
  const json stored = Patched(object, Ask(object, SnapshotOf(kSomeHeap)));
  EXPECT_EQ(stored["spec"], object["spec"]);
  EXPECT_TRUE(Admit(CreateOf(stored), Endpoint::kValidate, SnapshotOf(kSomeHeap), kNow).allowed);
  for (const char* policy : {kSomeHeap, kLittleHeap}) {
    const Snapshot now = With(policy, stored);
    const json config_map = ApacheConfigMapOf(stored);
    const json made = Patched(config_map, Ask(config_map, now));
    for (const auto& [key, value] : rewritten["spec"]["sparkConf"].items()) {
      EXPECT_EQ(Setting(made, key.c_str()), value.get<std::string>()) << key;
    }
    EXPECT_TRUE(Ask(made, now).patch.empty()) << "the second time there is nothing left to do";
    const json pod = ApachePodOf(stored, "driver", "11Gi", "1");
    const json capped = Patched(pod, Ask(pod, now));
    EXPECT_EQ(capped["spec"]["containers"][0]["resources"]["limits"]["memory"], "9011Mi");
  }
}

// ---- A raw submission --------------------------------------------------------------------------

TEST(Submission, ItsConfigMapTellsWhatWasWritten) {
  json object = Oversized();
  json config_map = ConfigMapOf(object);
  const std::string before = config_map["data"]["spark.properties"];
  const json made = Patched(config_map, Ask(config_map, SnapshotOf(kSomeHeap)));
  const json& annotations = made["metadata"]["annotations"];
  const json record = k8s::ParseJson(annotations["ballast.dev/original"].get<std::string>());
  EXPECT_EQ(record["paths"]["/data/spark.properties/spark.kryoserializer.buffer.max"],
            (json{{"was", "2048m"}, {"now", "1024m"}}));
  // Only what was changed is named, and no other setting.
  EXPECT_EQ(annotations["ballast.dev/original"].get<std::string>().find("resource.type"),
            std::string::npos);
  const auto restored = Restore(made);
  ASSERT_TRUE(restored.ok()) << restored.error().where << " " << restored.error().what;
  EXPECT_EQ((*restored)["data"]["spark.properties"], before);
  EXPECT_FALSE((*restored)["metadata"].contains("annotations"));
}

TEST(Submission, ARefusedRewriteOfItsConfigMapNamesWhatWouldChangeAlone) {
  json config_map = ConfigMapOf(Oversized());
  config_map["metadata"]["annotations"] = {{"ballast.dev/rewrite", "Refuse"}};
  std::string text = config_map["data"]["spark.properties"];
  config_map["data"]["spark.properties"] = text + "spark.hadoop.fs.s3a.secret.key=hush\n";
  const AdmissionAnswer answer = Ask(config_map, SnapshotOf(kSomeHeap));
  EXPECT_FALSE(answer.allowed);
  const size_t instead = answer.message.find(". Write this instead:\n");
  ASSERT_NE(instead, std::string::npos) << answer.message;
  EXPECT_EQ(answer.message.substr(instead),
            ". Write this instead:\n"
            "spark.driver.memory=8g\nspark.executor.cores=2\nspark.executor.instances=6\n"
            "spark.executor.memory=14486m\nspark.kryoserializer.buffer.max=1024m\n");
}

TEST(Submission, ADriverPodIsRestored) {
  const json pod = PodOf(Oversized(), "driver", "20Gi", "1");
  const json capped = Patched(pod, Ask(pod, SnapshotOf(kSomeHeap)));
  EXPECT_EQ(capped["spec"]["containers"][0]["resources"]["requests"]["memory"], "12Gi");
  const auto restored = Restore(capped);
  ASSERT_TRUE(restored.ok());
  EXPECT_EQ((*restored)["spec"], pod["spec"]);
}

}  // namespace
}  // namespace ballast::webhook
