#include "k8s/kinds/spark_application.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "k8s/json_text.h"
#include "k8s/patch.h"
#include "tests/k8s/documents.h"

namespace ballast::k8s {
namespace {

using policy::SparkVersion;
using policy::Workload;
using Settings = std::map<std::string, std::string>;

// What the operator adds by itself to an application that says nothing.
Settings WithDefaults(Settings settings) {
  settings.insert({{"spark.driver.cores", "1"},
                   {"spark.driver.memory", "1g"},
                   {"spark.executor.cores", "1"},
                   {"spark.executor.memory", "1g"},
                   {"spark.executor.instances", "1"}});
  return settings;
}

Workload Read(const std::string& spec, const ReadOptions& options = {}) {
  const ReadDocument document(Application(spec));
  auto workload = kSparkApplication.normalise(document.view(), options);
  EXPECT_TRUE(workload.ok()) << spec << ": " << workload.error().where << " "
                             << workload.error().what;
  return workload.ok() ? *workload : Workload{};
}

// ---- What Spark gets -------------------------------------------------------------------------

struct SettingsCase {
  const char* name;
  const char* spec;
  Settings want;  // besides the operator's defaults
};

class SparkApplicationSettings : public testing::TestWithParam<SettingsCase> {};

TEST_P(SparkApplicationSettings, AreWhatTheOperatorHandsOn) {
  EXPECT_EQ(Read(GetParam().spec).conf.ToMap(), WithDefaults(GetParam().want));
}

INSTANTIATE_TEST_SUITE_P(
    Table, SparkApplicationSettings,
    testing::Values(
        SettingsCase{"NothingSaid", "{}", {}},
        SettingsCase{
            "NullIsNothing", R"({"driver":{"memory":null},"executor":null,"sparkConf":null})", {}},
        // The API server takes both for whole numbers, and stores them as such.
        SettingsCase{"WholeNumbersWithAPointOrAnExponent",
                     R"({"driver":{"cores":2.0},"executor":{"cores":4e0,"instances":1e1}})",
                     {{"spark.driver.cores", "2"},
                      {"spark.executor.cores", "4"},
                      {"spark.executor.instances", "10"}}},
        SettingsCase{"DriverFields",
                     R"({"driver":{"cores":2,"coreRequest":"1500m","coreLimit":"3","memory":"4g",
                         "memoryOverhead":"512m","memoryLimit":"6g","javaOptions":"-Dx=y"}})",
                     {{"spark.driver.cores", "2"},
                      {"spark.kubernetes.driver.request.cores", "1500m"},
                      {"spark.kubernetes.driver.limit.cores", "3"},
                      {"spark.driver.memory", "4g"},
                      {"spark.driver.memoryOverhead", "512m"},
                      {"driver.memoryLimit", "6g"},
                      {"spark.driver.extraJavaOptions", "-Dx=y"}}},
        SettingsCase{"ExecutorFields",
                     R"({"executor":{"cores":4,"coreRequest":"3","coreLimit":"4","memory":"28g",
                         "memoryOverhead":"4g","memoryLimit":"40g","instances":200,
                         "javaOptions":"-XX:+UseG1GC"}})",
                     {{"spark.executor.cores", "4"},
                      {"spark.kubernetes.executor.request.cores", "3"},
                      {"spark.kubernetes.executor.limit.cores", "4"},
                      {"spark.executor.memory", "28g"},
                      {"spark.executor.memoryOverhead", "4g"},
                      {"executor.memoryLimit", "40g"},
                      {"spark.executor.instances", "200"},
                      {"spark.executor.extraJavaOptions", "-XX:+UseG1GC"}}},
        SettingsCase{"SparkConfInsteadOfFields",
                     R"({"sparkConf":{"spark.executor.memory":"8g","spark.executor.cores":"2",
                         "spark.executor.instances":"7"}})",
                     {{"spark.executor.memory", "8g"},
                      {"spark.executor.cores", "2"},
                      {"spark.executor.instances", "7"}}},
        SettingsCase{"AFieldBeatsSparkConf",
                     R"({"executor":{"memory":"8g"},"sparkConf":{"spark.executor.memory":"2g"}})",
                     {{"spark.executor.memory", "8g"}}},
        SettingsCase{"AnEmptySizeInSparkConfKeepsTheDefaultAway",
                     R"({"sparkConf":{"spark.executor.memory":""}})",
                     {{"spark.executor.memory", ""}}},
        SettingsCase{"AnEmptyCountDoesNot", R"({"sparkConf":{"spark.executor.instances":""}})", {}},
        SettingsCase{"TheOverheadFactor",
                     R"({"memoryOverheadFactor":"0.3"})",
                     {{"spark.kubernetes.memoryOverheadFactor", "0.3"}}},
        SettingsCase{"TheOverheadFactorIsBeatenBySparkConf",
                     R"({"memoryOverheadFactor":"0.3",
                         "sparkConf":{"spark.kubernetes.memoryOverheadFactor":"0.2"}})",
                     {{"spark.kubernetes.memoryOverheadFactor", "0.2"}}},
        SettingsCase{"AnEmptyOverheadFactorIsLeftOut", R"({"memoryOverheadFactor":""})", {}},
        SettingsCase{"HadoopConfBeatsSparkConf",
                     R"({"hadoopConf":{"fs.s3a.threads.max":"64"},
                         "sparkConf":{"spark.hadoop.fs.s3a.threads.max":"32"}})",
                     {{"spark.hadoop.fs.s3a.threads.max", "64"}}},
        // Of an empty value of a chart; the API server stores none.
        SettingsCase{"NullSettings",
                     R"({"sparkConf":{"spark.executor.memory":null},"hadoopConf":{"fs.x":null}})",
                     {}},
        SettingsCase{
            "AJavaAgentTakesThePlaceOfJavaOptionsInSparkConf",
            R"({"monitoring":{"exposeDriverMetrics":false,"exposeExecutorMetrics":true,
                                       "prometheus":{"jmxExporterJar":"/j.jar"}},
                         "sparkConf":{"spark.driver.extraJavaOptions":"-Da=1",
                                      "spark.executor.extraJavaOptions":"-Xmx1g"}})",
            {{"spark.driver.extraJavaOptions", "-Da=1"}, {"spark.executor.extraJavaOptions", ""}}},
        SettingsCase{"AJavaAgentIsAddedToTheField",
                     R"({"monitoring":{"exposeDriverMetrics":true,"prometheus":{}},
                         "driver":{"javaOptions":"-Da=1"},
                         "sparkConf":{"spark.driver.extraJavaOptions":"-Xmx1g"}})",
                     {{"spark.driver.extraJavaOptions", "-Da=1"}}},
        SettingsCase{"WithoutPrometheusThereIsNoJavaAgent",
                     R"({"monitoring":{"exposeDriverMetrics":true},
                         "sparkConf":{"spark.driver.extraJavaOptions":"-Da=1"}})",
                     {{"spark.driver.extraJavaOptions", "-Da=1"}}},
        SettingsCase{"KeysThatSparkIgnores",
                     R"({"sparkConf":{"executor.memoryLimit":"1g","hive.x":"y"}})",
                     {}},
        SettingsCase{"DynamicAllocationOff",
                     R"({"dynamicAllocation":{"enabled":false,"maxExecutors":9},
                         "sparkConf":{"spark.dynamicAllocation.enabled":"true"}})",
                     {{"spark.dynamicAllocation.enabled", "true"}}}),
    [](const auto& row) { return row.param.name; });

