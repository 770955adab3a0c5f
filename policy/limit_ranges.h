// What a namespace's LimitRanges make of a pod: the defaults that they add, and what the API server
// then refuses.
//
// Source: k8s.io/kubernetes plugin/pkg/admission/limitranger.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/namespace_state.h"
#include "policy/pod_ask.h"
#include "policy/volume_claims.h"

namespace ballast::policy {

// Adds the defaults to the pod's containers, then holds containers and pod against every
// LimitRange. One text for each breach, empty where the pod is let in; `role` is "driver" or
// "executor".
std::vector<std::string> ApplyLimitRanges(std::string_view role,
                                          const std::vector<LimitRange>& ranges, PodAsk& pod);

// The same for the volume claims that are made for the pod.
std::vector<std::string> CheckClaimSizes(std::string_view role,
                                         const std::vector<LimitRange>& ranges,
                                         const VolumeClaims& claims);

}  // namespace ballast::policy
