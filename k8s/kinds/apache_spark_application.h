// SparkApplication of the Apache spark-kubernetes-operator, spark.apache.org: every size is a
// setting in sparkConf. applicationTolerations.instanceConfig only says when the operator takes an
// application for healthy; it asks for no executors.
//
// The operator makes the driver's pod in its own process, with the Spark that it was built with, so
// what spark-submit checks of its arguments is checked by nobody. It takes an application with
// jars for one of the JVM, whatever else it has.
//
// Source: the operator's SparkAppSubmissionWorker and SparkAppDriverConf, after release 1.0.0.
#pragma once

#include "k8s/kinds/kind.h"

namespace ballast::k8s {

extern const Kind kApacheSparkApplication;

}  // namespace ballast::k8s
