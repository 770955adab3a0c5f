#include "k8s/kinds/scheduled_spark_application.h"

#include <gtest/gtest.h>

#include <string>

#include "k8s/json_text.h"
#include "k8s/kinds/spark_application.h"
#include "k8s/patch.h"
#include "tests/k8s/documents.h"

namespace ballast::k8s {
namespace {

using nlohmann::json;

std::string Scheduled(const std::string& spec) {
  return R"({"apiVersion":"sparkoperator.k8s.io/v1beta2","kind":"ScheduledSparkApplication",
             "metadata":{"name":"job","namespace":"team"},"spec":)" +
         spec + "}";
}

constexpr const char* kTemplate =
    R"({"sparkVersion":"3.5.9","mainApplicationFile":"a.py","nodeSelector":{"zone":"a"},
        "sparkConf":{"spark.executor.memory":"2g","spark.memory.fraction":"0.5"},
        "hadoopConf":{"fs.x":"1"},"dynamicAllocation":{"enabled":true,"maxExecutors":9},
        "driver":{"cores":2,"tolerations":[{"key":"spot"}]},
        "executor":{"memory":"60g","cores":8,"gpu":{"name":"nvidia.com/gpu","quantity":2}}})";

// The operator copies the template into an application, whose defaults its webhook then fills in.
TEST(ScheduledSparkApplication, IsReadAsTheApplicationsThatAreMadeOfIt) {
  const ReadDocument scheduled(
      Scheduled(R"({"schedule":"@every 5m","template":)" + std::string(kTemplate) + "}"));
  const ReadDocument child(Application(kTemplate));
  const auto one = kScheduledSparkApplication.normalise(scheduled.view(), {});
  const auto other = kSparkApplication.normalise(child.view(), {});
  ASSERT_TRUE(one.ok() && other.ok()) << one.error().where << one.error().what;
  EXPECT_TRUE(SameMeaning(*one, *other));
  EXPECT_EQ(one->resource.kind, "ScheduledSparkApplication");
  EXPECT_EQ(one->conf.Get("spark.driver.memory"), "1g");
  EXPECT_EQ(one->conf.Get("spark.executor.memory"), "60g");
  ASSERT_EQ(one->overridden.size(), 1U);
  EXPECT_EQ(one->overridden[0].losing_path, "/spec/template/sparkConf/spark.executor.memory");
  EXPECT_EQ(one->overridden[0].winning_path, "/spec/template/executor/memory");
}

struct MistakeCase {
  const char* spec;
  const char* where;
};

TEST(ScheduledSparkApplication, MistakesNameThePlaceInTheTemplate) {
  const MistakeCase cases[] = {
      {R"({"schedule":"@daily"})", "/spec/template"},
      {R"({"template":[]})", "/spec/template"},
      {R"({"template":{"executor":{"cores":"two"}}})", "/spec/template/executor/cores"},
      {R"({"template":{"executor":[]}})", "/spec/template/executor"},
      {R"({"template":{"sparkConf":{"spark.a":1}}})", "/spec/template/sparkConf/spark.a"},
      {R"({"template":{"hadoopConf":{"a":1}}})", "/spec/template/hadoopConf/a"},
      {R"({"template":{"dynamicAllocation":1}})", "/spec/template/dynamicAllocation"},
      {R"({"template":{"mainApplicationFile":1}})", "/spec/template/mainApplicationFile"},
      {R"({"template":{"sparkVersion":1}})", "/spec/template/sparkVersion"},
      {R"({"template":{"nodeSelector":{"a":1}}})", "/spec/template/nodeSelector/a"},
      {R"({"template":{"driver":{"gpu":1}}})", "/spec/template/driver/gpu"},
      {R"({"template":{"driver":{"template":{"spec":{"initContainers":1}}}}})",
       "/spec/template/driver/template/spec/initContainers"},
  };
  for (const MistakeCase& test : cases) {
    const ReadDocument document(Scheduled(test.spec));
    const auto workload = kScheduledSparkApplication.normalise(document.view(), {});
    ASSERT_FALSE(workload.ok()) << test.spec;
    EXPECT_EQ(workload.error().where, test.where);
  }
}

TEST(ScheduledSparkApplication, IsWrittenInTheTemplate) {
  const ReadDocument document(Scheduled(R"({"template":{"executor":{"memory":"60g"}}})"));
  const auto before = kScheduledSparkApplication.normalise(document.view(), {});
  policy::Workload after = *before;
  after.conf.Set("spark.executor.memory", "30g");
  after.conf.Set("spark.kryoserializer.buffer.max", "1g");
  const Patch patch = kScheduledSparkApplication.render(document.view(), *before, after);
  EXPECT_EQ(ToJson(patch), ParseJson(R"([
      {"op":"replace","path":"/spec/template/executor/memory","value":"30g"},
      {"op":"add","path":"/spec/template/sparkConf","value":{}},
      {"op":"add","path":"/spec/template/sparkConf/spark.kryoserializer.buffer.max",
       "value":"1g"}])"));
  EXPECT_TRUE(
      ProvePatch(kScheduledSparkApplication, document.view(), patch, *before, after, {}).ok());
  EXPECT_FALSE(kScheduledSparkApplication.may_patch("/spec/executor/memory"));
  EXPECT_FALSE(kScheduledSparkApplication.may_patch("/spec/sparkConf/spark.a"));
  EXPECT_FALSE(kScheduledSparkApplication.may_patch("/spec/schedule"));
}

}  // namespace
}  // namespace ballast::k8s
