// The ConfigMap that is made for a driver in cluster mode, by spark-submit as
// `spark-drv-<hex>-conf-map`, by Apache's operator as `<application's id>-spark-drv-conf-map`, with
// every setting of the application in the Java properties file `spark.properties`. The driver
// reads it when it starts and makes its executors by it, so what is written here reaches all of
// them; of the driver's own pod, which is there already, only the heap follows from it.
//
// Source: KubernetesClientApplication and KubernetesClientUtils of Spark 3.5.6 and 4.1.1, and what
// 3.5.9 and 4.3.0 were seen to send; SparkAppDriverConf of Apache's operator.
#pragma once

#include <string>
#include <string_view>

#include "k8s/kinds/kind.h"

namespace ballast::k8s {

extern const Kind kDriverConfigMap;

inline constexpr std::string_view kSparkProperties = "/data/spark.properties";

// Whether a ConfigMap of this name may be one of these. No other one is ever looked into.
bool IsDriverConfigMapName(std::string_view name);

policy::Result<policy::Workload> NormaliseDriverConfigMap(JsonView object,
                                                          const ReadOptions& options);
Patch RenderDriverConfigMap(JsonView object, const policy::Workload& before,
                            const policy::Workload& after);

// The label that Spark makes of an application's name.
std::string AppNameLabel(std::string_view app_name);

}  // namespace ballast::k8s
