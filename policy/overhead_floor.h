// The least memory overhead of a pod, as a factor of its heap. The rule memory-overhead raises to
// it, and the split keeps its candidates above it.
#pragma once

#include "policy/policy.h"
#include "policy/spark_memory.h"
#include "policy/units.h"

namespace ballast::policy {

struct OverheadFloor {
  double factor = 0;
  bool from_policy = false;  // else Spark's own factor for the language, an opinion

  // Whole MiB, rounded down as Spark rounds factor * heap.
  ByteSize Of(ByteSize heap) const;
};

// For the executor's pod, and with applyTo: All for the driver's. PySpark memory in the shape lifts
// the higher factor of Python and R: its workers are counted by themselves then.
OverheadFloor ExecutorOverheadFloor(const OverheadLimits& limits, Language language,
                                    const PodShape& shape);

}  // namespace ballast::policy
