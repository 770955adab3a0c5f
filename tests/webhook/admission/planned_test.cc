// Rewrites that are made at the submission, since GitOps keeps the object as it is written.
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/webhook/admission/submission_fixture.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

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
    const AdmissionAnswer answer = Ask(object, SnapshotOf(kSomeHeap));
    const json stored = Patched(object, answer);
    EXPECT_EQ(stored["spec"], object["spec"]);
    EXPECT_TRUE(stored["metadata"]["annotations"].contains("ballast.dev/planned"));
    EXPECT_FALSE(stored["metadata"]["annotations"].contains("ballast.dev/original"));
    ASSERT_FALSE(answer.warnings.empty());
    EXPECT_TRUE(answer.warnings[0].starts_with("at its submission: ")) << answer.warnings[0];
    EXPECT_TRUE(Admit(CreateOf(stored), Endpoint::kValidate, SnapshotOf(kSomeHeap), kNow).allowed);
    // Also where /mutate did not run.
    EXPECT_TRUE(Admit(CreateOf(object), Endpoint::kValidate, SnapshotOf(kSomeHeap), kNow).allowed);
    // Called again on its own result.
    EXPECT_TRUE(Ask(stored, SnapshotOf(kSomeHeap)).patch.empty());
  }
  // Helm writes this one everywhere.
  json helm = Oversized();
  helm["metadata"]["labels"] = {{"app.kubernetes.io/instance", "x"}};
  EXPECT_NE(Patched(helm, Ask(helm, SnapshotOf(kSomeHeap)))["spec"], helm["spec"]);
}

TEST(Planned, ThePolicySaysWhere) {
  const auto at = [](const char* where) {
    return SnapshotOf(std::string(kSomeHeap) + "  rewriteAt: " + where + "\n");
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
  const json stored = Patched(object, Ask(object, SnapshotOf(kSomeHeap)));
  json rewritten = Oversized();
  rewritten = Patched(rewritten, Ask(rewritten, SnapshotOf(kSomeHeap)));
  for (const char* policy : {kSomeHeap, kLittleHeap}) {
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
  const json stored = Patched(object, Ask(object, SnapshotOf(kSomeHeap)));
  const Snapshot stricter = SnapshotOf(kLittleHeap);
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
  const json stored = Patched(object, Ask(object, SnapshotOf(kSomeHeap)));
  EXPECT_EQ(
      stored["metadata"]["annotations"]["ballast.dev/planned"].get_ref<const std::string&>().find(
          "1t"),
      std::string::npos);
  const AdmissionAnswer refused =
      Admit(CreateOf(object), Endpoint::kValidate, SnapshotOf(kSomeHeap), kNow);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.message,
            "ballast: forged annotation: ballast.dev/planned is not of this object; leave out what "
            "is under ballast.dev/ but rewrite and rejudge");
}

}  // namespace
}  // namespace ballast::webhook
