// The default resource profile: the cores, memory parts and other resources that Spark asks for
// each executor, and how many tasks run in one at once.
//
// Source: org.apache.spark.resource.ResourceProfile and ResourceUtils of Spark 3.3 to 4.3.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/result.h"
#include "policy/spark_conf.h"
#include "policy/spark_version.h"

namespace ballast::policy {

// A resource that is neither memory nor cpu (spark.executor.resource.gpu.amount). The names view
// the conf.
struct CustomResource {
  std::string_view name;                   // "gpu"
  int64_t amount = 0;                      // a whole number of at least one
  std::optional<std::string_view> vendor;  // "nvidia.com"
};
struct TaskResource {
  std::string_view name;
  double amount = 0;  // 0.25: four tasks share one
};

struct ExecutorProfile {
  int64_t cores = 0;
  int64_t heap_mib = 0;
  int64_t off_heap_mib = 0;
  std::optional<int64_t> overhead_mib;  // as written; nullopt: Spark computes it
  int64_t pyspark_mib = 0;              // as written, whatever the language
  int64_t task_cpus_billionths = 0;
  std::vector<CustomResource> resources;     // those named like parts of the profile, too
  std::vector<TaskResource> task_resources;  // without the cpus, which are a task's cpus

  // What tasks share, where a resource named "cores" says another number than the pod's.
  int64_t TaskCores() const;
};

// The custom resources asked for under a prefix such as "spark.driver.resource."; those of which
// none is wanted are left out.
Result<std::vector<CustomResource>> ReadCustomResources(const SparkConf& conf,
                                                        std::string_view prefix);
// Kubernetes names a resource by its vendor: the error where one has none. An empty one will do
// for the driver.
std::optional<Error> MissingVendor(const std::vector<CustomResource>& resources,
                                   std::string_view prefix);

inline constexpr std::string_view kDriverResourcePrefix = "spark.driver.resource.";
inline constexpr std::string_view kExecutorResourcePrefix = "spark.executor.resource.";

// The profile, or why Spark cannot build it.
Result<ExecutorProfile> ReadExecutorProfile(const SparkConf& conf, SparkVersion version);

// How many tasks one executor runs at once; the error is Spark's reason to run none.
Result<int64_t> TaskSlots(const ExecutorProfile& profile);

}  // namespace ballast::policy
