// What holds of every kind through admission, over objects from a seed: what is admitted is
// admitted again without a change, /validate has nothing against it, `restore` gives back what was
// written, and applying the same file again ends at the same object.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "k8s/kinds/kind.h"
#include "tests/policy/random_case.h"
#include "tests/webhook/admission/admission_fixture.h"
#include "webhook/admission/application_book.h"
#include "webhook/admission/restore.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;
using policy::Dice;

constexpr const char* kPolicy = R"(
apiVersion: policy.ballast.dev/v1alpha1
kind: SparkResourcePolicy
metadata: {name: org}
spec:
  capacity:
    source: NodePools
    nodePools:
      - {name: big, count: 100, allocatable: {cpu: "10", memory: 39Gi, pods: "110"}}
  limits:
    driver: {heap: {min: 1g, max: 16g}, cores: {max: 8}}
    executor: {heap: {min: 1g, max: 32g}, memory: {max: 36Gi}, cores: {max: 8}}
    application: {memoryShare: 80%, executors: {max: 100}}
    kryoBufferMax: 1g
  rules: {executor-shape: Enforce, driver-shape: Enforce, cluster-share: Enforce,
          memory-overhead: Enforce, off-heap: Enforce}
)";

json PodOf(const char* container, Dice& dice) {
  const char* memory[] = {"1Gi", "2Gi", "8Gi", "30Gi", "64Gi"};
  const json resources = {{"cpu", dice.Between(1, 12)}, {"memory", dice.Of(memory)}};
  return {{"spec",
           {{"containers", {{{"name", container}, {"resources", {{"requests", resources}}}}}}}}};
}

json ConfOf(Dice& dice) {
  json conf = json::object();
  for (const auto& [key, value] : RandomConf(dice)) {
    if (key.starts_with("spark.")) conf[key] = value;
  }
  return conf;
}

json ApplicationSpec(Dice& dice) {
  json spec = {{"sparkVersion", "3.5.9"}, {"mainApplicationFile", "a.jar"}};
  spec["sparkConf"] = ConfOf(dice);
  if (dice.OneIn(2)) spec["executor"] = {{"memory", std::to_string(dice.Between(1, 90)) + "g"}};
  if (dice.OneIn(2)) spec["driver"] = {{"memory", std::to_string(dice.Between(1, 30)) + "g"}};
  return spec;
}

json SpecOf(const k8s::Kind& kind, Dice& dice) {
  if (kind.kind == "ScheduledSparkApplication") {
    return {{"schedule", "@daily"}, {"template", ApplicationSpec(dice)}};
  }
  if (kind.kind == "SparkConnect") {
    json spec = ApplicationSpec(dice);
    spec["server"] = {{"template", PodOf("spark-kubernetes-driver", dice)}};
    if (dice.OneIn(2)) spec["server"]["memory"] = std::to_string(dice.Between(1, 30)) + "g";
    return spec;
  }
  if (kind.kind == "SparkCluster") {
    const int64_t least = dice.Between(0, 200);
    return {{"clusterTolerations",
             {{"instanceConfig",
               {{"initWorkers", dice.Between(0, 300)},
                {"minWorkers", least},
                {"maxWorkers", least + dice.Between(0, 200)}}}}},
            {"masterSpec", {{"statefulSetSpec", {{"template", PodOf("master", dice)}}}}},
            {"workerSpec", {{"statefulSetSpec", {{"template", PodOf("worker", dice)}}}}}};
  }
  if (kind.group == "spark.apache.org") {
    return {{"jars", "a.jar"},
            {"runtimeVersions", {{"sparkVersion", "3.5.9"}}},
            {"sparkConf", ConfOf(dice)}};
  }
  return ApplicationSpec(dice);
}

class KindAdmission : public testing::Test {
 protected:
  json ObjectOf(const k8s::Kind& kind, json spec) const {
    return {{"apiVersion", std::string(kind.group) + "/" + std::string(kind.versions.front())},
            {"kind", std::string(kind.kind)},
            {"metadata", {{"name", "app"}, {"namespace", "jobs"}}},
            {"spec", std::move(spec)}};
  }
  AdmissionAnswer Ask(const json& object, Endpoint endpoint, const json* old = nullptr) const {
    AdmissionRequest request = old == nullptr ? Create(object) : Update(object, *old);
    const std::string api_version = object["apiVersion"];
    const std::string kind = object["kind"];
    request.api_version = api_version;
    request.kind = kind;
    AdmissionAnswer answer = Admit(request, endpoint, snapshot_, kNow);
    EXPECT_EQ(answer.patch_failure, "") << object;
    return answer;
  }

  Snapshot snapshot_ = SnapshotOf(kPolicy);
};

class EveryKind : public KindAdmission, public testing::WithParamInterface<const k8s::Kind*> {};

