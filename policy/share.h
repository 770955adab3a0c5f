// A share of a whole number, exact for shares as people write them (70 %, 29 %, 12.5 %).
//
// No double is 0.7, so that 70 % of 100 would be 69.99 and lose one. A share counts as the
// billionths that are nearest to it, and what is printed is what was counted with.
#pragma once

#include <cstdint>
#include <string>

namespace ballast::policy {

// Rounded down; `share` from 0 to 1, where less than none (and NaN) is none and more is all.
int64_t ShareOf(int64_t whole, double share);

// In percent, without the sign: "29", "12.5".
std::string PrintPercent(double share);

}  // namespace ballast::policy
