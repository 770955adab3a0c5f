// What all pods of an application ask for together.
#pragma once

#include <optional>

#include "policy/units.h"
#include "policy/workload.h"

namespace ballast::policy {

struct Totals {
  ByteSize memory;
  MilliCpu cpu;  // requests

  bool operator==(const Totals&) const = default;
};

// The driver and the most executors, with their sidecars; nullopt where a size is not known.
std::optional<Totals> TotalsOf(const Workload& workload);

}  // namespace ballast::policy
