#include "k8s/kinds/driver_config_map.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "k8s/json_text.h"
#include "k8s/patch.h"
#include "k8s/properties.h"
#include "tests/k8s/documents.h"

namespace ballast::k8s {
namespace {

using nlohmann::json;
using policy::Language;
using policy::SettingChange;
using policy::Workload;

std::string ReadReview(const std::string& name) {
  std::ifstream in(std::string(BALLAST_SOURCE_DIR) + "/tests/testdata/reviews/" + name + ".json",
                   std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return PrintJson(ParseJson(text.str())["request"]["object"]);
}

json ConfigMap(const std::string& properties) {
  return {{"apiVersion", "v1"},
          {"kind", "ConfigMap"},
          {"metadata", {{"name", "spark-drv-0a1b-conf-map"}, {"namespace", "jobs"}}},
          {"data", {{"spark.kubernetes.namespace", "jobs"}, {"spark.properties", properties}}}};
}

Workload Read(const json& object) {
  auto workload = NormaliseDriverConfigMap(JsonView(object), {});
  EXPECT_TRUE(workload.ok()) << workload.error().where << " " << workload.error().what;
  return workload.ok() ? *std::move(workload) : Workload{};
}

// ---- What is read ----------------------------------------------------------------------------

TEST(DriverConfigMap, IsReadAsRealSparkWroteIt) {
  struct Row {
    const char* review;
    int64_t driver_mib, executor_mib;
    const char* name_label;
  };
  const Row kRows[] = {
      {"configmap-driver-3.5.9-create", 1408, 31539, "pass35"},
      {"configmap-driver-4.3.0-create", 1408, 31539, "pass4"},
      {"configmap-driver-odd-values-create", 1408, 31539, "odd35"},
      {"configmap-driver-operator-create", 896, 31539, "op35"},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.review);
    const ReadDocument document(ReadReview(row.review));
    auto workload = NormaliseDriverConfigMap(document.view(), {});
    ASSERT_TRUE(workload.ok()) << workload.error().what;
    Derive(*workload);
    EXPECT_EQ(workload->sizes.driver->memory(), policy::Mebibytes(row.driver_mib));
    EXPECT_EQ(workload->sizes.executor->memory(), policy::Mebibytes(row.executor_mib));
    EXPECT_EQ(workload->sizes.executors->instances, 3);
    EXPECT_EQ(workload->language, Language::kJvm);
    EXPECT_FALSE(workload->version_known);
    EXPECT_EQ(workload->labels.at("spark-role"), "driver");
    EXPECT_EQ(workload->labels.at("spark-app-name"), row.name_label);
    EXPECT_EQ(workload->resource.namespace_name, "default");
  }
}

TEST(DriverConfigMap, ReadsTheLanguageThatSparkFound) {
  const std::pair<const char*, Language> kRows[] = {
      {"spark.kubernetes.resource.type=java\n", Language::kJvm},
      {"spark.kubernetes.resource.type=python\n", Language::kPython},
      {"spark.kubernetes.resource.type=r\n", Language::kR},
      {"spark.app.name=x\n", Language::kJvm},
  };
  for (const auto& [text, language] : kRows) {
    EXPECT_EQ(Read(ConfigMap(text)).language, language) << text;
  }
}

TEST(DriverConfigMap, HasTheLabelsOfItsDriver) {
  const Workload workload =
      Read(ConfigMap("spark.kubernetes.driver.label.team=etl\nspark.app.id=spark-1\n"
                     "spark.app.name=\\ Daily  Report (2)\n"));
  EXPECT_EQ(workload.labels, (policy::Labels{{"team", "etl"},
                                             {"spark-role", "driver"},
                                             {"spark-app-selector", "spark-1"},
                                             {"spark-app-name", "daily-report-2"}}));
}

// What a template or an operator lets a pod tolerate is not known here: no taint counts then.
TEST(DriverConfigMap, CountsNoTaintWherePodsMayDiffer) {
  struct Row {
    const char* text;
    bool driver, executor;
  };
  const Row kRows[] = {
      {"spark.app.name=x\n", false, false},
      {"spark.kubernetes.driver.podTemplateFile=/t.yaml\n", true, false},
      {"spark.kubernetes.executor.podTemplateFile=/t.yaml\n", false, true},
      {"spark.kubernetes.driver.label.sparkoperator.k8s.io/launched-by-spark-operator=true\n", true,
       true},
  };
  for (const Row& row : kRows) {
    const Workload workload = Read(ConfigMap(row.text));
    const std::vector<policy::Taint> taints = {{"gpu", "yes", "NoSchedule"}};
    EXPECT_EQ(Tolerates(workload.driver_placement.tolerations, taints), row.driver) << row.text;
    EXPECT_EQ(Tolerates(workload.executor_placement.tolerations, taints), row.executor) << row.text;
  }
}

// A key that only an operator's kind has, where a user wrote it into his file.
TEST(DriverConfigMap, HasNoSettingButSparks) {
  const Workload workload = Read(ConfigMap("driver.memoryLimit=64g\nspark.executor.memory=4g\n"));
  EXPECT_EQ(workload.conf.ToMap(),
            (std::map<std::string, std::string>{{"spark.executor.memory", "4g"}}));
}

TEST(DriverConfigMap, NamesWhatCannotBeRead) {
  json nothing = ConfigMap("");
  nothing["data"].erase("spark.properties");
  const auto missing = NormaliseDriverConfigMap(JsonView(nothing), {});
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().where, "/data/spark.properties");
  EXPECT_EQ(missing.error().what, "must be there, a Java properties file");
  const auto broken = NormaliseDriverConfigMap(JsonView(ConfigMap("a=1\nb=\\u12\n")), {});
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().what,
            "line 2: a \\u escape needs four hexadecimal digits, as in \\u00e9");
}

