#include "k8s/kinds/spark_application.h"

#include <iterator>
#include <limits>

#include "policy/key_index.h"

namespace ballast::k8s {
namespace {

constexpr int64_t kMostLong = std::numeric_limits<int64_t>::max();
constexpr Condition kDynamic = Condition::kDynamicField;
constexpr Spelling kWhole = Spelling::kWhole;
constexpr Spelling kBoolean = Spelling::kBoolean;

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
    {.pointer = "/spec/driver/javaOptions", .key = "spark.driver.extraJavaOptions"},

    {.pointer = "/spec/executor/instances", .key = "spark.executor.instances",
     .spelling = kWhole, .least = 1, .otherwise = "1"},
    {.pointer = "/spec/executor/cores", .key = "spark.executor.cores",
     .spelling = kWhole, .least = 1, .otherwise = "1"},
    {.pointer = "/spec/executor/coreRequest", .key = "spark.kubernetes.executor.request.cores"},
    {.pointer = "/spec/executor/coreLimit", .key = "spark.kubernetes.executor.limit.cores"},
    {.pointer = "/spec/executor/memory", .key = "spark.executor.memory", .otherwise = "1g"},
    {.pointer = "/spec/executor/memoryOverhead", .key = "spark.executor.memoryOverhead"},
    {.pointer = "/spec/executor/memoryLimit", .key = "executor.memoryLimit"},
    {.pointer = "/spec/executor/javaOptions", .key = "spark.executor.extraJavaOptions"},

    {.pointer = "/spec/dynamicAllocation/enabled", .key = "spark.dynamicAllocation.enabled",
     .spelling = kBoolean, .condition = kDynamic},
    {.pointer = "/spec/dynamicAllocation/initialExecutors",
     .key = "spark.dynamicAllocation.initialExecutors",
     .spelling = kWhole, .condition = kDynamic},
    {.pointer = "/spec/dynamicAllocation/minExecutors",
     .key = "spark.dynamicAllocation.minExecutors", .spelling = kWhole, .condition = kDynamic},
    {.pointer = "/spec/dynamicAllocation/maxExecutors",
     .key = "spark.dynamicAllocation.maxExecutors", .spelling = kWhole, .condition = kDynamic},
    {.pointer = "/spec/dynamicAllocation/shuffleTrackingEnabled",
     .key = "spark.dynamicAllocation.shuffleTracking.enabled",
     .spelling = kBoolean, .otherwise = "true", .condition = kDynamic},
    {.pointer = "/spec/dynamicAllocation/shuffleTrackingTimeout",
     .key = "spark.dynamicAllocation.shuffleTracking.timeout",
     .spelling = kWhole, .least = -kMostLong, .most = kMostLong, .condition = kDynamic},
};
// clang-format on

constexpr std::string_view kVersions[] = {"v1beta2"};
constexpr std::string_view kMayMake[] = {"/metadata/annotations", "/spec/sparkConf", "/spec/driver",
                                         "/spec/executor"};

constexpr TouchedSettings kTouched = {SettingsTouchedInSparkApplication,
                                      ReadTouchedInSparkApplication};

}  // namespace

std::span<const Field> SparkApplicationFields() { return kFields; }

bool IsFieldSetting(std::string_view key) {
  static const policy::KeyIndex kIndex = [] {
    policy::KeyIndex index(std::size(kFields));
    for (size_t i = 0; i < std::size(kFields); ++i) index.Add(kFields[i].key, i);
    return index;
  }();
  return kIndex.Find(key, [&](size_t i) { return kFields[i].key == key; }).has_value();
}

const Kind kSparkApplication = {
    .group = "sparkoperator.k8s.io",
    .versions = kVersions,
    .kind = "SparkApplication",
    .normalise = NormaliseSparkApplication,
    .path_of = PathInSparkApplication,
    .render = RenderSparkApplication,
    .may_patch = MayPatchSparkApplication,
    .may_make = kMayMake,
    .touched = &kTouched,
};

}  // namespace ballast::k8s
