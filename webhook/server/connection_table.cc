#include "webhook/server/connection_table.h"

namespace ballast::webhook {

ConnectionTable::ConnectionTable(uint32_t capacity) : slots_(capacity) {
  free_.reserve(capacity);
  for (uint32_t slot = capacity; slot > 0; --slot) free_.push_back(slot - 1);
}

bool ConnectionTable::Allocate(uint32_t& slot) {
  const std::scoped_lock lock(mutex_);
  if (free_.empty()) return false;
  slot = free_.back();
  free_.pop_back();
  used_.fetch_add(1);
  slots_[slot].state.store((slots_[slot].state.load() & ~uint64_t{3}) | kOwned);
  return true;
}

void ConnectionTable::Free(uint32_t slot) {
  slots_[slot].connection.reset();
  const uint64_t generation = (slots_[slot].state.load() >> kStateBits) + 1;
  slots_[slot].state.store((generation << kStateBits) | kFree);
  used_.fetch_sub(1);
  const std::scoped_lock lock(mutex_);
  free_.push_back(slot);
}

uint64_t ConnectionTable::TokenOf(uint32_t slot) const {
  const uint64_t generation = slots_[slot].state.load() >> kStateBits;
  return (generation << 32) | slot;
}

bool ConnectionTable::ClaimForEvent(uint64_t token, uint32_t& slot) {
  slot = static_cast<uint32_t>(token);
  if (slot >= slots_.size()) return false;
  std::atomic<uint64_t>& state = slots_[slot].state;
  uint64_t seen = state.load(std::memory_order_acquire);
  while (true) {
    // The token has the generation's lower 32 bits.
    if (((seen >> kStateBits) << 32) != (token >> 32) << 32) return false;
    const uint64_t kind = seen & 3;
    if (kind != kParked && kind != kOwned) return false;
    const uint64_t next = (seen & ~uint64_t{3}) | (kind == kParked ? kOwned : kOwnedWithEvent);
    if (state.compare_exchange_weak(seen, next, std::memory_order_acq_rel)) return kind == kParked;
  }
}

bool ConnectionTable::ClaimParked(uint32_t slot) {
  std::atomic<uint64_t>& state = slots_[slot].state;
  uint64_t seen = state.load(std::memory_order_acquire);
  return (seen & 3) == kParked &&
         state.compare_exchange_strong(seen, (seen & ~uint64_t{3}) | kOwned,
                                       std::memory_order_acq_rel);
}

bool ConnectionTable::Park(uint32_t slot) {
  Slot& s = slots_[slot];
  const Connection& connection = *s.connection;
  s.deadline.store(connection.deadline().time_since_epoch().count(), std::memory_order_relaxed);
  s.since.store(connection.since().time_since_epoch().count(), std::memory_order_relaxed);
  s.held.store(connection.held(), std::memory_order_relaxed);
  s.idle.store(connection.idle(), std::memory_order_relaxed);
  const uint64_t generation = s.state.load(std::memory_order_relaxed) & ~uint64_t{3};
  uint64_t owned = generation | kOwned;
  if (s.state.compare_exchange_strong(owned, generation | kParked, std::memory_order_acq_rel)) {
    return true;
  }
  s.state.store(generation | kOwned, std::memory_order_release);
  return false;
}

Clock::time_point ConnectionTable::deadline(uint32_t slot) const {
  const Slot& s = slots_[slot];
  if ((s.state.load(std::memory_order_acquire) & 3) != kParked) return Clock::time_point::max();
  return Clock::time_point(Clock::duration(s.deadline.load(std::memory_order_relaxed)));
}

std::optional<ConnectionTable::Parked> ConnectionTable::parked(uint32_t slot) const {
  const Slot& s = slots_[slot];
  if ((s.state.load(std::memory_order_acquire) & 3) != kParked) return std::nullopt;
  return Parked{s.idle.load(std::memory_order_relaxed),
                Clock::time_point(Clock::duration(s.since.load(std::memory_order_relaxed))),
                s.held.load(std::memory_order_relaxed)};
}

}  // namespace ballast::webhook
