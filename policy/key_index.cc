#include "policy/key_index.h"

#include <bit>

namespace ballast::policy {

KeyIndex::KeyIndex(size_t keys) {
  if (keys > 0) slots_.resize(std::bit_ceil(2 * keys));
}

void KeyIndex::AddHash(uint64_t hash, size_t position) {
  filter_[hash / 64 % filter_.size()] |= uint64_t{1} << (hash % 64);
  if (slots_.empty()) return;
  for (size_t probe = 0; probe < kMostProbes; ++probe) {
    Slot& slot = slots_[(hash + probe) & (slots_.size() - 1)];
    if (slot.next_position != 0) continue;
    slot = {static_cast<uint32_t>(hash >> 32), static_cast<uint32_t>(position + 1)};
    return;
  }
  slots_.clear();
}

}  // namespace ballast::policy
