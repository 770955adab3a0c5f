#include "policy/overhead_floor.h"

#include <limits>

namespace ballast::policy {

ByteSize OverheadFloor::Of(ByteSize heap) const {
  const double mebibytes = factor * static_cast<double>(heap.mebibytes());
  constexpr double kMost = std::numeric_limits<int32_t>::max();  // Scala's Double.toInt saturates
  return Mebibytes(static_cast<int64_t>(mebibytes < kMost ? mebibytes : kMost));
}

OverheadFloor ExecutorOverheadFloor(const OverheadLimits& limits, Language language,
                                    const PodShape& shape) {
  const bool set = limits.min || limits.min_non_jvm;
  const double jvm = limits.min.value_or(DefaultOverheadFactor(Language::kJvm));
  if (language == Language::kJvm || shape.pyspark > ByteSize()) {
    return {jvm, limits.min.has_value()};
  }
  return {limits.min_non_jvm.value_or(DefaultOverheadFactor(language)), set};
}

}  // namespace ballast::policy
