// How many partitions fit a shuffle.
#pragma once

#include <algorithm>

#include "policy/symptoms/application_run.h"

namespace ballast::policy {

inline constexpr ByteSize kTargetPartition = Mebibytes(128);

// `bytes` over partitions of 128 MiB, but at least two for each slot.
inline int64_t FittingPartitions(ByteSize bytes, int64_t slots) {
  const int64_t target = kTargetPartition.bytes();
  const int64_t by_size = bytes.bytes() / target + (bytes.bytes() % target == 0 ? 0 : 1);
  return std::max<int64_t>({by_size, 2 * slots, 1});
}

}  // namespace ballast::policy
