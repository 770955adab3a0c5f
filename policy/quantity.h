// Kubernetes quantities ("39Gi", "40894464Ki", "1e3", "100m", "7910m"), exactly. Spark's sizes have
// a grammar of their own: spark_size.h.
//
// Source: k8s.io/apimachinery/pkg/api/resource. A value is rounded up to the unit that it is read
// into (away from zero), as Kubernetes does (Quantity.Value, Quantity.MilliValue), and saturates at
// int64. Any length of text is read in linear time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "policy/result.h"
#include "policy/units.h"

namespace ballast::policy {

Result<ByteSize> ParseMemoryQuantity(std::string_view text);  // whole bytes
Result<MilliCpu> ParseCpuQuantity(std::string_view text);     // thousandths of a core
Result<int64_t> ParseCountQuantity(std::string_view text);    // whole things: pods, GPUs

// "39Gi", "1408Mi", "1000Ki", "999": the largest unit that is exact.
std::string PrintMemoryQuantity(ByteSize size);
// "4", "1500m".
std::string PrintCpuQuantity(MilliCpu cpu);

}  // namespace ballast::policy
