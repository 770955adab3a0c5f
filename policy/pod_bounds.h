// What bounds a rewrite besides the policy: limits of the pods that the user wrote somewhere else
// than their requests, and the heap that the driver's JVM is told to start with.
#pragma once

#include <string>
#include <vector>

#include "policy/spark_conf.h"
#include "policy/workload.h"

namespace ballast::policy {

// The changes that raise written limits of memory and cpu to what `changes` make the pods request:
// the API server refuses a limit below the request. Empty where no request rises over its limit.
std::vector<SettingChange> LimitsThatRise(const Workload& workload,
                                          const std::vector<SettingChange>& changes);

// Why a pod would not be made or its JVM not start because of `changes`: a cpu limit of the pod
// template that a request rises over, or a driver's heap lowered under the one that it starts with.
// Empty where neither is so.
std::string WhyPodsFail(const Workload& workload, const std::vector<SettingChange>& changes);

}  // namespace ballast::policy