TEST(SparkApplication, DynamicAllocationByFieldBeatsSparkConfAndGetsNoInstances) {
  const auto conf = Read(R"({
      "dynamicAllocation":{"enabled":true,"initialExecutors":3,"minExecutors":2,"maxExecutors":60,
                           "shuffleTrackingTimeout":1800000},
      "sparkConf":{"spark.dynamicAllocation.enabled":"false",
                   "spark.dynamicAllocation.maxExecutors":"10",
                   "spark.dynamicAllocation.shuffleTracking.enabled":"false"}})")
                        .conf;
  EXPECT_EQ(conf.Get("spark.dynamicAllocation.enabled"), "true");
  EXPECT_EQ(conf.Get("spark.dynamicAllocation.initialExecutors"), "3");
  EXPECT_EQ(conf.Get("spark.dynamicAllocation.minExecutors"), "2");
  EXPECT_EQ(conf.Get("spark.dynamicAllocation.maxExecutors"), "60");
  EXPECT_EQ(conf.Get("spark.dynamicAllocation.shuffleTracking.timeout"), "1800000");
  EXPECT_EQ(conf.Get("spark.dynamicAllocation.shuffleTracking.enabled"), "true");
  EXPECT_FALSE(conf.Has("spark.executor.instances"));
}

TEST(SparkApplication, DynamicAllocationInSparkConfStillGetsOneInstance) {
  const auto conf = Read(R"({"sparkConf":{"spark.dynamicAllocation.enabled":"true"}})").conf;
  EXPECT_EQ(conf.Get("spark.executor.instances"), "1");
}

