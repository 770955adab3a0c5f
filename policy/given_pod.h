// A pod whose template says how large it is, because no Spark makes it: the server of a
// SparkConnect, the masters and workers of a SparkCluster. Spark's arithmetic has no part in it.
#pragma once

#include <cstdint>
#include <optional>

#include "policy/spark_memory.h"
#include "policy/units.h"

namespace ballast::policy {

// What Spark's container in the template asks for. Where only a limit is written, Kubernetes
// requests the limit; where nothing is, nothing is requested.
struct GivenPod {
  std::optional<ByteSize> memory_request = {};
  std::optional<ByteSize> memory_limit = {};
  std::optional<MilliCpu> cpu_request = {};
  std::optional<MilliCpu> cpu_limit = {};
  // What Spark may use of it for its own, where no setting says it: a worker's memory for
  // executors, a master's heap.
  std::optional<ByteSize> heap = {};
  int64_t slots = 0;  // of a worker: the cores that it offers

  bool operator==(const GivenPod&) const = default;
};

// The pod with a heap of this size in it; what the heap leaves of the request is overhead.
PodShape ShapeOf(const GivenPod& given, ByteSize heap);

}  // namespace ballast::policy
