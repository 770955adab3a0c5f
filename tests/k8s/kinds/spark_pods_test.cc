#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "k8s/json_text.h"
#include "k8s/kinds/driver_pod.h"
#include "k8s/kinds/executor_pod.h"
#include "k8s/patch.h"
#include "tests/k8s/documents.h"

namespace ballast::k8s {
namespace {

using nlohmann::json;
using policy::Cores;
using policy::Mebibytes;
using policy::Millis;
using policy::Workload;

json ReadReview(const std::string& name) {
  std::ifstream in(std::string(BALLAST_SOURCE_DIR) + "/tests/testdata/reviews/" + name + ".json",
                   std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return ParseJson(text.str())["request"]["object"];
}

// A pod of this role whose Spark container has these members, with more of the pod's spec.
json Pod(const char* role, const char* container, const char* spec = "{}") {
  json pod = {{"apiVersion", "v1"},
              {"kind", "Pod"},
              {"metadata",
               {{"name", "job-driver"},
                {"namespace", "jobs"},
                {"labels", {{"spark-role", role}, {"spark-version", "3.5.9"}}}}},
              {"spec", ParseJson(spec)}};
  json own = ParseJson(container);
  own["name"] = std::string("spark-kubernetes-") + role;
  pod["spec"]["containers"].push_back(own);
  return pod;
}

Workload Read(const Kind& kind, const json& object) {
  auto workload = kind.normalise(JsonView(object), {});
  EXPECT_TRUE(workload.ok()) << workload.error().where << " " << workload.error().what;
  if (!workload.ok()) return {};
  Derive(*workload);
  return *std::move(workload);
}

// ---- Real pods -------------------------------------------------------------------------------

TEST(DriverPod, IsReadAsRealSparkMadeIt) {
  for (const char* review : {"pod-driver-3.5.9-create", "pod-driver-4.3.0-create"}) {
    SCOPED_TRACE(review);
    const ReadDocument document(PrintJson(ReadReview(review)));
    auto workload = NormaliseDriverPod(document.view(), {});
    ASSERT_TRUE(workload.ok()) << workload.error().what;
    Derive(*workload);
    EXPECT_EQ(workload->sizes.driver->memory(), Mebibytes(1408));
    EXPECT_EQ(workload->sizes.driver->heap, Mebibytes(0)) << "not said in the pod";
    EXPECT_EQ(workload->sizes.driver->cpu, Cores(1));
    EXPECT_FALSE(workload->sizes.executor.ok());
    EXPECT_TRUE(workload->version_known);
  }
}

TEST(ExecutorPod, IsReadAsRealSparkMadeIt) {
  for (const char* review : {"pod-executor-3.5.9-create", "pod-executor-4.3.0-create"}) {
    SCOPED_TRACE(review);
    const ReadDocument document(PrintJson(ReadReview(review)));
    auto workload = NormaliseExecutorPod(document.view(), {});
    ASSERT_TRUE(workload.ok()) << workload.error().what;
    Derive(*workload);
    EXPECT_EQ(workload->sizes.executor->memory(), Mebibytes(31539));
    EXPECT_EQ(workload->sizes.executor->heap, Mebibytes(28672));
    EXPECT_EQ(workload->sizes.executor->cpu, Cores(4));
    EXPECT_EQ(workload->sizes.executor->slots, 4);
    EXPECT_EQ(workload->sizes.executors->instances, 1);
  }
}

// ---- What the pod asks of a node -------------------------------------------------------------

struct AskCase {
  const char* name;
  const char* container;
  const char* spec;
  policy::ByteSize memory;
  policy::MilliCpu cpu;
};

class DriverPodAsks : public testing::TestWithParam<AskCase> {};

TEST_P(DriverPodAsks, OfANode) {
  const Workload workload = Read(kDriverPod, Pod("driver", GetParam().container, GetParam().spec));
  EXPECT_EQ(PodMemory(*workload.sizes.driver, workload.driver_extras), GetParam().memory);
  EXPECT_EQ(PodCpu(*workload.sizes.driver, workload.driver_extras), GetParam().cpu);
}

constexpr const char* kOneGig =
    R"({"resources":{"requests":{"cpu":"1","memory":"1408Mi"},"limits":{"memory":"1408Mi"}}})";

INSTANTIATE_TEST_SUITE_P(
    Table, DriverPodAsks,
    testing::Values(
        AskCase{"ItsContainer", kOneGig, "{}", Mebibytes(1408), Cores(1)},
        AskCase{"NumbersWithoutQuotes", R"({"resources":{"requests":{"cpu":2,"memory":1048576}}})",
                "{}", Mebibytes(1), Cores(2)},
        AskCase{"HalfAMebibyteMore", R"({"resources":{"requests":{"cpu":"1","memory":"1500000"}}})",
                "{}", Mebibytes(2), Cores(1)},
        AskCase{"LimitsStandForRequests",
                R"({"resources":{"limits":{"cpu":"1500m","memory":"2Gi"}}})", "{}", Mebibytes(2048),
                Millis(1500)},
        AskCase{"NothingAtAll", "{}", "{}", Mebibytes(0), Cores(0)},
        AskCase{"ASidecar", kOneGig,
                R"({"containers":[{"name":"logs","resources":{"requests":
                     {"cpu":"250m","memory":"128Mi"}}}]})",
                Mebibytes(1536), Millis(1250)},
        AskCase{"AnInitContainerThatIsLarger", kOneGig,
                R"({"initContainers":[{"name":"fetch","resources":{"requests":
                     {"cpu":"4","memory":"1Gi"}}}]})",
                Mebibytes(1408), Cores(4)},
        AskCase{"AnInitContainerThatStays", kOneGig,
                R"({"initContainers":[{"name":"proxy","restartPolicy":"Always","resources":
                     {"requests":{"cpu":"100m","memory":"64Mi"}}}]})",
                Mebibytes(1472), Millis(1100)},
        AskCase{"ResourcesOfThePodItself", kOneGig,
                R"({"resources":{"requests":{"cpu":"3","memory":"4Gi"}},
                    "containers":[{"name":"logs","resources":{"requests":
                     {"cpu":"250m","memory":"128Mi"}}}]})",
                Mebibytes(4096), Cores(3)},
        AskCase{"WhatTheRuntimeClassTakes", kOneGig,
                R"({"overhead":{"cpu":"250m","memory":"120Mi"}})", Mebibytes(1528), Millis(1250)}),
    [](const auto& row) { return row.param.name; });

