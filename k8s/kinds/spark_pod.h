// What the pods of a driver and of an executor have in common: Spark's own container among others,
// and where the pod may run.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "k8s/json_view.h"
#include "k8s/kinds/kind.h"
#include "policy/result.h"
#include "policy/units.h"
#include "policy/workload.h"

namespace ballast::k8s {

// One pod as it was read. The views live as long as the object.
struct SparkPod {
  policy::Workload workload;  // which object, its labels, the Spark that made it
  policy::PodExtras extras;
  policy::Placement placement;
  JsonView container;   // Spark's own
  std::string pointer;  // of that: "/spec/containers/0"

  // Of Spark's container. Where only a limit is written it is the request, as for Kubernetes, and
  // no limit by itself.
  policy::ByteSize memory;
  policy::MilliCpu cpu;
  std::optional<policy::MilliCpu> cpu_limit;
};

// `container` is the name of Spark's own, which is the first where none is called so.
policy::Result<SparkPod> ReadSparkPod(JsonView object, std::string_view container,
                                      const ReadOptions& options);

// Whether the pod's label says that it has this role: "driver", "executor".
bool HasSparkRole(JsonView object, std::string_view role);

// The whole MiB that a container's memory takes, as Spark would write it: "1408m".
std::string MebibyteText(policy::ByteSize size);

}  // namespace ballast::k8s
