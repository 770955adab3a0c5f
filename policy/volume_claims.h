// Persistent volume claims that Spark makes for a pod, from its settings.
//
// Source: MountVolumesFeatureStep of Spark 3.3 to 4.3: a claim called OnDemand is made, of the size
// and class that its settings say.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/namespace_state.h"
#include "policy/spark_conf.h"

namespace ballast::policy {

struct VolumeClaim {
  std::string volume;  // the name in the settings' keys
  std::string storage_class;
  int64_t bytes = 0;
};

struct VolumeClaims {
  int64_t count = 0;               // of all, also those whose size is not known here
  std::vector<VolumeClaim> sized;  // those whose size is
};

// `role` is "driver" or "executor"; `at_least` is how many are known to be made from elsewhere.
VolumeClaims ReadVolumeClaims(const SparkConf& conf, std::string_view role, int64_t at_least = 0);

// What the claims use of a quota: "persistentvolumeclaims", "requests.storage" and the same of each
// storage class.
Amounts QuotaUse(const VolumeClaims& claims);

}  // namespace ballast::policy