TEST(DriverPod, IsTheFirstContainerWhereNoneHasItsName) {
  json pod = Pod("driver", kOneGig);
  pod["spec"]["containers"][0]["name"] = "mine";
  pod["spec"]["containers"].push_back(
      ParseJson(R"({"name":"logs","resources":{"requests":{"memory":"64Mi"}}})"));
  const Workload workload = Read(kDriverPod, pod);
  EXPECT_EQ(workload.sizes.driver->memory(), Mebibytes(1408));
  EXPECT_EQ(workload.driver_extras.sidecar_memory, Mebibytes(64));
}

TEST(DriverPod, TakesItsNameFromGenerateName) {
  json pod = Pod("driver", kOneGig);
  pod["metadata"].erase("name");
  pod["metadata"]["generateName"] = "job-";
  EXPECT_EQ(Read(kDriverPod, pod).resource.name, "job-");
}

TEST(DriverPod, ReadsWhatItsArgumentsSayOfTheHeap) {
  struct Row {
    const char* args;
    int64_t heap_mib;
    policy::Language language;
  };
  const Row kRows[] = {
      {R"(["driver","--class","C","local:///a.jar"])", 0, policy::Language::kJvm},
      {R"(["driver","--conf","spark.driver.memory=1g","--class","C","a.jar"])", 1024,
       policy::Language::kJvm},
      {R"(["driver","--conf","spark.driver.memory=1g","--conf","spark.driver.memory=700m","a.py"])",
       700, policy::Language::kPython},
      // What follows the resource is the application's.
      {R"(["driver","--properties-file","/p","a.R","--conf","spark.driver.memory=1g"])", 0,
       policy::Language::kR},
      {R"(["driver","--verbose","--conf","spark.driver.memoryOverhead=1g","a.jar"])", 0,
       policy::Language::kJvm},
  };
  for (const Row& row : kRows) {
    json pod = Pod("driver", kOneGig);
    pod["spec"]["containers"][0]["args"] = ParseJson(row.args);
    const Workload workload = Read(kDriverPod, pod);
    EXPECT_EQ(workload.sizes.driver->heap, Mebibytes(row.heap_mib)) << row.args;
    EXPECT_EQ(workload.sizes.driver->memory(), Mebibytes(1408)) << row.args;
    EXPECT_EQ(workload.language, row.language) << row.args;
  }
}

// ---- What is written -------------------------------------------------------------------------

TEST(DriverPod, IsLoweredInItsContainer) {
  const json pod = Pod("driver",
                       R"({"resources":{"requests":{"cpu":"8","memory":"20Gi"},
                                        "limits":{"cpu":"16","memory":"20Gi"}}})",
                       R"({"containers":[{"name":"logs"}]})");
  const Workload before = Read(kDriverPod, pod);
  Workload after = before;
  after.conf.Set("spark.driver.memoryOverhead", "8g");
  after.conf.Set("spark.kubernetes.driver.request.cores", "4");
  const Patch patch = RenderDriverPod(JsonView(pod), before, after);
  EXPECT_EQ(ToJson(patch), ParseJson(R"([
      {"op":"replace","path":"/spec/containers/1/resources/requests/memory","value":"8Gi"},
      {"op":"replace","path":"/spec/containers/1/resources/limits/memory","value":"8Gi"},
      {"op":"replace","path":"/spec/containers/1/resources/requests/cpu","value":"4"}])"))
      << PrintJson(ToJson(patch));
  const auto proof = ProvePatch(kDriverPod, JsonView(pod), patch, before, after, {});
  EXPECT_TRUE(proof.ok()) << proof.error().where << " " << proof.error().what;
  // What does not give `after` is never proven.
  Patch other = patch;
  other.pop_back();
  EXPECT_FALSE(ProvePatch(kDriverPod, JsonView(pod), other, before, after, {}).ok());
}

