// What bounds a rewrite besides the policy: limits of the pods that the user wrote somewhere else
// than their requests.
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

// Why a pod would not be made because of `changes`: a cpu limit of the pod template that a request
// rises over. Empty where it would.
std::string WhyPodsFail(const Workload& workload, const std::vector<SettingChange>& changes);

}  // namespace ballast::policy
