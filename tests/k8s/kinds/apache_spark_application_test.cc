#include "k8s/kinds/apache_spark_application.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "k8s/json_text.h"
#include "k8s/patch.h"
#include "policy/startup_verdict.h"
#include "tests/k8s/documents.h"

namespace ballast::k8s {
namespace {

using policy::Language;
using policy::Mebibytes;
using policy::Workload;

std::string Apache(const std::string& spec) {
  return R"({"apiVersion":"spark.apache.org/v1","kind":"SparkApplication",
             "metadata":{"name":"job","namespace":"team"},"spec":)" +
         spec + "}";
}

Workload Read(const std::string& spec) {
  const ReadDocument document(Apache(spec));
  auto workload = kApacheSparkApplication.normalise(document.view(), {});
  EXPECT_TRUE(workload.ok()) << spec << ": " << workload.error().where << " "
                             << workload.error().what;
  if (!workload.ok()) return {};
  Derive(*workload);
  return *workload;
}

TEST(ApacheSparkApplication, EverySizeIsASetting) {
  const Workload workload = Read(R"({
      "jars":"local:///a.jar","runtimeVersions":{"sparkVersion":"4.2.0"},
      "sparkConf":{"spark.driver.memory":"2g","spark.executor.memory":"4g",
                   "spark.executor.cores":"2","spark.executor.instances":"3","other":"x"}})");
  EXPECT_EQ(workload.conf.ToMap(),
            (std::map<std::string, std::string>{{"spark.driver.memory", "2g"},
                                                {"spark.executor.memory", "4g"},
                                                {"spark.executor.cores", "2"},
                                                {"spark.executor.instances", "3"},
                                                // What the operator adds.
                                                {"spark.authenticate", "true"},
                                                {"spark.io.encryption.enabled", "true"}}));
  EXPECT_EQ(workload.versions.runtime, (policy::SparkVersion{4, 2}));
  EXPECT_TRUE(workload.version_known);
  EXPECT_EQ(workload.sizes.driver->memory(), Mebibytes(2048 + 384));
  EXPECT_EQ(workload.sizes.executor->memory(), Mebibytes(4096 + 409));
  EXPECT_EQ(workload.sizes.executors->instances, 3);
}

TEST(ApacheSparkApplication, ASettingOfTheUsersBeatsWhatTheOperatorAdds) {
  const auto conf = Read(R"({"sparkConf":{"spark.authenticate":"false"}})").conf;
  EXPECT_EQ(conf.Get("spark.authenticate"), "false");
  EXPECT_EQ(conf.Get("spark.io.encryption.enabled"), "true");
}

TEST(ApacheSparkApplication, NothingSaidIsSparksOwnDefault) {
  const Workload workload = Read("{}");
  EXPECT_EQ(workload.sizes.driver->memory(), Mebibytes(1408));
  EXPECT_EQ(workload.sizes.executors->instances, 2);
  EXPECT_FALSE(workload.version_known);
}

// It is about the operator's patience, not about how many there are.
TEST(ApacheSparkApplication, InstanceConfigAsksForNoExecutors) {
  const Workload workload = Read(R"({"sparkConf":{"spark.executor.instances":"3"},
      "applicationTolerations":{"instanceConfig":{"minExecutors":7,"maxExecutors":9}}})");
  EXPECT_FALSE(workload.sizes.executors->dynamic);
  EXPECT_EQ(workload.sizes.executors->instances, 3);
}

struct LanguageCase {
  const char* spec;
  Language want;
};

TEST(ApacheSparkApplication, JarsMakeItOneOfTheJvm) {
  const LanguageCase cases[] = {
      {R"({"pyFiles":"local:///a.py"})", Language::kPython},
      {R"({"sparkRFiles":"local:///a.R"})", Language::kR},
      {R"({"pyFiles":"a.py","sparkRFiles":"b.R"})", Language::kPython},
      {R"({"jars":"a.jar","pyFiles":"a.py"})", Language::kJvm},
      {R"({"jars":"","pyFiles":"a.py"})", Language::kPython},
      // No name of a file decides here.
      {R"({"mainApplicationFile":"a.py"})", Language::kJvm},
      {"{}", Language::kJvm},
  };
  for (const LanguageCase& test : cases)
    EXPECT_EQ(Read(test.spec).language, test.want) << test.spec;
  EXPECT_EQ(Read(R"({"pyFiles":"a.py","sparkConf":{"spark.executor.memory":"4g"}})")
                .sizes.executor->memory(),
            Mebibytes(5734));
}

// The driver's pod is made without spark-submit, which alone minds the blanks.
TEST(ApacheSparkApplication, IsNotHeldToWhatSparkSubmitChecks) {
  Workload workload = Read(R"({"jars":"a.jar","sparkConf":{"spark.executor.cores":" 2 "},
                               "runtimeVersions":{"sparkVersion":"3.5.9"}})");
  EXPECT_TRUE(JudgeStartup(workload.conf, workload, {&workload.versions, 1}).groups.empty());
  workload.by_spark_submit = true;
  const auto verdict = JudgeStartup(workload.conf, workload, {&workload.versions, 1});
  ASSERT_EQ(verdict.groups.size(), 1U);
  EXPECT_EQ(verdict.groups[0].stage, "submitArgs");
}

TEST(ApacheSparkApplication, ALocalDriverRunsAlone) {
  const Workload workload = Read(R"({"sparkConf":{
      "spark.kubernetes.driver.master":"local[10]","spark.kubernetes.driver.request.cores":"5",
      "spark.kubernetes.driver.limit.cores":"5"}})");
  EXPECT_EQ(workload.sizes.executors->most(), 0);
  EXPECT_EQ(workload.sizes.driver->cpu, policy::Cores(5));
}

