// An application and what is made for it: decided once, and given to its pods and ConfigMap on each
// run, whatever policy and cluster say by then.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "k8s/json_text.h"
#include "k8s/patch.h"
#include "k8s/properties.h"
#include "tests/webhook/admission/admission_fixture.h"
#include "tests/webhook/admission/submission_fixture.h"
#include "webhook/admission/application_book.h"
#include "webhook/admission/granted.h"
#include "webhook/admission/restore.h"
#include "webhook/policy_file/policy_yaml_exception.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

const char* const kPolicy =
    "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\nmetadata: {name: org}\n"
    "spec:\n  limits: {kryoBufferMax: 1g, driver: {heap: {max: 8g}, memory: {max: 12Gi}},\n"
    "    executor: {heap: {max: 16g}}}\n"
    "  rules: {executor-shape: Enforce, driver-shape: Enforce}\n";
const char* const kStricter =
    "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\nmetadata: {name: org}\n"
    "spec:\n  limits: {kryoBufferMax: 512m, driver: {memory: {max: 2Gi}},\n"
    "    executor: {heap: {max: 8g}}}\n"
    "  rules: {executor-shape: Enforce, driver-shape: Enforce}\n";

// ---- What came through the operator ------------------------------------------------------------

TEST(Submission, OfARewrittenApplicationPassesUntouched) {
  const json object = Oversized();
  const json stored = Patched(object, Ask(object, SnapshotOf(kPolicy)));
  ASSERT_NE(stored["spec"], object["spec"]);
  const json config_map = ConfigMapOf(stored);
  for (const json& made : {PodOf(stored, "driver", "9011Mi", "1"), config_map}) {
    SCOPED_TRACE(made["kind"]);
    // By the same policy there is nothing to do, with and without knowing the application.
    EXPECT_TRUE(Ask(made, SnapshotOf(kPolicy)).patch.empty());
    const AdmissionAnswer first = Ask(made, With(kPolicy, stored));
    EXPECT_TRUE(first.patch.empty());
    EXPECT_TRUE(first.recorded);
    EXPECT_TRUE(first.warnings.empty());
  }
}

TEST(Submission, ARetryUnderAStricterPolicyRunsWithTheSameSizes) {
  const json object = Oversized();
  const json stored = Patched(object, Ask(object, SnapshotOf(kPolicy)));
  const Snapshot stricter = With(kStricter, stored);
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
  EXPECT_FALSE(Ask(ConfigMapOf(stored), SnapshotOf(kStricter)).patch.empty());
}

TEST(Submission, ARecordThatIsNotFollowedIsNoExcuse) {
  // The object was decided, and something else than that arrives.
  const json object = Oversized();
  json stored = Patched(object, Ask(object, SnapshotOf(kPolicy)));
  stored["metadata"]["creationTimestamp"] = "2026-11-21T09:59:59Z";
  Snapshot snapshot = With(kStricter, stored);
  snapshot.policies_changed_seconds = *ReadMoment("2026-11-21T10:00:00Z");
  EXPECT_FALSE(Ask(ConfigMapOf(object), snapshot).patch.empty());
}

TEST(Submission, ExecutorsAreHeldAgainstWhatWasDecided) {
  const json object = Oversized();
  const json stored = Patched(object, Ask(object, SnapshotOf(kPolicy)));
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
    for (const char* policy : {kPolicy, kStricter}) {
      const AdmissionAnswer answer = Ask(pod, With(policy, stored));
      EXPECT_TRUE(answer.allowed);
      EXPECT_EQ(answer.mismatch, row.mismatch);
      EXPECT_EQ(answer.patch.empty(), !row.mismatch);
    }
  }
  const AdmissionAnswer told = Ask(PodOf(stored, "executor", "28Gi", "4"), With(kPolicy, stored));
  EXPECT_EQ(told.warnings[0],
            "decided were executors of 15934Mi and 2 cpu, this one has 28Gi and 4 cpu");
}

