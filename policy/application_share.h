// The most executors that a policy leaves to one application.
#pragma once

#include <cstdint>
#include <string>

#include "policy/capacity.h"
#include "policy/executor_settings.h"
#include "policy/policy.h"
#include "policy/workload.h"

namespace ballast::policy {

struct AllowedExecutors {
  int64_t executors = kMostExecutors;
  std::string because;  // the limit that leaves no more: "80 % of the nodes' 1312 cores"
};

// Of these pods on these nodes; 0 where the driver and one executor are too much.
AllowedExecutors MostAllowed(const ApplicationLimits& limits, const EligibleNodes& nodes,
                             const PodShape& driver, const PodExtras& driver_extras,
                             const PodShape& executor, const PodExtras& executor_extras);

}  // namespace ballast::policy
