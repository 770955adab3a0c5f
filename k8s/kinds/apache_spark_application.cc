#include "k8s/kinds/apache_spark_application.h"

#include <string>

#include "k8s/kinds/application.h"
#include "k8s/kinds/object_head.h"

namespace ballast::k8s {
namespace {

// What the operator sets where sparkConf does not say it.
// clang-format off
constexpr Field kFields[] = {
    {.pointer = "/spec/sparkConf/spark.authenticate", .key = "spark.authenticate",
     .otherwise = "true"},
    {.pointer = "/spec/sparkConf/spark.io.encryption.enabled",
     .key = "spark.io.encryption.enabled", .otherwise = "true"},
};
// clang-format on

// The version that is stored comes first.
constexpr std::string_view kVersions[] = {"v1", "v1beta1"};
constexpr std::string_view kMayMake[] = {"/metadata/annotations", "/spec/sparkConf"};
constexpr std::string_view kSpecNames[] = {"applicationTolerations",
                                           "configMapSpecs",
                                           "deploymentMode",
                                           "driverArgs",
                                           "driverGrpcRouteList",
                                           "driverHttpRouteList",
                                           "driverServiceIngressList",
                                           "driverSpec",
                                           "executorSpec",
                                           "files",
                                           "jars",
                                           "mainClass",
                                           "proxyUser",
                                           "pyFiles",
                                           "runtimeVersions",
                                           "sparkConf",
                                           "sparkRFiles"};
constexpr std::string_view kVersionNames[] = {"jdkVersion", "scalaVersion", "sparkVersion"};
constexpr std::string_view kRoleNames[] = {"podTemplateSpec"};
constexpr std::string_view kPodNames[] = {"metadata", "spec"};
constexpr FieldNames kNames[] = {{"/spec", kSpecNames},
                                 {"/spec/runtimeVersions", kVersionNames},
                                 {"/spec/driverSpec", kRoleNames},
                                 {"/spec/driverSpec/podTemplateSpec", kPodNames},
                                 {"/spec/executorSpec", kRoleNames},
                                 {"/spec/executorSpec/podTemplateSpec", kPodNames}};

policy::Language LanguageOf(JsonView spec, std::string_view pointer, Mistake& mistake) {
  const auto has = [&](std::string_view member) {
    return !ReadText(spec.At(member), std::string(pointer).append(member), mistake)
                .value_or("")
                .empty();
  };
  if (has("/jars")) return policy::Language::kJvm;
  if (has("/pyFiles")) return policy::Language::kPython;
  return has("/sparkRFiles") ? policy::Language::kR : policy::Language::kJvm;
}

const ApplicationLayout& Layout() {
  static const ApplicationLayout layout(LayoutParts{.spec = "/spec",
                                                    .version = "/runtimeVersions/sparkVersion",
                                                    .driver = {.name = "driver",
                                                               .member = "driverSpec",
                                                               .pod_template = "podTemplateSpec",
                                                               .spark_container = {}},
                                                    .executor = {.name = "executor",
                                                                 .member = "executorSpec",
                                                                 .pod_template = "podTemplateSpec",
                                                                 .spark_container = {}},
                                                    .fields = kFields,
                                                    .by_spark_submit = false,
                                                    .language = LanguageOf});
  return layout;
}

}  // namespace

constinit const Kind kApacheSparkApplication =
    ApplicationKind<Layout>("spark.apache.org", kVersions, "SparkApplication", kMayMake, kNames);

}  // namespace ballast::k8s
