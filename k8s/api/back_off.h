// How long to wait after a failure: longer each time, and never the same for two replicas that
// failed together.
#pragma once

#include <chrono>
#include <random>

namespace ballast::k8s {

class BackOff {
 public:
  BackOff(std::chrono::milliseconds first, std::chrono::milliseconds longest, uint64_t seed)
      : first_(first), longest_(longest), next_(first), random_(seed) {}

  // Between half of the present step and the whole of it; the step doubles up to the longest.
  std::chrono::milliseconds Next() {
    const auto step = next_;
    next_ = std::min(next_ * 2, longest_);
    std::uniform_int_distribution<int64_t> share(step.count() / 2, step.count());
    return std::chrono::milliseconds(share(random_));
  }
  void Reset() { next_ = first_; }

 private:
  std::chrono::milliseconds first_, longest_, next_;
  std::mt19937_64 random_;
};

}  // namespace ballast::k8s