TEST(SparkApplication, OnlyTheOperatorsOwnSpellingKeepsTheInstanceAway) {
  const auto conf = Read(R"({"sparkConf":{"spark.dynamicallocation.enabled":"true"}})").conf;
  EXPECT_FALSE(conf.Has("spark.executor.instances"));
}

// ---- Versions and language ---------------------------------------------------------------------

struct VersionCase {
  const char* name;
  const char* text;
  ReadOptions options;
  SparkVersion submit, runtime;
  bool known;
};

class SparkApplicationVersions : public testing::TestWithParam<VersionCase> {};

TEST_P(SparkApplicationVersions, AreResolved) {
  const VersionCase& row = GetParam();
  const auto workload = Read(R"({"sparkVersion":")" + std::string(row.text) + R"("})", row.options);
  EXPECT_EQ(workload.versions.submit, row.submit);
  EXPECT_EQ(workload.versions.runtime, row.runtime);
  EXPECT_EQ(workload.version_known, row.known);
  EXPECT_EQ(workload.spark_version_text, row.text);
}

INSTANTIATE_TEST_SUITE_P(
    Table, SparkApplicationVersions,
    testing::Values(
        VersionCase{"Known", "3.5.6", {}, {3, 5}, {3, 5}, true},
        VersionCase{"Newer", "9.1.0", {}, policy::kNewestSpark, policy::kNewestSpark, true},
        VersionCase{"Older", "2.4.8", {}, policy::kOldestSpark, policy::kOldestSpark, true},
        VersionCase{"Unset", "", {{4, 0}, {}}, {4, 0}, {4, 0}, false},
        VersionCase{"APlaceholder", "{{SPARK_VERSION}}", {{4, 0}, {}}, {4, 0}, {4, 0}, false},
        VersionCase{"TheOperatorsOwn", "3.5.6", {{4, 3}, {{4, 0}}}, {4, 0}, {3, 5}, true}),
    [](const auto& row) { return row.param.name; });

TEST(SparkApplication, AnUnknownVersionIsMarkedAsTheOptionSays) {
  using policy::UnknownVersion;
  ReadOptions options;
  options.unknown_version = UnknownVersion::kReject;
  for (const auto& [text, want] :
       {std::pair{"4.3.0", UnknownVersion::kAsNearest}, std::pair{"4.4.0", UnknownVersion::kReject},
        std::pair{"3.3.4", UnknownVersion::kAsNearest}, std::pair{"3.2.4", UnknownVersion::kReject},
        std::pair{"3.9", UnknownVersion::kReject}, std::pair{"", UnknownVersion::kAsNearest},
        std::pair{"latest", UnknownVersion::kReject}, std::pair{"4", UnknownVersion::kReject}}) {
    const auto workload = Read(R"({"sparkVersion":")" + std::string(text) + R"("})", options);
    EXPECT_EQ(workload.unknown_version, want) << text;
    EXPECT_EQ(Read(R"({"sparkVersion":")" + std::string(text) + R"("})").unknown_version,
              UnknownVersion::kAsNearest)
        << text;
  }
}

