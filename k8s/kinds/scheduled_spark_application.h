// ScheduledSparkApplication of the kubeflow spark-operator, sparkoperator.k8s.io/v1beta2: its
// spec.template is a SparkApplicationSpec, of which the operator makes a SparkApplication at each
// time of the schedule.
//
// The operator's webhook fills in nothing here; it does when the child is created. So what is left
// out is read as the child will have it, and the child of a template that conforms conforms: it is
// judged when it comes, and nothing is left to do.
//
// Source: the operator's scheduledsparkapplication controller and webhook, release 2.5.2.
#pragma once

#include "k8s/kinds/kind.h"

namespace ballast::k8s {

extern const Kind kScheduledSparkApplication;

}  // namespace ballast::k8s