TEST(Submission, WhatAdmissionMissedIsCaughtAtTheConfigMap) {
  const json object = Oversized();  // /mutate was skipped
  const AdmissionAnswer answer = Ask(ConfigMapOf(object), With(kPolicy, object));
  EXPECT_EQ(answer.decision.verdict, policy::VerdictKind::kRewritten);
  const json made = Patched(ConfigMapOf(object), answer);
  EXPECT_EQ(Setting(made, "spark.kryoserializer.buffer.max"), "1024m");
  EXPECT_EQ(Setting(made, "spark.driver.memory"), "8g");
  EXPECT_EQ(Setting(made, "spark.executor.instances"), "6");
  // A record of something else than what arrives is none.
  json stored = Patched(object, Ask(object, SnapshotOf(kPolicy)));
  stored["spec"] = object["spec"];
  EXPECT_FALSE(Ask(ConfigMapOf(object), With(kPolicy, stored)).patch.empty());
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
      Admit(CreateOf(made), Endpoint::kValidate, SnapshotOf(kPolicy), kNow);
  EXPECT_TRUE(answer.allowed);
  EXPECT_FALSE(answer.judged);
}

// ---- What no operator knows of -----------------------------------------------------------------

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
  const json made = Patched(config_map, Ask(config_map, SnapshotOf(kPolicy)));
  EXPECT_EQ(GrantedIn(made), "15934Mi 2");
  struct Row {
    const char* memory;
    const char* cpu;
    const char* granted;
    const char* policy;
    bool mismatch;
  };
  const Row kRows[] = {
      {"15934Mi", "2", "15934Mi 2", kPolicy, false},
      {"8Gi", "1", "15934Mi 2", kPolicy, false},
      // Within the policy, and still more than its own settings said.
      {"15935Mi", "2", "15934Mi 2", kPolicy, true},
      {"15934Mi", "2001m", "15934Mi 2", kPolicy, true},
      // A policy that is stricter by now changes nothing of it.
      {"15934Mi", "2", "15934Mi 2", kStricter, false},
      {"15935Mi", "2", "15934Mi 2", kStricter, true},
      // Nothing that is a grant: as if there were none.
      {"15934Mi", "2", "", kStricter, true},
      {"15934Mi", "2", "much", kStricter, true},
      {"15934Mi", "2", "15934Mi", kStricter, true},
      {"15934Mi", "2", "15934Mi  2", kStricter, true},
      {"15935Mi", "2", "15934Mi 2 cpu", kPolicy, false},
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

TEST(Granted, NoLineIsAddedToWhatIsLeftAsItIs) {
  const json object = Oversized();
  const json fits = ConfigMapOf(Patched(object, Ask(object, SnapshotOf(kPolicy))));
  EXPECT_TRUE(Ask(fits, SnapshotOf(kPolicy)).patch.empty());
}

TEST(Granted, ALineThatSaysSomethingElseIsTakenOut) {
  const json object = Oversized();
  const json fits = ConfigMapOf(Patched(object, Ask(object, SnapshotOf(kPolicy))));
  EXPECT_TRUE(Ask(WithGranted(fits, "15934Mi 2"), SnapshotOf(kPolicy)).patch.empty());
  for (const char* claim : {"1Ti 100", "15934Mi", "", "8Gi 1"}) {
    SCOPED_TRACE(claim);
    const json claimed = WithGranted(fits, claim);
    const AdmissionAnswer answer = Ask(claimed, SnapshotOf(kPolicy));
    const json made = Patched(claimed, answer);
    EXPECT_EQ(made["data"], fits["data"]);
    ASSERT_FALSE(answer.warnings.empty());
    EXPECT_EQ(answer.warnings.back(),
              "ballast: taken out, as it is not what was decided: " + std::string(kGrantedSetting));
    EXPECT_TRUE(Ask(made, SnapshotOf(kPolicy)).patch.empty());
    const auto restored = Restore(made);
    ASSERT_TRUE(restored.ok()) << restored.error().what;
    EXPECT_EQ(GrantedIn(*restored), claim);
    // And replaced where there is more to rewrite.
    const json wide = WithGranted(ConfigMapOf(object), claim);
    EXPECT_EQ(GrantedIn(Patched(wide, Ask(wide, SnapshotOf(kPolicy)))), "15934Mi 2");
  }
}

TEST(Granted, WhereTheApplicationCarriesADecisionThatCounts) {
  const json object = Oversized();  // it carries none: /mutate was skipped
  const json config_map = ConfigMapOf(object);
  EXPECT_EQ(GrantedIn(Patched(config_map, Ask(config_map, With(kPolicy, object)))), "15934Mi 2");
  const json stored = Patched(object, Ask(object, SnapshotOf(kPolicy)));
  EXPECT_EQ(GrantedIn(Patched(config_map, Ask(config_map, With(kPolicy, stored)))), "unset");
  json pod = PodOf(stored, "executor", "28Gi", "4");
  pod["metadata"]["annotations"][std::string(kGranted)] = "1Ti 100";
  EXPECT_TRUE(Ask(pod, With(kPolicy, stored)).mismatch);
}

TEST(Granted, ExecutorsOfAnotherResourceProfileAreNotMeant) {
  for (const auto& [profile, mismatch] : {std::pair{"0", true}, std::pair{"1", false}}) {
    SCOPED_TRACE(profile);
    json pod = PodOf(Oversized(), "executor", "15935Mi", "2");
    pod["metadata"]["annotations"][std::string(kGranted)] = "15934Mi 2";
    pod["metadata"]["labels"]["spark-exec-resourceprofile-id"] = profile;
    EXPECT_EQ(Ask(pod, SnapshotOf(kPolicy)).mismatch, mismatch);
  }
}

TEST(Granted, IsWhatTheSparkThatAsksForMostMakesOfTheSettings) {
  json object = Oversized();
  object["spec"]["executor"] = {{"cores", 1}, {"memory", "1g"}, {"instances", 3}};
  // Before 4.1 nobody reads it, and the least overhead is 384m.
  object["spec"]["sparkConf"]["spark.executor.minMemoryOverhead"] = "100m";
  const json config_map = ConfigMapOf(object);
  EXPECT_EQ(GrantedIn(Patched(config_map, Ask(config_map, SnapshotOf(kPolicy)))), "1408Mi 1");
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
    EXPECT_EQ(Ask(pod, SnapshotOf(kPolicy)).mismatch, mismatch);
  }
}