TEST(SparkApplication, TheFileNameDecidesTheLanguage) {
  using policy::Language;
  const std::pair<const char*, Language> rows[] = {
      {R"({"type":"Python","mainApplicationFile":"local:///job.py"})", Language::kPython},
      {R"({"type":"Scala","mainApplicationFile":"local:///job.py"})", Language::kPython},
      {R"({"type":"Python","mainApplicationFile":"local:///job"})", Language::kJvm},
      {R"({"type":"R","mainApplicationFile":"local:///job.R"})", Language::kR},
      {R"({"type":"R","mainApplicationFile":"local:///job.r"})", Language::kR},
      {R"({"type":"Scala","mainApplicationFile":"local:///job.jar"})", Language::kJvm},
      {R"({})", Language::kJvm},
  };
  for (const auto& [spec, language] : rows) EXPECT_EQ(Read(spec).language, language) << spec;
}

// ---- Said twice --------------------------------------------------------------------------------

TEST(SparkApplication, NamesWhatIsSaidTwiceDifferently) {
  const auto workload = Read(R"({
      "memoryOverheadFactor":"0.3","executor":{"memory":"8g","cores":2},"driver":{"memory":"1g"},
      "sparkConf":{"spark.driver.memory":"1024m","spark.executor.memory":"2g","spark.executor.cores":"2",
                   "spark.kubernetes.memoryOverheadFactor":"0.2"}})");
  const std::vector<policy::OverriddenValue> want = {
      {"spark.executor.memory", "2g", "/spec/sparkConf/spark.executor.memory", "8g",
       "/spec/executor/memory"},
      {"spark.kubernetes.memoryOverheadFactor", "0.3", "/spec/memoryOverheadFactor", "0.2",
       "/spec/sparkConf/spark.kubernetes.memoryOverheadFactor"},
  };
  EXPECT_EQ(workload.overridden, want);
}

// ---- Pods --------------------------------------------------------------------------------------

TEST(SparkApplication, SidecarsAndInitContainersOfFieldsAndTemplateCount) {
  const auto workload = Read(R"({"executor":{
      "sidecars":[
        {"name":"log","image":"l","resources":{"requests":{"memory":"128Mi","cpu":"100m"}}},
        {"name":"mesh","image":"m","resources":{"limits":{"memory":"1Gi","cpu":1}}}],
      "initContainers":[
        {"name":"fetch","image":"f","resources":{"requests":{"memory":"2Gi","cpu":"50m"}}}],
      "template":{"spec":{
        "initContainers":[
          {"name":"proxy","image":"p","restartPolicy":"Always",
           "resources":{"requests":{"memory":"64Mi","cpu":"10m"}}}],
        "containers":[
          {"name":"log","image":"l","resources":{"requests":{"memory":"128Mi","cpu":"100m"}}},
          {"name":"spark-kubernetes-executor",
           "resources":{"requests":{"memory":"9Ti"},"limits":{"amd.com/gpu":"2"}}}]}}}})");
  const policy::PodExtras& extras = workload.executor_extras;
  EXPECT_EQ(extras.sidecar_memory, policy::Mebibytes(128 + 1024 + 64));
  EXPECT_EQ(extras.sidecar_cpu, policy::Millis(100 + 1000 + 10));
  EXPECT_EQ(extras.init_memory, policy::Mebibytes(2048 + 64));
  EXPECT_EQ(extras.init_cpu, policy::Millis(60));
  EXPECT_EQ(extras.extended, (std::vector<std::pair<std::string, int64_t>>{{"amd.com/gpu", 2}}));
  EXPECT_EQ(workload.driver_extras, policy::PodExtras{});
}

TEST(SparkApplication, WhatQuotasLookAt) {
  const auto workload = Read(R"({
      "driver":{
        "priorityClassName":"urgent",
        "affinity":{"podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[
          {"weight":1,"podAffinityTerm":{"topologyKey":"zone","namespaceSelector":{}}}]}},
        "template":{"spec":{"priorityClassName":"low"}}},
      "executor":{
        "sidecars":[{"name":"proxy","resources":{"limits":{"memory":"64Mi"}}}],
        "template":{"spec":{
          "priorityClassName":"low","activeDeadlineSeconds":60,
          "affinity":{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[
            {"topologyKey":"zone"}]}},
          "initContainers":[{"name":"mesh","restartPolicy":"Always",
                             "resources":{"requests":{"cpu":"100m"}}}],
          "containers":[{"name":"spark-kubernetes-executor",
                         "resources":{"limits":{"cpu":"3"}}}]}}}})");
  EXPECT_EQ(workload.driver_extras.priority_class, "urgent");
  EXPECT_TRUE(workload.driver_extras.cross_namespace_affinity);
  EXPECT_FALSE(workload.driver_extras.has_deadline);
  const policy::PodExtras& executor = workload.executor_extras;
  EXPECT_EQ(executor.priority_class, "low");
  EXPECT_FALSE(executor.cross_namespace_affinity);
  EXPECT_TRUE(executor.has_deadline);
  EXPECT_EQ(executor.template_cpu_limit, policy::Cores(3));
  policy::SideContainer mesh, proxy;
  mesh.name = "mesh";
  mesh.init = mesh.restartable = true;
  mesh.cpu_request = policy::Millis(100);
  proxy.name = "proxy";
  proxy.memory_limit = policy::Mebibytes(64);
  EXPECT_EQ(executor.containers, (std::vector<policy::SideContainer>{mesh, proxy}));
  EXPECT_EQ(executor.sidecar_memory, policy::Mebibytes(64));
  EXPECT_EQ(executor.sidecar_cpu, policy::Millis(100));
}

