#include "k8s/kinds/spark_application.h"

#include <string>

#include "k8s/kinds/application.h"
#include "k8s/kinds/dynamic_allocation.h"
#include "k8s/kinds/object_head.h"
#include "k8s/kinds/spark_application_names.h"

namespace ballast::k8s {
namespace {

constexpr Spelling kWhole = Spelling::kWhole;

// clang-format off
constexpr Field kFields[] = {
    {.pointer = "/spec/memoryOverheadFactor", .key = "spark.kubernetes.memoryOverheadFactor",
     .conf_wins = true},

    {.pointer = "/spec/driver/cores", .key = "spark.driver.cores",
     .spelling = kWhole, .least = 1, .otherwise = "1"},
    {.pointer = "/spec/driver/coreRequest", .key = "spark.kubernetes.driver.request.cores"},
    {.pointer = "/spec/driver/coreLimit", .key = "spark.kubernetes.driver.limit.cores"},
    {.pointer = "/spec/driver/memory", .key = "spark.driver.memory", .otherwise = "1g"},
    {.pointer = "/spec/driver/memoryOverhead", .key = "spark.driver.memoryOverhead"},
    {.pointer = "/spec/driver/memoryLimit", .key = "driver.memoryLimit"},
    {.pointer = "/spec/driver/javaOptions", .key = "spark.driver.extraJavaOptions",
     .agent_flag = "exposeDriverMetrics"},

    {.pointer = "/spec/executor/instances", .key = "spark.executor.instances",
     .spelling = kWhole, .least = 1, .otherwise = "1"},
    {.pointer = "/spec/executor/cores", .key = "spark.executor.cores",
     .spelling = kWhole, .least = 1, .otherwise = "1"},
    {.pointer = "/spec/executor/coreRequest", .key = "spark.kubernetes.executor.request.cores"},
    {.pointer = "/spec/executor/coreLimit", .key = "spark.kubernetes.executor.limit.cores"},
    {.pointer = "/spec/executor/memory", .key = "spark.executor.memory", .otherwise = "1g"},
    {.pointer = "/spec/executor/memoryOverhead", .key = "spark.executor.memoryOverhead"},
    {.pointer = "/spec/executor/memoryLimit", .key = "executor.memoryLimit"},
    {.pointer = "/spec/executor/javaOptions", .key = "spark.executor.extraJavaOptions",
     .agent_flag = "exposeExecutorMetrics"},
};
// clang-format on

constexpr std::string_view kVersions[] = {"v1beta2"};
constexpr std::string_view kMayMake[] = {"/metadata/annotations", "/spec/sparkConf", "/spec/driver",
                                         "/spec/executor"};
constexpr FieldNames kNames[] = {{"/spec", kSparkApplicationNames},
                                 {"/spec/driver", kSparkDriverNames},
                                 {"/spec/executor", kSparkExecutorNames},
                                 {"/spec/dynamicAllocation", kDynamicAllocationNames}};

policy::Language LanguageOf(JsonView spec, std::string_view pointer, Mistake& mistake) {
  constexpr std::string_view kFile = "/mainApplicationFile";
  return LanguageOfFile(
      ReadText(spec.At(kFile), std::string(pointer).append(kFile), mistake).value_or(""));
}

const ApplicationLayout& Layout() {
  static const ApplicationLayout layout(SparkApplicationParts("/spec"));
  return layout;
}

}  // namespace

LayoutParts SparkApplicationParts(std::string_view spec) {
  return {.spec = spec,
          .version = "/sparkVersion",
          .driver = {.name = "driver",
                     .member = "driver",
                     .pod_template = "template",
                     .spark_container = "spark-kubernetes-driver",
                     .has_pod_fields = true},
          .executor = {.name = "executor",
                       .member = "executor",
                       .pod_template = "template",
                       .spark_container = "spark-kubernetes-executor",
                       .has_pod_fields = true},
          .fields = kFields,
          .dynamic_fields = kDynamicAllocationFields,
          .has_hadoop_conf = true,
          .has_pod_fields = true,
          .language = LanguageOf};
}

constinit const Kind kSparkApplication = ApplicationKind<Layout>(
    "sparkoperator.k8s.io", kVersions, "SparkApplication", kMayMake, kNames);

}  // namespace ballast::k8s
