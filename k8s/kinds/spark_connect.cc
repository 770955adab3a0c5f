#include "k8s/kinds/spark_connect.h"

#include "k8s/kinds/application.h"
#include "k8s/kinds/dynamic_allocation.h"

namespace ballast::k8s {
namespace {

constexpr Spelling kWhole = Spelling::kWhole;

// clang-format off
constexpr Field kFields[] = {
    {.pointer = "/spec/server/cores", .key = "spark.driver.cores", .spelling = kWhole, .least = 1},
    {.pointer = "/spec/server/memory", .key = "spark.driver.memory"},

    {.pointer = "/spec/executor/instances", .key = "spark.executor.instances",
     .spelling = kWhole, .least = 0},
    {.pointer = "/spec/executor/cores", .key = "spark.executor.cores",
     .spelling = kWhole, .least = 1},
    {.pointer = "/spec/executor/memory", .key = "spark.executor.memory"},
};
// clang-format on

constexpr std::string_view kVersions[] = {"v1alpha1"};
constexpr std::string_view kMayMake[] = {"/metadata/annotations", "/spec/sparkConf", "/spec/server",
                                         "/spec/executor"};
constexpr std::string_view kSpecNames[] = {
    "dynamicAllocation", "executor", "hadoopConf", "image", "server", "sparkConf", "sparkVersion"};
constexpr std::string_view kServerNames[] = {"cores", "memory", "service", "template"};
constexpr std::string_view kExecutorNames[] = {"cores", "instances", "memory", "template"};
constexpr FieldNames kNames[] = {{"/spec", kSpecNames},
                                 {"/spec/server", kServerNames},
                                 {"/spec/executor", kExecutorNames},
                                 {"/spec/dynamicAllocation", kDynamicAllocationNames}};

// In client mode nobody tells the executors that Python will be spoken.
policy::Language LanguageOf(JsonView, std::string_view, Mistake&) { return policy::Language::kJvm; }

const ApplicationLayout& Layout() {
  static const ApplicationLayout layout(
      LayoutParts{.spec = "/spec",
                  .version = "/sparkVersion",
                  .driver = {.name = "driver",
                             .member = "server",
                             .pod_template = "template",
                             .spark_container = "spark-kubernetes-driver"},
                  .executor = {.name = "executor",
                               .member = "executor",
                               .pod_template = "template",
                               .spark_container = "spark-kubernetes-executor"},
                  .fields = kFields,
                  .dynamic_fields = kDynamicAllocationFields,
                  .has_hadoop_conf = true,
                  .hadoop_keys_may_be_whole = true,
                  .driver_given = true,
                  .through_shell = true,
                  .language = LanguageOf});
  return layout;
}

}  // namespace

constinit const Kind kSparkConnect =
    ApplicationKind<Layout>("sparkoperator.k8s.io", kVersions, "SparkConnect", kMayMake, kNames);

}  // namespace ballast::k8s
