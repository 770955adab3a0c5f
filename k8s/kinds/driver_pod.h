// The driver's pod, as spark-submit makes it in cluster mode: the first thing of an application
// that Kubernetes sees. Its settings follow in a ConfigMap (driver_config_map.h); here stand the
// sizes of the container, which nobody can change later, and where the pod may run.
//
// Source: BasicDriverFeatureStep and KubernetesClientApplication of Spark 3.5.6 and 4.1.1, and what
// 3.5.9 and 4.3.0 were seen to send.
#pragma once

#include <string_view>

#include "k8s/kinds/kind.h"

namespace ballast::k8s {

extern const Kind kDriverPod;

policy::Result<policy::Workload> NormaliseDriverPod(JsonView object, const ReadOptions& options);
Patch RenderDriverPod(JsonView object, const policy::Workload& before,
                      const policy::Workload& after);
bool MayPatchDriverPod(std::string_view path);

}  // namespace ballast::k8s
