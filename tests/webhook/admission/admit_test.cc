// Golden folders: tests/testdata/admission/<case>/{review.json,policy.yaml,cluster.yaml,want.json}.
// What /mutate answers, what /validate answers to the object that comes out of it, and what
// /validate answers when /mutate was skipped. UPDATE_GOLDEN=1 rewrites want.json; a missing or
// extra file fails. tests/service holds the real program to the same answers.
#include "webhook/admission/admit.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "k8s/json_text.h"
#include "k8s/nodes.h"
#include "k8s/patch.h"
#include "tests/webhook/admission/admission_fixture.h"
#include "webhook/admission/review.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

json AnswerJson(const AdmissionAnswer& answer) {
  json findings = json::array();
  for (const policy::Finding& finding : answer.decision.findings) {
    findings.push_back(std::string(finding.rule) + " " + std::string(Name(finding.action)));
  }
  json shadows = json::array();
  for (const ShadowFinding& shadow : answer.shadows) {
    shadows.push_back(shadow.policy + " " + shadow.rule + " " + std::string(Name(shadow.action)));
  }
  EXPECT_EQ(answer.patch_failure, "");
  return {{"allowed", answer.allowed},
          {"code", answer.code},
          {"message", answer.message},
          {"patch", k8s::ToJson(answer.patch)},
          {"warnings", answer.warnings},
          {"audit", answer.audit_annotations},
          {"judged", answer.judged},
          {"recorded", answer.recorded},
          {"verdict", answer.judged ? json(Name(answer.decision.verdict)) : json()},
          {"findings", findings},
          {"shadows", shadows}};
}

json AnswersTo(const fs::path& folder) {
  Snapshot snapshot = SnapshotOf(ReadFile(folder / "policy.yaml"));
  auto cluster = k8s::ReadNodesFile((folder / "cluster.yaml").string());
  EXPECT_TRUE(cluster.ok());
  if (cluster.ok()) snapshot.cluster = *std::move(cluster);
  std::string body = ReadFile(folder / "review.json");
  ReviewReader reader;
  const auto read = reader.Read(body);
  const auto* request = std::get_if<AdmissionRequest>(&read);
  if (request == nullptr) {
    ADD_FAILURE() << std::get<BadReview>(read).error.what;
    return {};
  }
  const AdmissionAnswer mutated = Admit(*request, Endpoint::kMutate, snapshot, kNow);
  const AdmissionAnswer skipped = Admit(*request, Endpoint::kValidate, snapshot, kNow);
  EXPECT_EQ(mutated.uid, request->uid);
  json answers = {{"mutate", AnswerJson(mutated)}, {"validateMutateSkipped", AnswerJson(skipped)}};

  // The answer itself must be readable, whatever it says.
  EXPECT_FALSE(k8s::ParseJson(EncodeReview(mutated)).is_discarded());
  if (!mutated.allowed) return answers;
  const json object = Patched(request->object.Copy(), mutated);
  AdmissionRequest next = *request;
  next.object = k8s::JsonView(object);
  answers["validate"] = AnswerJson(Admit(next, Endpoint::kValidate, snapshot, kNow));
  // Called again on its own result, /mutate leaves it alone.
  EXPECT_EQ(k8s::ToJson(Admit(next, Endpoint::kMutate, snapshot, kNow).patch), json::array());
  return answers;
}

TEST(Admit, GoldenFolders) {
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
  const fs::path root = fs::path(BALLAST_SOURCE_DIR) / "tests/testdata/admission";
  size_t cases = 0;
  for (const auto& folder : fs::directory_iterator(root)) {
    SCOPED_TRACE(folder.path().filename().string());
    ++cases;
    const fs::path want = folder.path() / "want.json";
    const json answers = AnswersTo(folder.path());
    if (update) std::ofstream(want) << k8s::PrintJson(answers, 1) << "\n";
    std::set<std::string> files;
    for (const auto& file : fs::directory_iterator(folder)) {
      files.insert(file.path().filename().string());
    }
    EXPECT_EQ(files,
              (std::set<std::string>{"cluster.yaml", "policy.yaml", "review.json", "want.json"}));
    EXPECT_EQ(k8s::ParseJson(ReadFile(want)), answers);
  }
  EXPECT_GE(cases, 15u);
}