TEST_P(EveryKind, IsJudgedOnceAndStaysAsItWasAdmitted) {
  const k8s::Kind& kind = *GetParam();
  int rewritten = 0;
  int refused = 0;
  for (uint64_t seed = 1; seed <= 400; ++seed) {
    Dice dice(seed);
    const json object = ObjectOf(kind, SpecOf(kind, dice));
    const AdmissionAnswer answer = Ask(object, Endpoint::kMutate);
    EXPECT_TRUE(answer.judged);
    if (!answer.allowed) {
      ++refused;
      EXPECT_EQ(answer.code, 422);
      continue;
    }
    const json stored = Patched(object, answer);
    EXPECT_TRUE(Ask(stored, Endpoint::kMutate).patch.empty()) << object;
    const AdmissionAnswer valid = Ask(stored, Endpoint::kValidate);
    EXPECT_TRUE(valid.allowed) << valid.message << object;
    if (answer.patch.empty()) continue;
    ++rewritten;
    const auto restored = Restore(stored);
    ASSERT_TRUE(restored.ok()) << restored.error().what;
    EXPECT_EQ(WithoutEmpty((*restored)["spec"]), WithoutEmpty(object["spec"]));
    const json again = Patched(object, Ask(object, Endpoint::kMutate, &stored));
    EXPECT_EQ(WithoutEmpty(again["spec"]), WithoutEmpty(stored["spec"])) << object;
  }
  EXPECT_GT(rewritten, 40) << refused;
  EXPECT_LT(refused, 340);
}

std::vector<const k8s::Kind*> KindsWithATable() {
  std::vector<const k8s::Kind*> kinds;
  for (const k8s::Kind* kind : k8s::AllKinds()) {
    if (kind->fields != nullptr) kinds.push_back(kind);
  }
  return kinds;
}

INSTANTIATE_TEST_SUITE_P(All, EveryKind, testing::ValuesIn(KindsWithATable()), [](const auto& row) {
  return std::string(row.param->kind) + std::to_string(row.index);
});

// The operator copies the template into a SparkApplication, which then comes by itself.
TEST_F(KindAdmission, TheChildOfAnAdmittedTemplatePassesUntouched) {
  const k8s::Kind& scheduled =
      *k8s::FindKind("sparkoperator.k8s.io/v1beta2", "ScheduledSparkApplication");
  const k8s::Kind& application = *k8s::FindKind("sparkoperator.k8s.io/v1beta2", "SparkApplication");
  int rewritten = 0;
  for (uint64_t seed = 1; seed <= 400; ++seed) {
    Dice dice(seed);
    const json object = ObjectOf(scheduled, SpecOf(scheduled, dice));
    const AdmissionAnswer answer = Ask(object, Endpoint::kMutate);
    if (!answer.allowed) continue;
    rewritten += answer.patch.empty() ? 0 : 1;
    const json child = ObjectOf(application, Patched(object, answer)["spec"]["template"]);
    const AdmissionAnswer own = Ask(child, Endpoint::kMutate);
    EXPECT_TRUE(own.allowed) << own.message;
    EXPECT_TRUE(own.patch.empty()) << child;
  }
  EXPECT_GT(rewritten, 40);
}

// ---- Versions of a known kind that are not known ---------------------------------------------

TEST_F(KindAdmission, AnUnknownVersionIsToldOrRefused) {
  json object = ObjectOf(*k8s::FindKind("spark.apache.org/v1", "SparkCluster"), json::object());
  object["apiVersion"] = "spark.apache.org/v2";
  AdmissionAnswer answer = Ask(object, Endpoint::kMutate);
  EXPECT_TRUE(answer.allowed);
  EXPECT_TRUE(answer.unknown_version);
  EXPECT_FALSE(answer.judged);
  ASSERT_EQ(answer.warnings.size(), 1U);
  EXPECT_EQ(
      answer.warnings[0],
      "ballast: not judged: spark.apache.org/v2 SparkCluster: this Ballast knows v1, v1beta1");

  snapshot_.read_options.unknown_kind_version = k8s::UnknownKindVersion::kReject;
  answer = Ask(object, Endpoint::kValidate);
  EXPECT_FALSE(answer.allowed);
  EXPECT_EQ(answer.code, 422);
  EXPECT_EQ(answer.message,
            "ballast: cannot be judged: spark.apache.org/v2 SparkCluster: this Ballast knows v1, "
            "v1beta1; use one of these, or start Ballast with --on-unknown-kind-version=warn");
  // One that the API server also shows us in a version that we know is judged there.
  auto book = std::make_shared<ApplicationBook>();
  snapshot_.applications = book;
  book->SetServed({"spark.apache.org/SparkApplication", "sparkoperator.k8s.io/SparkCluster"});
  EXPECT_FALSE(Ask(object, Endpoint::kValidate).allowed);
  book->SetServed({"spark.apache.org/SparkCluster"});
  answer = Ask(object, Endpoint::kValidate);
  EXPECT_TRUE(answer.allowed);
  EXPECT_FALSE(answer.unknown_version);
  EXPECT_TRUE(answer.warnings.empty());
  book->SetServed({});
  // Finalizers, labels and status go on.
  json labelled = object;
  labelled["metadata"]["labels"] = {{"a", "b"}};
  EXPECT_TRUE(Ask(labelled, Endpoint::kValidate, &object).allowed);
  labelled["spec"]["sparkConf"] = {{"a", "b"}};
  EXPECT_FALSE(Ask(labelled, Endpoint::kValidate, &object).allowed);
  // A kind that is not known at all is nobody's business.
  object["kind"] = "SparkHistory";
  EXPECT_TRUE(Ask(object, Endpoint::kValidate).allowed);
  object["kind"] = "SparkCluster";
  object["apiVersion"] = "v2";
  EXPECT_TRUE(Ask(object, Endpoint::kValidate).allowed);
}

}  // namespace
}  // namespace ballast::webhook
