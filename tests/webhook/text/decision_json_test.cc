#include "webhook/text/decision_json.h"

#include <gtest/gtest.h>

#include "k8s/json_text.h"
#include "k8s/kinds/kind.h"
#include "tests/webhook/admission/admission_fixture.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

TEST(DecisionJson, OfARewrite) {
  const json object = Application(R"({"type":"Scala","mode":"cluster","sparkVersion":"4.0.0",
      "driver":{"cores":1,"memory":"2g"},
      "executor":{"cores":4,"memory":"28g","memoryOverhead":"4g","instances":2},
      "sparkConf":{"spark.kryoserializer.buffer.max":"2048m"}})");
  const Snapshot snapshot = SnapshotOf(
      "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\n"
      "metadata: {name: org}\nspec: {capacity: {source: NodePools, nodePools: [{name: p, count: 10,"
      " allocatable: {cpu: \"10\", memory: 39Gi, pods: \"110\"}}]}}\n");
  const AdmissionAnswer answer = Admit(Create(object), Endpoint::kMutate, snapshot, kNow);
  const k8s::Kind* kind = k8s::FindKind("sparkoperator.k8s.io/v1beta2", "SparkApplication");
  const json decision =
      DecisionJson(answer.decision, kind, k8s::JsonView(object), answer.patch, answer.warnings);
  EXPECT_EQ(decision["apiVersion"], "policy.ballast.dev/v1alpha1");
  EXPECT_EQ(decision["kind"], "Decision");
  EXPECT_EQ(decision["resource"], k8s::ParseJson(R"({"apiVersion":"sparkoperator.k8s.io/v1beta2",
      "kind":"SparkApplication","namespace":"jobs","name":"app"})"));
  EXPECT_EQ(decision["verdict"], "Rewritten");
  EXPECT_EQ(decision["before"], decision["after"]);
  EXPECT_EQ(decision["after"], k8s::ParseJson(R"({
      "driver":{"heapMiB":2048,"overheadMiB":384,"offHeapMiB":0,"pysparkMiB":0,"memoryMiB":2432,
                "cpuMillis":1000,"cpuLimitMillis":null,"slots":0},
      "executor":{"heapMiB":28672,"overheadMiB":4096,"offHeapMiB":0,"pysparkMiB":0,
                  "memoryMiB":32768,"cpuMillis":4000,"cpuLimitMillis":null,"slots":4},
      "executors":{"instances":2},
      "totals":{"memoryMiB":67968,"cpuMillis":9000,"slots":8},
      "placement":{"eligibleNodes":10,"perNode":1,"podsPerNode":110,"placeable":10,"takenByDriver":0,
                   "strandedCpuMillis":12000,"strandedMemoryMiB":14336}})"));
  bool found = false;
  for (const json& finding : decision["findings"]) {
    EXPECT_EQ(finding.size(), 7u);
    if (finding["rule"] != "kryo-buffer") continue;
    found = true;
    EXPECT_EQ(finding["action"], "Rewrite");
    EXPECT_EQ(finding["paths"], json({"/spec/sparkConf/spark.kryoserializer.buffer.max"}));
  }
  EXPECT_TRUE(found);
  EXPECT_FALSE(decision["patch"].empty());
}

TEST(DecisionJson, OfAKindThatIsNotJudged) {
  const json object = {{"apiVersion", "v1"}, {"kind", "Secret"}, {"metadata", {{"name", "s"}}}};
  EXPECT_EQ(DecisionJson({}, nullptr, k8s::JsonView(object), {}, {}),
            k8s::ParseJson(R"({"apiVersion":"policy.ballast.dev/v1alpha1","kind":"Decision",
      "resource":{"apiVersion":"v1","kind":"Secret","namespace":"default","name":"s"},
      "verdict":"Admitted","findings":[],"before":null,"after":null,"patch":[],"warnings":[]})"));
}

}  // namespace
}  // namespace ballast::webhook
