// Rewrites that are made at the submission, since GitOps keeps the object as it is written.
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/webhook/admission/submission_fixture.h"
#include "webhook/admission/record.h"

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

// ---- What /validate believes -------------------------------------------------------------------

AdmissionAnswer Validated(const json& object, const Snapshot& snapshot) {
  return Admit(CreateOf(object), Endpoint::kValidate, snapshot, kNow);
}

// The object with one step of its plan to another value, and without the summary of the true one.
json WithStep(json object, const std::string& path, const char* now) {
  json& annotations = object["metadata"]["annotations"];
  Record plan = *ParseRecord(annotations["ballast.dev/planned"].get_ref<const std::string&>());
  for (RecordedPath& step : plan.paths) {
    if (step.path == path) step.now = now;
  }
  annotations["ballast.dev/planned"] = PrintRecord(plan);
  annotations.erase("ballast.dev/decision");
  return object;
}

TEST(Planned, AnotherPlanHasToKeepTheFixedLimits) {
  std::string loose = kSomeHeap;
  loose.replace(loose.find("8g"), 2, "9g");
  const json object = TrackedByArgo();
  const auto planned = [&](const char* policy) {
    return Patched(object, Ask(object, SnapshotOf(policy)));
  };
  EXPECT_TRUE(Validated(planned(kSomeHeap), SnapshotOf(kSomeHeap)).allowed);
  EXPECT_TRUE(Validated(planned(kLittleHeap), SnapshotOf(kSomeHeap)).allowed);
  const json forged = planned(loose.c_str());
  const std::string refused = "ballast: the rewrite did not run, submit again: driver-shape: ";
  const AdmissionAnswer created = Validated(forged, SnapshotOf(kSomeHeap));
  EXPECT_FALSE(created.allowed);
  EXPECT_TRUE(created.message.starts_with(refused)) << created.message;
  EXPECT_EQ(created.decision.verdict, policy::VerdictKind::kRejected);
  const AdmissionAnswer updated =
      Admit(Update(forged, object), Endpoint::kValidate, SnapshotOf(kSomeHeap), kNow);
  EXPECT_TRUE(updated.message.starts_with(refused)) << updated.message;
}

// Where the policy wants the object rewritten, no plan stands for that.
TEST(Planned, APlanIsNoExcuseWhereNoneIsMade) {
  const std::string here = std::string(kSomeHeap) + "  rewriteAt: Resource\n";
  const json object = TrackedByArgo();
  const json forged = Patched(object, Ask(object, SnapshotOf(kLittleHeap)));
  EXPECT_TRUE(Validated(forged, SnapshotOf(kSomeHeap)).allowed);
  const AdmissionAnswer refused = Validated(forged, SnapshotOf(here));
  EXPECT_FALSE(refused.allowed);
  EXPECT_TRUE(refused.message.starts_with("ballast: the rewrite did not run")) << refused.message;
}

// A plan by another view of the cluster takes no warning away, and no rejection.
TEST(Planned, WhatIsFoundHereIsTold) {
  const json object = TrackedByArgo();
  const json planned = Patched(object, Ask(object, SnapshotOf(kLittleHeap)));
  const AdmissionAnswer answer = Validated(planned, SnapshotOf(kSomeHeap));
  ASSERT_TRUE(answer.allowed);
  ASSERT_FALSE(answer.warnings.empty());
  EXPECT_TRUE(answer.warnings[0].starts_with("at its submission: ")) << answer.warnings[0];
  Snapshot small = SnapshotOf(kSomeHeap);
  small.cluster.known = true;
  policy::NodeClass nodes;
  nodes.name = "small";
  nodes.allocatable = {policy::Cores(2), policy::Gibibytes(1), 110, {}};
  nodes.count = nodes.ready = 1;
  small.cluster.classes.push_back(nodes);
  EXPECT_FALSE(Validated(object, small).allowed);
  EXPECT_FALSE(Validated(planned, small).allowed);
}

// The operator writes the limit into the pods, and nobody changes that at the submission.
TEST(Planned, ALimitThatWouldHaveToRiseIsTold) {
  json object = TrackedByArgo();
  object["spec"]["driver"]["memory"] = "1g";
  object["spec"]["driver"]["memoryLimit"] = "2g";
  constexpr const char* kMore =
      "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\nmetadata: {name: org}\n"
      "spec:\n  limits: {driver: {heap: {min: 4g}}}\n  rules: {driver-shape: Enforce}\n";
  for (const AdmissionAnswer& answer :
       {Ask(object, SnapshotOf(kMore)), Validated(object, SnapshotOf(kMore))}) {
    EXPECT_FALSE(answer.allowed);
    EXPECT_TRUE(answer.message.find("/spec/driver/memoryLimit with the memory that is requested: "
                                    "set it to 4505m") != std::string::npos)
        << answer.message;
  }
}