const char* const kKryoOnly =
    "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\n"
    "metadata: {name: org}\nspec: {limits: {kryoBufferMax: 1g}}\n";

json TooMuchKryo() {
  return Application(R"({"type":"Scala","mode":"cluster","sparkVersion":"4.0.0",
      "driver":{"cores":1,"memory":"2g"},"executor":{"cores":4,"memory":"28g","instances":2},
      "sparkConf":{"spark.kryoserializer.buffer.max":"2048m"}})");
}

json Rewritten() {
  const json object = TooMuchKryo();
  const Snapshot snapshot = SnapshotOf(kKryoOnly);
  return Patched(object, Admit(Create(object), Endpoint::kMutate, snapshot, kNow));
}

// What /mutate, where it ran, would have written over.
TEST(Admit, ARecordOfAnotherObjectIsRefused) {
  const Snapshot snapshot = SnapshotOf(kKryoOnly);
  json stored = Rewritten();
  EXPECT_TRUE(Admit(Create(stored), Endpoint::kValidate, snapshot, kNow).allowed);
  stored["spec"]["executor"]["instances"] = 7;
  const AdmissionAnswer refused = Admit(Create(stored), Endpoint::kValidate, snapshot, kNow);
  EXPECT_FALSE(refused.allowed);
  EXPECT_TRUE(refused.message.find("/asked is of another object") != std::string::npos)
      << refused.message;
}

TEST(Admit, TellsOfARewriteAnnotationThatMeansNothing) {
  json object = TooMuchKryo();
  object["metadata"]["annotations"]["ballast.dev/rewrite"] = "refuse";
  const AdmissionAnswer answer =
      Admit(Create(object), Endpoint::kMutate, SnapshotOf(kKryoOnly), kNow);
  EXPECT_EQ(answer.warnings.back(),
            "ballast: ballast.dev/rewrite can only say Refuse; it is ignored");
}

TEST(Admit, RejudgeAsksForANewDecision) {
  const json stored = Rewritten();
  const Snapshot looser = SnapshotOf(
      "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\n"
      "metadata: {name: org}\nspec: {limits: {kryoBufferMax: 1536m}}\n");
  json object = stored;
  object["metadata"]["labels"]["x"] = "y";
  EXPECT_TRUE(Admit(Update(object, stored), Endpoint::kMutate, looser, kNow).patch.empty());
  object["metadata"]["annotations"]["ballast.dev/rejudge"] = "2026-09-21";
  const AdmissionAnswer answer = Admit(Update(object, stored), Endpoint::kMutate, looser, kNow);
  ASSERT_TRUE(answer.judged);
  const json result = Patched(object, answer);
  EXPECT_EQ(result["spec"]["sparkConf"]["spark.kryoserializer.buffer.max"], "1536m");
  // The same value again asks for nothing.
  EXPECT_FALSE(Admit(Update(result, result), Endpoint::kMutate, looser, kNow).judged);
}

TEST(Admit, WhatWasTakenAwayCanBeTakenOutOfTheUsersText) {
  const Snapshot snapshot = SnapshotOf(
      "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\n"
      "metadata: {name: org}\nspec: {limits: {kryoBufferMax: 256m}}\n");
  const auto apply = [](json object, const json& text) {
    object["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"] =
        k8s::PrintJson(text);
    return object;
  };
  json text = TooMuchKryo();
  text["spec"]["sparkConf"] = {{"spark.kryoserializer.buffer.max.mb", "1000"}, {"spark.x", "1"}};
  const json created = apply(text, text);
  const json stored = Patched(created, Admit(Create(created), Endpoint::kMutate, snapshot, kNow));
  ASSERT_EQ(stored["spec"]["sparkConf"],
            (json{{"spark.kryoserializer.buffer.max", "256m"}, {"spark.x", "1"}}));
  // The user takes the old key out; kubectl finds nothing of it to take away.
  text["spec"]["sparkConf"] = {{"spark.x", "2"}};
  json object = apply(stored, text);
  object["spec"]["sparkConf"]["spark.x"] = "2";
  const json result =
      Patched(object, Admit(Update(object, stored), Endpoint::kMutate, snapshot, kNow));
  EXPECT_EQ(result["spec"], text["spec"]) << "as a fresh CREATE of the text";
  EXPECT_TRUE(Admit(Update(result, stored), Endpoint::kMutate, snapshot, kNow).patch.empty());
  EXPECT_TRUE(Admit(Update(result, stored), Endpoint::kValidate, snapshot, kNow).allowed);
}

