// How many bytes all connections together may hold. Any thread; a taker gives back what it took.
#pragma once

#include <atomic>
#include <cstdint>

namespace ballast::webhook {

class ByteBudget {
 public:
  explicit ByteBudget(int64_t limit) : limit_(limit) {}

  // False, and nothing taken, where less than `kept` bytes would be left of the limit; not even for
  // a moment, in which others would be refused what there is room for.
  bool Take(int64_t bytes, int64_t kept = 0) {
    int64_t used = used_.load(std::memory_order_relaxed);
    do {
      if (used + bytes > limit_ - kept) return false;
    } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
    return true;
  }
  void Give(int64_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }
  int64_t used() const { return used_.load(std::memory_order_relaxed); }

 private:
  const int64_t limit_;
  std::atomic<int64_t> used_{0};
};

}  // namespace ballast::webhook