TEST(Planned, AForgedStepIsRefused) {
  const json object = TrackedByArgo();
  const json stored = Patched(object, Ask(object, SnapshotOf(kSomeHeap)));
  struct Row {
    const char* path;
    const char* now;
    const char* message;
  };
  const Row kRows[] = {
      {"/spark.executor.memory", "500g",
       "ballast: the rewrite did not run, submit again: executor-shape: "},
      // The driver's pod is what follows from its settings.
      {"/driver.memory", "400g",
       "ballast: forged annotation: ballast.dev/planned is not of this object"},
  };
  for (const Row& row : kRows) {
    const json forged = WithStep(stored, row.path, row.now);
    ASSERT_NE(forged["metadata"]["annotations"]["ballast.dev/planned"],
              stored["metadata"]["annotations"]["ballast.dev/planned"]);
    const AdmissionAnswer answer = Validated(forged, SnapshotOf(kSomeHeap));
    EXPECT_FALSE(answer.allowed);
    EXPECT_TRUE(answer.message.starts_with(row.message)) << answer.message;
  }
  // No limit speaks of the number: it is not what was decided.
  json more = WithStep(stored, "/spark.executor.instances", "9000");
  more["metadata"]["annotations"]["ballast.dev/decision"] =
      stored["metadata"]["annotations"]["ballast.dev/decision"];
  EXPECT_TRUE(Validated(more, SnapshotOf(kSomeHeap))
                  .message.starts_with(
                      "ballast: forged annotation: ballast.dev/decision is not of this object"));
}

Snapshot OnNodesOf(int64_t gibibytes) {
  Snapshot snapshot = SnapshotOf(kSomeHeap);
  policy::NodeClass& node = snapshot.cluster.classes.emplace_back();
  node.allocatable = {policy::Cores(16), policy::Gibibytes(gibibytes), 110, {}};
  node.count = node.ready = 50;
  snapshot.cluster.known = true;
  return snapshot;
}

TEST(Planned, AReplicaThatSeesAnotherClusterAgrees) {
  const json object = TrackedByArgo();
  const Snapshot kViews[] = {SnapshotOf(kSomeHeap), OnNodesOf(12), OnNodesOf(64)};
  std::string first;
  bool smaller = false;
  for (const Snapshot& mutates : kViews) {
    const AdmissionAnswer answer = Ask(object, mutates);
    ASSERT_TRUE(answer.allowed) << answer.message;
    const json stored = Patched(object, answer);
    const std::string plan = stored["metadata"]["annotations"]["ballast.dev/planned"];
    if (&mutates == &kViews[0]) first = plan;
    smaller = smaller || plan != first;
    for (const Snapshot& validates : kViews) {
      const AdmissionAnswer validated = Validated(stored, validates);
      EXPECT_TRUE(validated.allowed) << validated.message;
    }
  }
  EXPECT_TRUE(smaller) << "the views plan alike";
}

TEST(Planned, ThePlanOfAnotherTextIsNoExcuse) {
  const json object = TrackedByArgo();
  const json stored = Patched(object, Ask(object, SnapshotOf(kSomeHeap)));
  json changed = stored;  // /mutate was skipped, so the old plan is still there
  changed["spec"]["executor"]["instances"] = 9000;
  const Snapshot snapshot = SnapshotOf(kSomeHeap);
  EXPECT_FALSE(Admit(Update(changed, stored), Endpoint::kValidate, snapshot, kNow).allowed);
  const json mutated =
      Patched(changed, Admit(Update(changed, stored), Endpoint::kMutate, snapshot, kNow));
  EXPECT_TRUE(Admit(Update(mutated, stored), Endpoint::kValidate, snapshot, kNow).allowed);
}

TEST(Planned, IsNotCarriedOutOnMoreThanWasDecided) {
  const json object = TrackedByArgo();
  const json stored = Patched(object, Ask(object, SnapshotOf(kSomeHeap)));
  const Snapshot now = With(kSomeHeap, stored);
  json config_map = ConfigMapOf(stored);
  EXPECT_TRUE(Ask(config_map, now).recorded);
  config_map["data"]["spark.properties"].get_ref<std::string&>() +=
      "spark.executor.memoryOverhead=400g\n";
  const AdmissionAnswer answer = Ask(config_map, now);
  EXPECT_FALSE(answer.recorded);
  EXPECT_TRUE(Ask(Patched(config_map, answer), now).patch.empty());
}

}  // namespace
}  // namespace ballast::webhook
