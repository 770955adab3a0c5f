// SparkConnect of the kubeflow spark-operator, sparkoperator.k8s.io/v1alpha1: a server that stays,
// and its executors.
//
// The operator makes the server's pod of its template and starts Spark in it in client mode, so
// Spark's arithmetic sizes the executors alone; what the server is said to have of cores and memory
// becomes spark.driver.cores and spark.driver.memory and changes nothing of its pod. Nothing is
// filled in: what is left out is Spark's own default (two executors).
//
// Source: the operator's internal/controller/sparkconnect, release 2.5.2.
#pragma once

#include "k8s/kinds/kind.h"

namespace ballast::k8s {

extern const Kind kSparkConnect;

}  // namespace ballast::k8s