TEST(SparkApplication, GpusFromFieldAndSettings) {
  const auto workload = Read(R"({
      "driver":{"gpu":{"name":"","quantity":1}},
      "executor":{"gpu":{"name":"nvidia.com/gpu","quantity":2.0}},
      "sparkConf":{"spark.executor.resource.fpga.amount":"1",
                   "spark.executor.resource.fpga.vendor":"intel.com",
                   "spark.executor.resource.gpu.amount":"4"}})");
  EXPECT_EQ(workload.executor_extras.extended, (std::vector<std::pair<std::string, int64_t>>{
                                                   {"intel.com/fpga", 1}, {"nvidia.com/gpu", 2}}));
  EXPECT_TRUE(workload.driver_extras.extended.empty());
}

TEST(SparkApplication, PlacementOfBothRoles) {
  const auto workload = Read(R"({
      "nodeSelector":{"pool":"spark"},
      "sparkConf":{"spark.kubernetes.node.selector.pool":"other",
                   "spark.kubernetes.node.selector.zone":"a",
                   "spark.kubernetes.executor.node.selector.disk":"ssd"},
      "driver":{"tolerations":[{"key":"spot","operator":"Exists"}]},
      "executor":{
        "nodeSelector":{"disk":"nvme"},
        "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{
          "nodeSelectorTerms":[{"matchExpressions":[
            {"key":"arch","operator":"In","values":["amd64","arm64"]}]}]}}},
        "template":{"spec":{"nodeSelector":{"disk":"hdd","os":"linux"},
          "tolerations":[{"key":"gpu","value":"yes","effect":"NoSchedule"}]}}}})");
  EXPECT_EQ(workload.driver_placement.node_selector,
            (policy::Labels{{"pool", "spark"}, {"zone", "a"}}));
  EXPECT_EQ(workload.driver_placement.tolerations,
            (std::vector<policy::Toleration>{{"spot", "Exists", "", ""}}));
  const policy::Placement& executor = workload.executor_placement;
  EXPECT_EQ(executor.node_selector,
            (policy::Labels{{"pool", "spark"}, {"zone", "a"}, {"disk", "nvme"}, {"os", "linux"}}));
  EXPECT_EQ(executor.tolerations,
            (std::vector<policy::Toleration>{{"gpu", "Equal", "yes", "NoSchedule"}}));
  ASSERT_EQ(executor.affinity_terms.size(), 1u);
  EXPECT_EQ(executor.affinity_terms[0],
            (std::vector<policy::Requirement>{
                {"arch", policy::Requirement::Operator::kIn, {"amd64", "arm64"}}}));
  EXPECT_EQ(executor.not_understood, "");
}

