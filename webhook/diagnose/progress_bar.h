// How far a long work is, on a terminal.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace ballast::webhook {

// Draws on standard error, where that is a terminal and the work takes over a second. Many threads
// may advance it at once.
class ProgressBar {
 public:
  explicit ProgressBar(uint64_t total);
  ~ProgressBar();  // takes the bar away
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void Advance(size_t by);

 private:
  const bool shown_;
  const uint64_t total_;
  std::mutex mutex_;
  uint64_t done_ = 0;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace ballast::webhook
