#include "policy/share.h"

#include <cmath>

#include "policy/print_value.h"
#include "policy/units.h"

namespace ballast::policy {
namespace {

constexpr int64_t kBillion = 1'000'000'000;

int64_t Billionths(double share) {
  if (!(share > 0)) return 0;
  if (share >= 1) return kBillion;
  return std::llround(share * 1e9);
}

}  // namespace

int64_t ShareOf(int64_t whole, double share) {
  return static_cast<int64_t>(static_cast<Int128>(whole) * Billionths(share) / kBillion);
}

std::string PrintPercent(double share) {
  return PrintNumber(static_cast<double>(Billionths(share)) / 1e7);
}

}  // namespace ballast::policy
