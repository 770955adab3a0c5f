// The memory limit of a pod that the kubeflow operator takes beside Spark's settings (memoryLimit).
#pragma once

#include <optional>
#include <string_view>

#include "policy/units.h"

namespace ballast::policy {

// "4g" and "4gb" are 4 GiB as Spark writes it, since the operator turns k, m, g, t and p into Ki,
// Mi, Gi, Ti and Pi; anything else is a Kubernetes quantity ("4Gi"). nullopt where it is neither,
// and of a suffix in capitals ("4G"), of which the operator makes what is no quantity.
std::optional<ByteSize> ParseMemoryLimit(std::string_view text);

}  // namespace ballast::policy