TEST(SparkApplication, ConstraintsThatAreNotUnderstoodAreNamed) {
  constexpr const char* kRequired = "requiredDuringSchedulingIgnoredDuringExecution";
  const std::pair<std::string, const char*> rows[] = {
      {R"({"podAntiAffinity":{")" + std::string(kRequired) + R"(":[{"topologyKey":"x"}]}})",
       "required podAntiAffinity"},
      {R"({"nodeAffinity":{")" + std::string(kRequired) +
           R"(":{"nodeSelectorTerms":[{"matchFields":[{"key":"metadata.name"}]}]}}})",
       "node affinity by field"},
      {R"({"nodeAffinity":{")" + std::string(kRequired) +
           R"(":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"a","operator":"Near"}]}]}}})",
       "node affinity with the operator \"Near\""},
  };
  for (const auto& [affinity, want] : rows) {
    EXPECT_EQ(
        Read(R"({"executor":{"affinity":)" + affinity + "}}").executor_placement.not_understood,
        want);
  }
}

TEST(SparkApplication, CountsTheClaimsOfEachExecutor) {
  const auto workload = Read(R"({
      "sparkConf":{
        "spark.kubernetes.executor.volumes.persistentVolumeClaim.a.options.claimName":"OnDemand",
        "spark.kubernetes.executor.volumes.persistentVolumeClaim.a.options.sizeLimit":"1Gi",
        "spark.kubernetes.executor.volumes.persistentVolumeClaim.b.options.claimName":"shared",
        "spark.kubernetes.driver.volumes.persistentVolumeClaim.c.options.claimName":"OnDemand"},
      "volumes":[{"name":"scratch","ephemeral":{}},{"name":"unused","ephemeral":{}}],
      "executor":{"volumeMounts":[{"name":"scratch","mountPath":"/s"}]}})");
  EXPECT_EQ(workload.claims_per_executor, 2);
}

// ---- Mistakes ----------------------------------------------------------------------------------

struct MistakeCase {
  const char* name;
  const char* spec;
  policy::Error want;
};

class SparkApplicationMistakes : public testing::TestWithParam<MistakeCase> {};

TEST_P(SparkApplicationMistakes, NameThePlaceAndTheRemedy) {
  const ReadDocument document(Application(GetParam().spec));
  const auto workload = kSparkApplication.normalise(document.view(), {});
  ASSERT_FALSE(workload.ok());
  EXPECT_EQ(workload.error().where, GetParam().want.where);
  EXPECT_EQ(workload.error().what, GetParam().want.what);
}

