#include "policy/application_share.h"

#include <algorithm>

#include "policy/describe_pod.h"
#include "policy/print_value.h"
#include "policy/share.h"

namespace ballast::policy {
namespace {

std::string Percent(double share) { return PrintPercent(share) + " %"; }

// `because` makes the text, which is mostly not wanted.
template <typename Because>
void Lower(AllowedExecutors& allowed, int64_t executors, const Because& because) {
  executors = std::max<int64_t>(executors, 0);
  if (executors >= allowed.executors) return;
  allowed = {executors, because()};
}

// How many of `each` stay within the share of `total` beside the driver.
int64_t Within(int64_t total, double share, int64_t driver, int64_t each) {
  return each <= 0 ? kMostExecutors : (ShareOf(total, share) - driver) / each;
}

}  // namespace

AllowedExecutors MostAllowed(const ApplicationLimits& limits, const EligibleNodes& nodes,
                             const PodShape& driver, const PodExtras& driver_extras,
                             const PodShape& executor, const PodExtras& executor_extras) {
  AllowedExecutors allowed;
  if (limits.executors.max) {
    Lower(allowed, *limits.executors.max, [] { return std::string("the policy's most"); });
  }
  const bool known = nodes.known() && !nodes.groups.empty();
  if (known && limits.memory_share) {
    const ByteSize total = nodes.memory();
    Lower(allowed,
          Within(total.bytes(), *limits.memory_share, PodMemory(driver, driver_extras).bytes(),
                 PodMemory(executor, executor_extras).bytes()),
          [&] { return Percent(*limits.memory_share) + " of the nodes' " + DescribeSize(total); });
  }
  if (known && limits.cpu_share) {
    const MilliCpu total = nodes.cpu();
    Lower(allowed,
          Within(total.millis(), *limits.cpu_share, PodCpu(driver, driver_extras).millis(),
                 PodCpu(executor, executor_extras).millis()),
          [&] { return Percent(*limits.cpu_share) + " of the nodes' " + DescribeCpu(total); });
  }
  if (known && limits.pod_share) {
    const int64_t total = nodes.pods();
    Lower(allowed, Within(total, *limits.pod_share, 1, 1), [&] {
      return Percent(*limits.pod_share) + " of the nodes' " + std::to_string(total) +
             " places for pods";
    });
  }
  if (limits.executors.min) {
    allowed.executors = std::max(allowed.executors, *limits.executors.min);
  }
  return allowed;
}

}  // namespace ballast::policy