// ---- Rewritten at the submission ---------------------------------------------------------------

json TrackedByArgo() {
  json object = Oversized();
  object["metadata"]["annotations"] = {{"argocd.argoproj.io/tracking-id", "jobs:app"}};
  return object;
}

TEST(Planned, WhatGitOpsTracksStaysAsItIsWritten) {
  const std::pair<const char*, const char*> kRows[] = {
      {"annotations", "argocd.argoproj.io/tracking-id"},
      {"labels", "argocd.argoproj.io/instance"},
      {"labels", "kustomize.toolkit.fluxcd.io/name"},
      {"labels", "helm.toolkit.fluxcd.io/name"},
  };
  for (const auto& [map, key] : kRows) {
    SCOPED_TRACE(key);
    json object = Oversized();
    object["metadata"][map] = {{key, "x"}};
    const AdmissionAnswer answer = Ask(object, SnapshotOf(kPolicy));
    const json stored = Patched(object, answer);
    EXPECT_EQ(stored["spec"], object["spec"]);
    EXPECT_TRUE(stored["metadata"]["annotations"].contains("ballast.dev/planned"));
    EXPECT_FALSE(stored["metadata"]["annotations"].contains("ballast.dev/original"));
    ASSERT_FALSE(answer.warnings.empty());
    EXPECT_TRUE(answer.warnings[0].starts_with("at its submission: ")) << answer.warnings[0];
    EXPECT_TRUE(Admit(CreateOf(stored), Endpoint::kValidate, SnapshotOf(kPolicy), kNow).allowed);
    // Also where /mutate did not run.
    EXPECT_TRUE(Admit(CreateOf(object), Endpoint::kValidate, SnapshotOf(kPolicy), kNow).allowed);
    // Called again on its own result.
    EXPECT_TRUE(Ask(stored, SnapshotOf(kPolicy)).patch.empty());
  }
  // Helm writes this one everywhere.
  json helm = Oversized();
  helm["metadata"]["labels"] = {{"app.kubernetes.io/instance", "x"}};
  EXPECT_NE(Patched(helm, Ask(helm, SnapshotOf(kPolicy)))["spec"], helm["spec"]);
}

