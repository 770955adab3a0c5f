// SparkApplication of the kubeflow spark-operator, sparkoperator.k8s.io/v1beta2.
//
// Source: the operator's submission.go (which field becomes which setting, and what beats what),
// defaults.go and sparkpod_defaulter.go (what its webhooks add), release 2.5.2.
#pragma once

#include <string_view>

#include "k8s/kinds/application_layout.h"
#include "k8s/kinds/kind.h"

namespace ballast::k8s {

extern const Kind kSparkApplication;

// A SparkApplicationSpec that stands at `spec`.
LayoutParts SparkApplicationParts(std::string_view spec);

}  // namespace ballast::k8s
