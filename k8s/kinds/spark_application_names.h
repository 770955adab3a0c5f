// The fields of a SparkApplicationSpec of the kubeflow spark-operator, which two kinds hold.
//
// Source: the operator's own definitions, release 2.5.2.
#pragma once

#include <string_view>

#include "k8s/kinds/field_names.h"

namespace ballast::k8s {

inline constexpr std::string_view kSparkApplicationNames[] = {"arguments",
                                                              "batchScheduler",
                                                              "batchSchedulerOptions",
                                                              "deps",
                                                              "driver",
                                                              "driverIngressOptions",
                                                              "dynamicAllocation",
                                                              "executor",
                                                              "failureRetries",
                                                              "hadoopConf",
                                                              "hadoopConfigMap",
                                                              "image",
                                                              "imagePullPolicy",
                                                              "imagePullSecrets",
                                                              "mainApplicationFile",
                                                              "mainClass",
                                                              "memoryOverheadFactor",
                                                              "mode",
                                                              "monitoring",
                                                              "nodeSelector",
                                                              "proxyUser",
                                                              "pythonVersion",
                                                              "restartPolicy",
                                                              "retryInterval",
                                                              "sparkConf",
                                                              "sparkConfigMap",
                                                              "sparkUIOptions",
                                                              "sparkVersion",
                                                              "suspend",
                                                              "timeToLiveSeconds",
                                                              "type",
                                                              "volumes"};

// Of both roles.
inline constexpr std::string_view kSparkPodNames[] = {"affinity",
                                                      "annotations",
                                                      "configMaps",
                                                      "coreLimit",
                                                      "coreRequest",
                                                      "cores",
                                                      "dnsConfig",
                                                      "env",
                                                      "envFrom",
                                                      "envSecretKeyRefs",
                                                      "envVars",
                                                      "gpu",
                                                      "hostAliases",
                                                      "hostNetwork",
                                                      "image",
                                                      "initContainers",
                                                      "javaOptions",
                                                      "labels",
                                                      "lifecycle",
                                                      "memory",
                                                      "memoryLimit",
                                                      "memoryOverhead",
                                                      "nodeSelector",
                                                      "podSecurityContext",
                                                      "ports",
                                                      "priorityClassName",
                                                      "schedulerName",
                                                      "secrets",
                                                      "securityContext",
                                                      "serviceAccount",
                                                      "shareProcessNamespace",
                                                      "sidecars",
                                                      "template",
                                                      "terminationGracePeriodSeconds",
                                                      "tolerations",
                                                      "volumeMounts"};

inline constexpr std::string_view kSparkDriverOwnNames[] = {"kubernetesMaster", "podName",
                                                            "serviceAnnotations", "serviceLabels"};
inline constexpr std::string_view kSparkExecutorOwnNames[] = {"deleteOnTermination", "instances"};
inline constexpr auto kSparkDriverNames = Joined(kSparkPodNames, kSparkDriverOwnNames);
inline constexpr auto kSparkExecutorNames = Joined(kSparkPodNames, kSparkExecutorOwnNames);

}  // namespace ballast::k8s