TEST(Planned, ThePolicySaysWhere) {
  const auto at = [](const char* where) {
    return SnapshotOf(std::string(kPolicy) + "  rewriteAt: " + where + "\n");
  };
  const json plain = Oversized();
  const json tracked = TrackedByArgo();
  EXPECT_NE(Patched(tracked, Ask(tracked, at("Resource")))["spec"], tracked["spec"]);
  EXPECT_EQ(Patched(plain, Ask(plain, at("Submission")))["spec"], plain["spec"]);
  EXPECT_NE(Patched(plain, Ask(plain, at("Auto")))["spec"], plain["spec"]);
  EXPECT_EQ(Patched(tracked, Ask(tracked, at("Auto")))["spec"], tracked["spec"]);
}

TEST(Planned, IsCarriedOutAtTheSubmissionWhateverThePolicySaysByThen) {
  const json object = TrackedByArgo();
  const json stored = Patched(object, Ask(object, SnapshotOf(kPolicy)));
  json rewritten = Oversized();
  rewritten = Patched(rewritten, Ask(rewritten, SnapshotOf(kPolicy)));
  for (const char* policy : {kPolicy, kStricter}) {
    const Snapshot now = With(policy, stored);
    const json config_map = ConfigMapOf(stored);
    const AdmissionAnswer answer = Ask(config_map, now);
    const json made = Patched(config_map, answer);
    EXPECT_TRUE(answer.recorded);
    // Just what the operator would have made of a rewritten application.
    for (const char* key : {"spark.driver.memory", "spark.executor.memory", "spark.executor.cores",
                            "spark.executor.instances", "spark.kryoserializer.buffer.max"}) {
      EXPECT_EQ(Setting(made, key), Setting(ConfigMapOf(rewritten), key)) << key;
    }
    EXPECT_TRUE(Ask(made, now).patch.empty()) << "the second time there is nothing left to do";
    // The driver's container is that of the smaller heap.
    const json pod = PodOf(stored, "driver", "11Gi", "1");
    const json capped = Patched(pod, Ask(pod, now));
    const json& resources = capped["spec"]["containers"][0]["resources"];
    EXPECT_EQ(resources["requests"]["memory"], "9011Mi");
    EXPECT_EQ(resources["limits"]["memory"], "9011Mi");
  }
}

TEST(Planned, StandsUntilSomethingElseIsAskedFor) {
  const json object = TrackedByArgo();
  const json stored = Patched(object, Ask(object, SnapshotOf(kPolicy)));
  const Snapshot stricter = SnapshotOf(kStricter);
  // A sync applies what Git has: no annotation of ours.
  json synced = object;
  synced["metadata"]["labels"]["x"] = "y";
  const AdmissionAnswer kept = Admit(Update(synced, stored), Endpoint::kMutate, stricter, kNow);
  EXPECT_TRUE(kept.recorded);
  const json after = Patched(synced, kept);
  EXPECT_EQ(after["metadata"]["annotations"]["ballast.dev/planned"],
            stored["metadata"]["annotations"]["ballast.dev/planned"]);
  EXPECT_TRUE(Admit(Update(after, stored), Endpoint::kValidate, stricter, kNow).allowed);
  json changed = object;
  changed["spec"]["executor"]["memory"] = "30g";
  const json again =
      Patched(changed, Admit(Update(changed, stored), Endpoint::kMutate, stricter, kNow));
  EXPECT_EQ(again["spec"], changed["spec"]);
  EXPECT_NE(again["metadata"]["annotations"]["ballast.dev/planned"],
            stored["metadata"]["annotations"]["ballast.dev/planned"]);
}

