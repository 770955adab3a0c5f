#include "webhook/diagnose/large_memory.h"

#include <semaphore>

namespace ballast::webhook {
namespace {

// Not a mutex: a file may be closed by another thread than the one that read it. Who has the turn
// waits for no one who is without it, so that it always comes back.
std::binary_semaphore turn(1);

}  // namespace

LargeMemory::~LargeMemory() {
  if (has_turn_) turn.release();
}

bool LargeMemory::Take(size_t bytes) {
  if (bytes > kMost - taken_) return false;
  if (taken_ + bytes > kFree && !has_turn_) {
    turn.acquire();
    has_turn_ = true;
  }
  taken_ += bytes;
  return true;
}

}  // namespace ballast::webhook