TEST(ApacheSparkApplication, PodTemplatesAreRead) {
  const Workload workload = Read(R"({
      "driverSpec":{"podTemplateSpec":{"spec":{"nodeSelector":{"zone":"a"}}}},
      "executorSpec":{"podTemplateSpec":{"spec":{
          "tolerations":[{"key":"spot","operator":"Exists"}],
          "containers":[{"name":"any"},
                        {"name":"proxy","resources":{"requests":{"memory":"1Gi"}}}]}}}})");
  EXPECT_EQ(workload.driver_placement.node_selector.at("zone"), "a");
  EXPECT_EQ(workload.executor_placement.tolerations.at(0).key, "spot");
  // Without a setting that names it, Spark takes the first container.
  EXPECT_EQ(workload.executor_extras.sidecar_memory, policy::Gibibytes(1));
  const Workload named = Read(R"({
      "sparkConf":{"spark.kubernetes.executor.podTemplateContainerName":"spark"},
      "executorSpec":{"podTemplateSpec":{"spec":{
          "containers":[{"name":"proxy","resources":{"requests":{"memory":"2Gi"}}},
                        {"name":"spark"}]}}}})");
  EXPECT_EQ(named.executor_extras.sidecar_memory, policy::Gibibytes(2));
}

struct MistakeCase {
  const char* spec;
  const char* where;
  const char* what;
};

TEST(ApacheSparkApplication, MistakesNameThePlaceAndTheRemedy) {
  const MistakeCase cases[] = {
      {"[]", "/spec", "must be there and be an object"},
      {R"({"sparkConf":{"spark.executor.instances":3}})",
       "/spec/sparkConf/spark.executor.instances",
       "must be text, not 3: write spark.executor.instances: \"3\""},
      {R"({"driverSpec":"x"})", "/spec/driverSpec", "must be an object, not \"x\""},
      {R"({"runtimeVersions":{"sparkVersion":4.2}})", "/spec/runtimeVersions/sparkVersion",
       "must be text, not 4.2: write sparkVersion: \"4.2\""},
      {R"({"executorSpec":{"podTemplateSpec":{"spec":{"containers":{}}}}})",
       "/spec/executorSpec/podTemplateSpec/spec/containers",
       "must be a list of containers, not an object"},
  };
  for (const MistakeCase& test : cases) {
    const ReadDocument document(Apache(test.spec));
    const auto workload = kApacheSparkApplication.normalise(document.view(), {});
    ASSERT_FALSE(workload.ok()) << test.spec;
    EXPECT_EQ(workload.error().where, test.where);
    EXPECT_EQ(workload.error().what, test.what);
  }
}

TEST(ApacheSparkApplication, IsWrittenInSparkConf) {
  const ReadDocument document(Apache(R"({"sparkConf":{"spark.executor.memory":"60g"}})"));
  const auto before = kApacheSparkApplication.normalise(document.view(), {});
  Workload after = *before;
  after.conf.Set("spark.executor.memory", "30g");
  after.conf.Set("spark.authenticate", "false");
  const Patch patch = kApacheSparkApplication.render(document.view(), *before, after);
  EXPECT_EQ(ToJson(patch), ParseJson(R"([
      {"op":"add","path":"/spec/sparkConf/spark.authenticate","value":"false"},
      {"op":"replace","path":"/spec/sparkConf/spark.executor.memory","value":"30g"}])"));
  EXPECT_TRUE(ProvePatch(kApacheSparkApplication, document.view(), patch, *before, after, {}).ok());
  EXPECT_FALSE(kApacheSparkApplication.may_patch("/spec/hadoopConf/x"));
  EXPECT_FALSE(kApacheSparkApplication.may_patch("/spec/driverSpec/cores"));
  EXPECT_FALSE(kApacheSparkApplication.may_patch(
      "/spec/applicationTolerations/instanceConfig/maxExecutors"));
}

}  // namespace
}  // namespace ballast::k8s
