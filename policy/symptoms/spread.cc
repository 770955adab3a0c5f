#include "policy/symptoms/spread.h"

#include <algorithm>
#include <bit>

#include "policy/units.h"

namespace ballast::policy {
namespace {

constexpr int kStepBits = 5;  // 32 buckets for each doubling

// Buckets grow with the value, so that each is at most 1/32 of it wide.
uint16_t BucketOf(int64_t value) {
  const auto number = static_cast<uint64_t>(value);
  if (number < (1U << kStepBits)) return static_cast<uint16_t>(number);
  const int doubling = static_cast<int>(std::bit_width(number)) - 1 - kStepBits;
  const uint64_t step = (number >> doubling) - (1U << kStepBits);
  return static_cast<uint16_t>(((doubling + 1) << kStepBits) + static_cast<int>(step));
}

// The least value of a bucket.
int64_t ValueOf(uint16_t bucket) {
  const int doubling = (bucket >> kStepBits) - 1;
  if (doubling < 0) return bucket;
  const uint64_t step = bucket & ((1U << kStepBits) - 1);
  return static_cast<int64_t>(((1U << kStepBits) + step) << doubling);
}

}  // namespace

void SpreadGatherer::Add(int64_t value) {
  value = std::max<int64_t>(value, 0);
  least_ = count_ == 0 ? value : std::min(least_, value);
  most_ = std::max(most_, value);
  sum_ = SaturatingAdd(sum_, value);
  ++count_;
  if (buckets_.empty() && exact_.size() < kExact) {
    exact_.push_back(value);
    return;
  }
  for (const int64_t kept : exact_) ++buckets_[BucketOf(kept)];
  exact_.clear();
  ++buckets_[BucketOf(value)];
}

int64_t SpreadGatherer::Quantile(double share) const {
  if (count_ == 0) return 0;
  const auto position = static_cast<int64_t>(share * static_cast<double>(count_ - 1));
  if (buckets_.empty()) {
    std::vector<int64_t> sorted = exact_;
    std::sort(sorted.begin(), sorted.end());
    return sorted[static_cast<size_t>(position)];
  }
  int64_t before = 0;
  for (const auto& [bucket, held] : buckets_) {
    before += held;
    if (before > position) return std::clamp(ValueOf(bucket), least_, most_);
  }
  return most_;
}

Spread SpreadGatherer::Summary() const {
  return {.count = count_,
          .sum = sum_,
          .least = least_,
          .median = Quantile(0.5),
          .p95 = Quantile(0.95),
          .most = most_};
}

}  // namespace ballast::policy
