// SparkApplication of the kubeflow spark-operator, sparkoperator.k8s.io/v1beta2.
//
// Source: the operator's submission.go (which field becomes which setting, and what beats what),
// defaults.go and sparkpod_defaulter.go (what its webhooks add), release 2.5.2.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "k8s/kinds/field.h"
#include "k8s/kinds/kind.h"

namespace ballast::k8s {

extern const Kind kSparkApplication;

// Every number of a SparkApplicationSpec that decides a size or a setting, in order of pointers'
// parents (spec, driver, executor, dynamicAllocation).
std::span<const Field> SparkApplicationFields();

policy::Result<policy::Workload> NormaliseSparkApplication(JsonView object,
                                                           const ReadOptions& options);
std::string PathInSparkApplication(JsonView object, std::string_view key);
Patch RenderSparkApplication(JsonView object, const policy::Workload& before,
                             const policy::Workload& after);
bool MayPatchSparkApplication(std::string_view path);

}  // namespace ballast::k8s