TEST(DriverPod, OnlyAmountsOfContainersMayBePatched) {
  for (const char* path :
       {"/spec/containers/0/resources/requests/memory", "/spec/containers/12/resources/limits/cpu",
        "/metadata/annotations/ballast.dev~1decision"}) {
    EXPECT_TRUE(MayPatchDriverPod(path)) << path;
  }
  for (const char* path :
       {"/spec/containers/0/image", "/spec/containers/0/args/0", "/spec/containers/0/resources",
        "/spec/containers//resources/requests/memory", "/spec/containers/x/resources/limits/cpu",
        "/spec/containers/0/resources/requests/memory/x", "/spec/nodeName", "/metadata/labels",
        "/metadata/annotations/ballast.dev~1", "/spec/initContainers/0/resources/limits/cpu"}) {
    EXPECT_FALSE(MayPatchDriverPod(path)) << path;
  }
  for (const char* path :
       {"/metadata/labels/ballast.dev~1mismatch", "/metadata/annotations/ballast.dev~1mismatch"}) {
    EXPECT_TRUE(kExecutorPod.may_patch(path)) << path;
  }
  for (const char* path : {"/spec/containers/0/resources/requests/memory",
                           "/metadata/labels/spark-role", "/metadata/annotations/x"}) {
    EXPECT_FALSE(kExecutorPod.may_patch(path)) << path;
  }
}

TEST(SparkPods, NameWhatCannotBeRead) {
  const auto where = [](const json& pod) {
    const auto read = NormaliseDriverPod(JsonView(pod), {});
    return read.ok() ? std::string("read") : read.error().where;
  };
  EXPECT_EQ(where(Pod("driver", R"({"resources":{"requests":{"memory":"lots"}}})")),
            "/spec/containers/0/resources/requests/memory");
  EXPECT_EQ(where({{"spec", {{"containers", json::array()}}}}), "/spec/containers");
  EXPECT_EQ(where({{"spec", "x"}}), "/spec");
  EXPECT_EQ(where(Pod("driver", "{}", R"({"nodeSelector":{"a":1}})")), "/spec/nodeSelector/a");
}

// An executor's own label does not change what it is.
TEST(ExecutorPod, OurOwnLabelIsNotRead) {
  json pod = Pod("executor", kOneGig);
  const Workload before = Read(kExecutorPod, pod);
  pod["metadata"]["labels"]["ballast.dev/mismatch"] = "true";
  EXPECT_EQ(Read(kExecutorPod, pod), before);
  EXPECT_EQ(before.sizes.executor->heap, Mebibytes(0)) << "no environment says it";
}

}  // namespace
}  // namespace ballast::k8s
