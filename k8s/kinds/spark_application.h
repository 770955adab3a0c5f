// SparkApplication of the kubeflow spark-operator, sparkoperator.k8s.io/v1beta2.
//
// Source: the operator's submission.go (which field becomes which setting, and what beats what),
// defaults.go and sparkpod_defaulter.go (what its webhooks add), release 2.5.2.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "k8s/kinds/field.h"
#include "k8s/kinds/kind.h"

namespace ballast::k8s {

extern const Kind kSparkApplication;

// Every number of a SparkApplicationSpec that decides a size or a setting, in order of pointers'
// parents (spec, driver, executor, dynamicAllocation).
std::span<const Field> SparkApplicationFields();

// The operator looks up a key that Spark does not know (a lower-case "a"), so that dynamic
// allocation in sparkConf still gets one instance.
inline constexpr std::string_view kMisspelledDynamic = "spark.dynamicallocation.enabled";

// Whether a field of the table is kept under this key.
bool IsFieldSetting(std::string_view key);

policy::Result<policy::Workload> NormaliseSparkApplication(JsonView object,
                                                           const ReadOptions& options);
std::string PathInSparkApplication(JsonView object, std::string_view key);
Patch RenderSparkApplication(JsonView object, const policy::Workload& before,
                             const policy::Workload& after);
bool MayPatchSparkApplication(std::string_view path);
std::optional<std::vector<std::string>> SettingsTouchedInSparkApplication(const Patch& patch);
policy::Result<policy::SparkConf> ReadTouchedInSparkApplication(
    JsonView object, const ReadOptions& options, const std::vector<std::string>& keys);

}  // namespace ballast::k8s