// ---- What is written -------------------------------------------------------------------------

struct RenderCase {
  const char* name;
  const char* before;
  std::vector<SettingChange> changes;
  const char* after;
};

class DriverConfigMapRender : public testing::TestWithParam<RenderCase> {};

TEST_P(DriverConfigMapRender, ChangesTheLinesOfTheseKeysAlone) {
  const json object = ConfigMap(GetParam().before);
  const Workload before = Read(object);
  Workload after = before;
  for (const SettingChange& change : GetParam().changes) after.conf.Apply(change);
  const Patch patch = RenderDriverConfigMap(JsonView(object), before, after);
  if (GetParam().changes.empty()) {
    EXPECT_TRUE(patch.empty());
    return;
  }
  ASSERT_EQ(patch.size(), 1u);
  EXPECT_EQ(patch[0],
            (PatchOperation{"replace", "/data/spark.properties", json(GetParam().after)}));
  const auto proof = ProvePatch(kDriverConfigMap, JsonView(object), patch, before, after, {});
  EXPECT_TRUE(proof.ok()) << proof.error().where << " " << proof.error().what;
}

INSTANTIATE_TEST_SUITE_P(
    Table, DriverConfigMapRender,
    testing::Values(
        RenderCase{"NothingChanges", "#c\na=1\n", {}, ""},
        RenderCase{
            "InItsPlace",
            "#two\n#comments\nspark.executor.memory=60g\nspark.odd\\ key=a\\\\b\\\n  c\n",
            {{"spark.executor.memory", "15585m"}},
            "#two\n#comments\nspark.executor.memory=15585m\nspark.odd\\ key=a\\\\b\\\n  c\n"},
        RenderCase{"AddedAtTheEnd",
                   "spark.executor.memory=1g",
                   {{"spark.executor.memoryOverheadFactor", "0.4"}},
                   "spark.executor.memory=1g\nspark.executor.memoryOverheadFactor=0.4\n"},
        RenderCase{"TakenAway",
                   "a=1\nspark.kryoserializer.buffer.max.mb=4096\nb=2\n",
                   {{"spark.kryoserializer.buffer.max", "1g"},
                    {"spark.kryoserializer.buffer.max.mb", std::nullopt}},
                   "a=1\nb=2\nspark.kryoserializer.buffer.max=1g\n"},
        RenderCase{"ValuesAreEscaped",
                   "spark.executor.extraJavaOptions=-Da\\=b\n",
                   {{"spark.executor.extraJavaOptions", "-XX:A=1\n#"}},
                   "spark.executor.extraJavaOptions=-XX\\:A\\=1\\n\\#\n"}),
    [](const auto& row) { return row.param.name; });

TEST(DriverConfigMap, OnlyItsPropertiesAndOurAnnotationsMayBePatched) {
  for (const char* path : {"/data/spark.properties", "/metadata/annotations/ballast.dev~1original",
                           "/metadata/annotations/ballast.dev~1decision"}) {
    EXPECT_TRUE(kDriverConfigMap.may_patch(path)) << path;
  }
  for (const char* path :
       {"/data", "/data/other", "/data/spark.properties/x", "/immutable", "/metadata/name",
        "/metadata/annotations", "/metadata/annotations/ballast.dev~1",
        "/metadata/annotations/other", "/binaryData/spark.properties"}) {
    EXPECT_FALSE(kDriverConfigMap.may_patch(path)) << path;
  }
}

TEST(DriverConfigMap, EveryLineOfARealFileButTheChangedOneStays) {
  const std::string text = ReadReview("configmap-driver-odd-values-create");
  const ReadDocument document(text);
  const auto before = NormaliseDriverConfigMap(document.view(), {});
  ASSERT_TRUE(before.ok());
  Workload after = *before;
  after.conf.Set("spark.executor.memory", "7g");
  const Patch patch = RenderDriverConfigMap(document.view(), *before, after);
  ASSERT_EQ(patch.size(), 1u);
  std::string wanted = ParseJson(text)["data"]["spark.properties"];
  const std::string line = "spark.executor.memory=28g\n";
  wanted.replace(wanted.find(line), line.size(), "spark.executor.memory=7g\n");
  EXPECT_EQ(patch[0].value, wanted);
}

}  // namespace
}  // namespace ballast::k8s
