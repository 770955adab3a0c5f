#include "policy/totals.h"

namespace ballast::policy {

std::optional<Totals> TotalsOf(const Workload& workload) {
  const auto& sizes = workload.sizes;
  if (!sizes.driver.ok() || !sizes.executor.ok() || !sizes.executors.ok()) return std::nullopt;
  const int64_t most = sizes.executors->most();
  return Totals{PodMemory(*sizes.driver, workload.driver_extras) +
                    PodMemory(*sizes.executor, workload.executor_extras) * most,
                PodCpu(*sizes.driver, workload.driver_extras) +
                    PodCpu(*sizes.executor, workload.executor_extras) * most};
}

}  // namespace ballast::policy