INSTANTIATE_TEST_SUITE_P(
    Table, SparkApplicationMistakes,
    testing::Values(
        MistakeCase{"NoSpec", "null", {"/spec", "must be there and be an object"}},
        MistakeCase{"ANumberInSparkConf",
                    R"({"sparkConf":{"spark.executor.cores":4}})",
                    {"/spec/sparkConf/spark.executor.cores",
                     "must be text, not 4: write spark.executor.cores: \"4\""}},
        MistakeCase{
            "ASlashInTheKey",
            R"({"sparkConf":{"spark.a/b":true}})",
            {"/spec/sparkConf/spark.a~1b", "must be text, not true: write spark.a/b: \"true\""}},
        MistakeCase{"AnObjectInSparkConf",
                    R"({"sparkConf":{"spark":{"executor":{}}}})",
                    {"/spec/sparkConf/spark", "must be text, not an object"}},
        MistakeCase{"SparkConfIsAList",
                    R"({"sparkConf":[]})",
                    {"/spec/sparkConf", "must be an object, not a list"}},
        MistakeCase{"CoresAsText",
                    R"({"executor":{"cores":"4"}})",
                    {"/spec/executor/cores",
                     "must be a whole number from 1 to 2147483647, not \"4\": write cores: 4"}},
        MistakeCase{"HalfACore",
                    R"({"driver":{"cores":0.5}})",
                    {"/spec/driver/cores", "must be a whole number from 1 to 2147483647, not 0.5"}},
        MistakeCase{"NoCore",
                    R"({"driver":{"cores":0}})",
                    {"/spec/driver/cores", "must be a whole number from 1 to 2147483647, not 0"}},
        MistakeCase{"MoreThanInt32",
                    R"({"executor":{"instances":2147483648}})",
                    {"/spec/executor/instances",
                     "must be a whole number from 1 to 2147483647, not 2147483648"}},
        MistakeCase{"MemoryAsNumber",
                    R"({"executor":{"memory":4096}})",
                    {"/spec/executor/memory", "must be text, not 4096: write memory: \"4096\""}},
        MistakeCase{"EnabledAsText",
                    R"({"dynamicAllocation":{"enabled":"true"}})",
                    {"/spec/dynamicAllocation/enabled", "must be true or false, not \"true\""}},
        MistakeCase{"TheRoleIsText",
                    R"({"executor":"big"})",
                    {"/spec/executor", "must be an object, not \"big\""}},
        MistakeCase{"SidecarsAreNoList",
                    R"({"driver":{"sidecars":{}}})",
                    {"/spec/driver/sidecars", "must be a list of containers, not an object"}}),
    [](const auto& row) { return row.param.name; });

// The operator names a file of its own, behind sparkConf.
TEST(SparkApplication, ATemplateInAFileDoesNotCount) {
  const std::vector<policy::Taint> taints = {{"gpu", "yes", "NoSchedule"}};
  const Workload workload =
      Read(R"({"sparkConf":{"spark.kubernetes.executor.podTemplateFile":"/t.yaml"}})");
  EXPECT_FALSE(Tolerates(workload.executor_placement.tolerations, taints));
}

// Where an agent's option stands in the way of sparkConf, the field is what can be written.
TEST(SparkApplication, JavaOptionsBesideAnAgentAreWrittenIntoTheField) {
  const ReadDocument document(Application(
      R"({"monitoring":{"exposeExecutorMetrics":true,"prometheus":{"jmxExporterJar":"/j.jar"}},
          "executor":{"cores":1},"sparkConf":{"spark.executor.extraJavaOptions":"-Da=1"}})"));
  const auto before = kSparkApplication.normalise(document.view(), {});
  ASSERT_TRUE(before.ok());
  ASSERT_EQ(before->overridden.size(), 1U);
  EXPECT_EQ(before->overridden[0].winning_path, "/spec/monitoring/prometheus");
  Workload after = *before;
  after.conf.Set("spark.executor.extraJavaOptions", "-Db=2");
  EXPECT_EQ(ToJson(kSparkApplication.render(document.view(), *before, after)), ParseJson(R"([
              {"op":"add","path":"/spec/executor/javaOptions","value":"-Db=2"}])"));
}

}  // namespace
}  // namespace ballast::k8s