TEST(Admit, AStricterPolicyLeavesARecordedDecisionAlone) {
  const json stored = Rewritten();
  const Snapshot stricter = SnapshotOf(
      "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\n"
      "metadata: {name: org}\nspec: {limits: {kryoBufferMax: 512m, executor: {heap: {max: 8g}}},"
      " rules: {executor-shape: Enforce}}\n");
  const json object = TooMuchKryo();  // kubectl replace: no annotations
  const AdmissionAnswer answer = Admit(Update(object, stored), Endpoint::kMutate, stricter, kNow);
  EXPECT_TRUE(answer.recorded);
  const json result = Patched(object, answer);
  EXPECT_EQ(result["spec"], stored["spec"]);
  EXPECT_EQ(result["metadata"]["annotations"], stored["metadata"]["annotations"]);
  EXPECT_TRUE(Admit(Update(result, stored), Endpoint::kValidate, stricter, kNow).allowed);
}

TEST(Admit, AnExportFitsWhereverTheSameIsDecided) {
  const json exported = Rewritten();
  const Snapshot same = SnapshotOf(kKryoOnly);
  EXPECT_TRUE(Admit(Create(exported), Endpoint::kMutate, same, kNow).patch.empty());
  // Elsewhere it is what the user writes: the record goes.
  const Snapshot other = SnapshotOf(
      "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\n"
      "metadata: {name: other}\nspec: {limits: {kryoBufferMax: 1536m}}\n");
  const AdmissionAnswer answer = Admit(Create(exported), Endpoint::kMutate, other, kNow);
  const json result = Patched(exported, answer);
  EXPECT_EQ(result["spec"], exported["spec"]);
  EXPECT_EQ(result["metadata"]["annotations"], json::object());
  ASSERT_FALSE(answer.warnings.empty());
  EXPECT_EQ(answer.warnings[0],
            "ballast: ballast.dev/original is Ballast's to write; yours was ignored");
}

TEST(Admit, ADecisionOfOtherSizesIsRefused) {
  const json stored = Rewritten();
  const std::string decision = stored["metadata"]["annotations"]["ballast.dev/decision"];
  const Snapshot snapshot = SnapshotOf(kKryoOnly);
  const auto refused = [&](const std::string& text, bool update) {
    json object = stored;
    object["metadata"]["annotations"]["ballast.dev/decision"] = text;
    return Admit(update ? Update(object, stored) : Create(object), Endpoint::kValidate, snapshot,
                 kNow)
        .message;
  };
  EXPECT_EQ(refused(decision, false), "");
  for (const char* text :
       {R"({"after":"driver 200Gi 60 cpu, executors 9000 x 550Gi 60 cpu"})", "{}", ""}) {
    for (const bool update : {false, true}) {
      EXPECT_EQ(refused(text, update),
                "ballast: forged annotation: ballast.dev/decision is not of this object; leave out "
                "what is under ballast.dev/ but rewrite and rejudge");
    }
  }
}

TEST(Admit, AnUnreadableObjectIsLeftToValidate) {
  json object = TooMuchKryo();
  object["spec"]["executor"]["instances"] = "many";
  Snapshot snapshot = SnapshotOf(kKryoOnly);
  const AdmissionAnswer mutated = Admit(Create(object), Endpoint::kMutate, snapshot, kNow);
  EXPECT_TRUE(mutated.allowed);
  ASSERT_EQ(mutated.warnings.size(), 1u);
  EXPECT_TRUE(mutated.warnings[0].starts_with("ballast: not judged: /spec/executor/instances: "));
  const AdmissionAnswer validated = Admit(Create(object), Endpoint::kValidate, snapshot, kNow);
  EXPECT_FALSE(validated.allowed);
  EXPECT_EQ(validated.code, 422);
  EXPECT_TRUE(
      validated.message.starts_with("ballast: cannot be judged: /spec/executor/instances: "));
  snapshot.on_unreadable = OnUnreadable::kAdmit;
  EXPECT_TRUE(Admit(Create(object), Endpoint::kValidate, snapshot, kNow).allowed);
}

}  // namespace
}  // namespace ballast::webhook
