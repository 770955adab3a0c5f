// How numbers are written into settings and messages.
#pragma once

#include <cstdint>
#include <string>

#include "policy/units.h"

namespace ballast::policy {

// The shortest text that reads back to the same number: "0.1", "40".
std::string PrintNumber(double value);

// A size in Spark's spelling and to the byte: "8g", "1536m", "10k", "10000b". PrintSparkSize rounds
// up to the MiB, which would exceed a maximum.
std::string PrintExactSize(ByteSize size);

// For people: "64 MiB", "1.5 GiB", "1000 bytes".
std::string DescribeSize(ByteSize size);

}  // namespace ballast::policy
