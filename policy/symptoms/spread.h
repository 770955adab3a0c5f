// How a number is spread over many tasks: exact for few of them, within 1/32 for any number of
// them, in memory that does not grow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace ballast::policy {

// What is kept of a distribution when it is done.
struct Spread {
  int64_t count = 0;
  int64_t sum = 0;
  int64_t least = 0;
  int64_t median = 0;  // of an even count the lower one
  int64_t p95 = 0;
  int64_t most = 0;

  bool operator==(const Spread&) const = default;
};

// Gathers a distribution of numbers that are not negative (a negative one counts as 0).
class SpreadGatherer {
 public:
  void Add(int64_t value);
  // The value that `share` (0..1) of all are not above.
  int64_t Quantile(double share) const;
  Spread Summary() const;
  int64_t count() const { return count_; }

 private:
  static constexpr size_t kExact = 64;  // up to so many values are kept as they are

  std::vector<int64_t> exact_;
  std::map<uint16_t, int64_t> buckets_;  // bucket -> how many, once there are more
  int64_t count_ = 0;
  int64_t sum_ = 0;
  int64_t least_ = 0;
  int64_t most_ = 0;
};

}  // namespace ballast::policy
