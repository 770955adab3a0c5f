// How slowly a body may come. Its bytes pay for the time until the next ones. Pure; one thread at a
// time.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "webhook/server/http_message.h"

namespace ballast::webhook {

struct BodyPaceLimits {
  std::chrono::milliseconds grace{10000};  // a body is never too slow before that
  // And must come at this rate after it. What came faster pays for later silence, but for no more
  // than another grace: or 7 MiB sent at once would pay for two hours.
  int64_t bytes_per_second = 1024;
  std::chrono::milliseconds total{30000};  // at whatever rate: no API server waits longer
};

class BodyPace {
 public:
  void Begin(const BodyPaceLimits& limits, Clock::time_point now) {
    limits_ = limits;
    end_ = now + limits.total;
    paid_until_ = now + limits.grace;
  }

  void Added(size_t bytes, Clock::time_point now) {
    const std::chrono::microseconds paid(static_cast<int64_t>(bytes) * 1'000'000 /
                                         limits_.bytes_per_second);
    paid_until_ = std::min(paid_until_ + paid, now + limits_.grace);
  }

  // When the body is too slow if nothing more comes.
  Clock::time_point deadline() const { return std::min(end_, paid_until_); }

 private:
  BodyPaceLimits limits_;
  Clock::time_point end_;
  Clock::time_point paid_until_;
};

}  // namespace ballast::webhook
