// The volumes that Spark mounts into its pods ("spark.kubernetes.executor.volumes.emptyDir.a.
// mount.path"): what it refuses of them.
//
// Source: KubernetesVolumeUtils and MountVolumesFeatureStep of Spark 3.3 to 4.3.
#pragma once

#include <optional>
#include <string_view>

#include "policy/result.h"
#include "policy/spark_conf.h"
#include "policy/spark_version.h"

namespace ballast::policy {

inline constexpr std::string_view kDriverVolumes = "spark.kubernetes.driver.volumes.";
inline constexpr std::string_view kExecutorVolumes = "spark.kubernetes.executor.volumes.";

// What is written of those under a prefix, of the first 256; nullopt where Spark can read it.
std::optional<Error> CheckVolumes(const SparkConf& conf, std::string_view prefix,
                                  SparkVersion version);
// The same, and that they can be mounted into one pod.
std::optional<Error> CheckMounts(const SparkConf& conf, std::string_view prefix,
                                 SparkVersion version);

}  // namespace ballast::policy