TEST(Planned, AForgedPlanIsReplacedAndRefused) {
  json object = TrackedByArgo();
  object["metadata"]["annotations"]["ballast.dev/planned"] =
      R"({"v":1,"asked":"0000000000000000","paths":{"/spark.executor.memory":{"now":"1t"}}})";
  const json stored = Patched(object, Ask(object, SnapshotOf(kPolicy)));
  EXPECT_EQ(
      stored["metadata"]["annotations"]["ballast.dev/planned"].get_ref<const std::string&>().find(
          "1t"),
      std::string::npos);
  const AdmissionAnswer refused =
      Admit(CreateOf(object), Endpoint::kValidate, SnapshotOf(kPolicy), kNow);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.message,
            "ballast: forged annotation: ballast.dev/planned is not of this object; leave out what "
            "is under ballast.dev/ but rewrite and rejudge");
}

// ---- What came through Apache's operator -------------------------------------------------------

TEST(ApacheSubmission, OfARewrittenApplicationIsLeftWhateverThePolicySaysByThen) {
  const json object = ApacheOversized();
  const json stored = Patched(object, Ask(object, SnapshotOf(kPolicy)));
  ASSERT_NE(stored["spec"], object["spec"]);
  for (const char* policy : {kPolicy, kStricter}) {
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
  EXPECT_FALSE(Ask(ApacheConfigMapOf(stored), SnapshotOf(kStricter)).patch.empty());
}

TEST(ApacheSubmission, WhatAdmissionMissedIsCaughtAtTheConfigMap) {
  const json object = ApacheOversized();  // /mutate was skipped
  const json config_map = ApacheConfigMapOf(object);
  const json made = Patched(config_map, Ask(config_map, With(kPolicy, object)));
  EXPECT_EQ(Setting(made, "spark.kryoserializer.buffer.max"), "1024m");
  EXPECT_EQ(Setting(made, "spark.driver.memory"), "8g");
  EXPECT_EQ(Setting(made, "spark.executor.instances"), "6");
}

TEST(ApacheSubmission, CarriesOutWhatWasPlannedForAnApplicationThatGitOpsTracks) {
  json object = ApacheOversized();
  const json rewritten = Patched(object, Ask(object, SnapshotOf(kPolicy)));
  object["metadata"]["annotations"] = {{"argocd.argoproj.io/tracking-id", "jobs:app"}};
  const json stored = Patched(object, Ask(object, SnapshotOf(kPolicy)));
  EXPECT_EQ(stored["spec"], object["spec"]);
  EXPECT_TRUE(Admit(CreateOf(stored), Endpoint::kValidate, SnapshotOf(kPolicy), kNow).allowed);
  for (const char* policy : {kPolicy, kStricter}) {
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
  const json made = Patched(config_map, Ask(config_map, SnapshotOf(kPolicy)));
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
  const AdmissionAnswer answer = Ask(config_map, SnapshotOf(kPolicy));
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
  const json capped = Patched(pod, Ask(pod, SnapshotOf(kPolicy)));
  EXPECT_EQ(capped["spec"]["containers"][0]["resources"]["requests"]["memory"], "12Gi");
  const auto restored = Restore(capped);
  ASSERT_TRUE(restored.ok());
  EXPECT_EQ((*restored)["spec"], pod["spec"]);
}

}  // namespace
}  // namespace ballast::webhook
