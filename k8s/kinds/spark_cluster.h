// SparkCluster of the Apache spark-kubernetes-operator, spark.apache.org: a master and workers that
// stay, each a StatefulSet whose template says what a pod asks for. Workers are counted by
// clusterTolerations.instanceConfig: so many at first, and an autoscaler between the bounds where
// they differ.
//
// sparkConf goes to the daemons as Java properties. What it says of executors is for applications,
// which come later with settings of their own, so none of it is judged here.
//
// Source: the operator's SparkClusterResourceSpec, after release 1.0.0; sbin/start-worker.sh and
// WorkerArguments of Spark for what decides a worker's memory and cores.
#pragma once

#include "k8s/kinds/kind.h"

namespace ballast::k8s {

extern const Kind kSparkCluster;

}  // namespace ballast::k8s
