// The memory that the decompressors of one file take, so that what files ask for, several being
// read at once, stays within a bound that is known beforehand.
#pragma once

#include <cstddef>

namespace ballast::webhook {

// Shared by all layers of one file (a log that was compressed twice). Thread-safe against those of
// other files, used by one thread at a time itself.
class LargeMemory {
 public:
  // What every file may have; more only one file of the process at a time.
  static constexpr size_t kFree = 8 << 20;
  // And no file ever more: a zstd window of 128 MiB (zstd --long, --ultra -22) besides that.
  static constexpr size_t kMost = (128 << 20) + kFree;

  LargeMemory() = default;
  ~LargeMemory();
  LargeMemory(const LargeMemory&) = delete;
  LargeMemory& operator=(const LargeMemory&) = delete;

  // Takes `bytes` more, until this ends. Waits for its turn if need be; false: it is too much.
  bool Take(size_t bytes);

 private:
  size_t taken_ = 0;
  bool has_turn_ = false;
};

}  // namespace ballast::webhook
