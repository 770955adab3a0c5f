// Spark's arithmetic: how large the pods of an application will be, to the MiB, and how the heap
// inside them is divided.
//
// Source: BasicDriverFeatureStep, BasicExecutorFeatureStep, ResourceProfile, UnifiedMemoryManager
// of Spark 3.3 to 4.3; held against the real classes by tests/testdata/vectors.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "policy/result.h"
#include "policy/spark_conf.h"
#include "policy/spark_version.h"
#include "policy/units.h"

namespace ballast::policy {

// What spark-submit takes the application for; it decides the overhead factor (0.1 or 0.4).
enum class Language { kJvm, kPython, kR };

// One pod as Spark asks Kubernetes for it. Whole MiB. Memory request equals memory limit, unless a
// pod template says both (given_pod.h): then the parts are what there is inside.
struct PodShape {
  ByteSize heap;
  ByteSize overhead;
  ByteSize off_heap;  // executors only: Spark never counts it in the driver's pod
  ByteSize pyspark;   // executors of Python applications only
  MilliCpu cpu;       // request
  std::optional<MilliCpu> cpu_limit;
  int64_t slots = 0;                          // tasks at once; 0 for a driver
  std::optional<ByteSize> requested = {};     // of a pod template
  std::optional<ByteSize> memory_limit = {};  // as above

  ByteSize memory() const { return requested ? *requested : heap + overhead + off_heap + pyspark; }
  bool operator==(const PodShape&) const = default;
};

// The regions of a JVM's heap, in bytes; off-heap is `off_heap` + its storage part.
struct MemoryRegions {
  int64_t system = 0;     // Runtime.maxMemory, taken as -Xmx (G1)
  int64_t reserved = 0;   // 300 MiB
  int64_t usable = 0;     // system - reserved
  int64_t unified = 0;    // usable * spark.memory.fraction
  int64_t storage = 0;    // unified * spark.memory.storageFraction
  int64_t execution = 0;  // unified - storage
  int64_t user = 0;       // usable - unified
  int64_t off_heap = 0;
  int64_t off_heap_storage = 0;

  bool operator==(const MemoryRegions&) const = default;
};

// The error is what Spark would say when it builds that pod, `where` the setting's key.
Result<PodShape> DriverShape(const SparkConf& conf, Language language, SparkVersion submit_version);
Result<PodShape> ExecutorShape(const SparkConf& conf, Language language, SparkVersion version);

// The same with a resource profile that was read before (spark_profile.h).
struct ExecutorProfile;
Result<PodShape> ExecutorShape(const SparkConf& conf, const ExecutorProfile& profile,
                               Language language, SparkVersion version);

// The factor that the driver's pod step hands on to the executors
// ("spark.kubernetes.memoryOverheadFactor").
double DefaultOverheadFactor(Language language);

// How UnifiedMemoryManager divides a heap of `system_memory` bytes; the error is its refusal.
// `driver` only chooses the error's text.
Result<MemoryRegions> RegionsOf(const SparkConf& conf, int64_t system_memory, bool driver,
                                SparkVersion version);

}  // namespace ballast::policy
