// An executor's pod, which a running driver asks for. It is looked at and never changed in size,
// nor refused: its driver would ask again, for ever or until it gives the job up.
//
// Source: BasicExecutorFeatureStep of Spark 3.5.6 and 4.1.1, and what 3.5.9 and 4.3.0 were seen to
// send.
#pragma once

#include <string_view>

#include "k8s/kinds/kind.h"

namespace ballast::k8s {

extern const Kind kExecutorPod;

// What is written on a pod whose sizes are not what they should be: a label by which the leader
// finds it, and an annotation that says why.
inline constexpr std::string_view kMismatchKey = "ballast.dev/mismatch";

policy::Result<policy::Workload> NormaliseExecutorPod(JsonView object, const ReadOptions& options);

}  // namespace ballast::k8s
