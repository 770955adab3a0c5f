#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "k8s/json_text.h"
#include "k8s/kinds/driver_config_map.h"
#include "k8s/kinds/driver_pod.h"
#include "k8s/kinds/executor_pod.h"
#include "k8s/kinds/field.h"
#include "k8s/kinds/kind.h"
#include "k8s/kinds/spark_application.h"

namespace ballast::k8s {
namespace {

TEST(Kinds, AreFoundByGroupVersionAndName) {
  EXPECT_EQ(FindKind("sparkoperator.k8s.io/v1beta2", "SparkApplication"), &kSparkApplication);
  EXPECT_EQ(FindKind("sparkoperator.k8s.io/v1beta1", "SparkApplication"), nullptr);
  EXPECT_EQ(FindKind("sparkoperator.k8s.io", "SparkApplication"), nullptr);
  EXPECT_EQ(FindKind("v1", "Pod"), nullptr);
  EXPECT_EQ(FindKind("v1", "Secret"), nullptr);
  EXPECT_EQ(FindKind("", ""), nullptr);
}

// By its name alone somebody else's could be one.
TEST(Kinds, OfApachesOperatorADriversConfigMapHoldsItsSettings) {
  struct Row {
    const char* name;
    const char* data;
    const Kind* want;
  };
  const char* const kBoth = R"({"spark.kubernetes.namespace":"jobs","spark.properties":""})";
  const Row kRows[] = {
      {"pi-0-spark-drv-conf-map", kBoth, &kDriverConfigMap},
      {"pi-0-spark-drv-conf-map", R"({"spark.properties":""})", nullptr},
      {"pi-0-spark-drv-conf-map", R"({"spark.kubernetes.namespace":"jobs"})", nullptr},
      {"pi-0-spark-drv-conf-map", "null", nullptr},
      {"-spark-drv-conf-map", kBoth, nullptr},
      {"pi-0-spark-drv-conf-map-2", kBoth, nullptr},
  };
  for (const Row& row : kRows) {
    const nlohmann::json object = {{"metadata", {{"name", row.name}}},
                                   {"data", ParseJson(row.data)}};
    EXPECT_EQ(FindKind("v1", "ConfigMap", JsonView(object)), row.want) << row.name << row.data;
  }
}

// Which pods and ConfigMaps are Spark's is told by the object.
TEST(Kinds, OfPodsAndConfigMapsOnlySparksOwnAreFound) {
  struct Row {
    const char* kind;
    const char* metadata;
    const Kind* want;
  };
  const Row kRows[] = {
      {"Pod", R"({"labels":{"spark-role":"driver"}})", &kDriverPod},
      {"Pod", R"({"labels":{"spark-role":"executor"}})", &kExecutorPod},
      {"Pod", R"({"labels":{"spark-role":"connect-server"}})", nullptr},
      {"Pod", R"({"labels":{"app":"web"}})", nullptr},
      {"Pod", R"({})", nullptr},
      {"ConfigMap", R"({"name":"spark-drv-add4a0a1fc40e3c5-conf-map"})", &kDriverConfigMap},
      {"ConfigMap", R"({"name":"spark-drv-0-conf-map"})", &kDriverConfigMap},
      {"ConfigMap", R"({"name":"spark-drv--conf-map"})", nullptr},
      {"ConfigMap", R"({"name":"spark-drv-conf-map"})", nullptr},
      {"ConfigMap", R"({"name":"pi-0-spark-drv-conf-map"})", nullptr},
      {"ConfigMap", R"({"name":"spark-drv-ADD4-conf-map"})", nullptr},
      {"ConfigMap", R"({"name":"spark-drv-add4-x-conf-map"})", nullptr},
      {"ConfigMap", R"({"name":"spark-exec-ab61e0a1fbfbcfeb-conf-map"})", nullptr},
      {"ConfigMap", R"({"name":"pi-6ed0c6a1fc0a8838-driver-podspec-conf-map"})", nullptr},
      {"Secret", R"({"name":"spark-drv-add4a0a1fc40e3c5-conf-map"})", nullptr},
  };
  for (const Row& row : kRows) {
    const nlohmann::json object = {{"metadata", ParseJson(row.metadata)}};
    EXPECT_EQ(FindKind("v1", row.kind, JsonView(object)), row.want) << row.kind << row.metadata;
  }
}

TEST(Kinds, EachPlaceAndEachSettingStandsInTheTableOnce) {
  std::set<std::string_view> pointers, keys;
  for (const Kind* kind : AllKinds()) {
    if (kind->fields == nullptr) continue;
    pointers.clear();
    keys.clear();
    for (const Field& field : kind->fields()) {
      EXPECT_TRUE(pointers.insert(field.pointer).second) << field.pointer;
      EXPECT_TRUE(keys.insert(field.key).second) << field.key;
      EXPECT_TRUE(kind->may_patch(field.pointer)) << field.pointer;
    }
  }
}

TEST(Kinds, WhatAFieldPrintsItReadsBack) {
  Texts texts;
  Mistake mistake;
  for (const Field& field : kSparkApplication.fields()) {
    for (const char* text : {"1", "2147483647", "2147483648", "-1", "true", "false", "TRUE", "28g",
                             "07", "", " 1", "9223372036854775807", "9223372036854775808"}) {
      const auto printed = PrintField(field, text);
      if (!printed) continue;
      EXPECT_EQ(ReadField(field, JsonView(*printed), texts, mistake), text) << field.pointer;
    }
  }
  EXPECT_FALSE(mistake.first());
}

}  // namespace
}  // namespace ballast::k8s
