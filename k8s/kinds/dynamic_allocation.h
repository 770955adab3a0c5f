// dynamicAllocation as the kubeflow spark-operator has it in several kinds.
#pragma once

#include <limits>
#include <string_view>

#include "k8s/kinds/field.h"

namespace ballast::k8s {

// clang-format off
inline constexpr Field kDynamicAllocationFields[] = {
    {.pointer = "/spec/dynamicAllocation/enabled", .key = "spark.dynamicAllocation.enabled",
     .spelling = Spelling::kBoolean, .condition = Condition::kDynamicField},
    {.pointer = "/spec/dynamicAllocation/initialExecutors",
     .key = "spark.dynamicAllocation.initialExecutors",
     .spelling = Spelling::kWhole, .condition = Condition::kDynamicField},
    {.pointer = "/spec/dynamicAllocation/minExecutors",
     .key = "spark.dynamicAllocation.minExecutors",
     .spelling = Spelling::kWhole, .condition = Condition::kDynamicField},
    {.pointer = "/spec/dynamicAllocation/maxExecutors",
     .key = "spark.dynamicAllocation.maxExecutors",
     .spelling = Spelling::kWhole, .condition = Condition::kDynamicField},
    {.pointer = "/spec/dynamicAllocation/shuffleTrackingEnabled",
     .key = "spark.dynamicAllocation.shuffleTracking.enabled",
     .spelling = Spelling::kBoolean, .otherwise = "true", .condition = Condition::kDynamicField},
    {.pointer = "/spec/dynamicAllocation/shuffleTrackingTimeout",
     .key = "spark.dynamicAllocation.shuffleTracking.timeout",
     .spelling = Spelling::kWhole, .least = -std::numeric_limits<int64_t>::max(),
     .most = std::numeric_limits<int64_t>::max(), .condition = Condition::kDynamicField},
};
// clang-format on

inline constexpr std::string_view kDynamicAllocationNames[] = {
    "enabled",      "initialExecutors",       "maxExecutors",
    "minExecutors", "shuffleTrackingEnabled", "shuffleTrackingTimeout"};

}  // namespace ballast::k8s
