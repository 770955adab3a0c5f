// Which thread owns which connection. A slot is parked (waiting in the kernel; whoever claims it
// owns it) or owned by one thread. Tokens name a slot and its generation, so that an event for a
// connection that is gone is told from one for its successor. Any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "webhook/server/connection.h"

namespace ballast::webhook {

class ConnectionTable {
 public:
  explicit ConnectionTable(uint32_t capacity);

  // A free slot, owned by the caller; false where there is none.
  bool Allocate(uint32_t& slot);
  // Of a slot that the caller owns: ends the connection and frees the slot.
  void Free(uint32_t slot);

  std::unique_ptr<Connection>& at(uint32_t slot) { return slots_[slot].connection; }
  uint64_t TokenOf(uint32_t slot) const;

  // An event came for it. True: the caller owns the slot now. False: it is gone, or its owner has
  // been told and will look again.
  bool ClaimForEvent(uint64_t token, uint32_t& slot);
  // Takes a parked slot; false where it isn't parked.
  bool ClaimParked(uint32_t slot);
  // Gives a slot up until something happens or the deadline is over. False: something happened
  // already, the caller still owns it and goes on.
  bool Park(uint32_t slot);

  // When the parked connection's deadline is over; far in the future for others.
  Clock::time_point deadline(uint32_t slot) const;
  // What the parked connection does, see Connection; nullopt for others. It may have gone on since:
  // claim it and look again.
  struct Parked {
    bool idle = false;
    Clock::time_point since;
    int64_t held = 0;
  };
  std::optional<Parked> parked(uint32_t slot) const;

  uint32_t capacity() const { return static_cast<uint32_t>(slots_.size()); }
  int64_t size() const { return used_.load(); }

 private:
  // In the low bits of Slot::state; the generation is above them.
  enum State : uint64_t { kFree, kOwned, kOwnedWithEvent, kParked };
  struct Slot {
    std::atomic<uint64_t> state{kFree};
    // Written when it is parked, so that nobody has to claim it for a look at it.
    std::atomic<Clock::rep> deadline{0};
    std::atomic<Clock::rep> since{0};
    std::atomic<int64_t> held{0};
    std::atomic<bool> idle{false};
    std::unique_ptr<Connection> connection;
  };
  static constexpr int kStateBits = 2;

  std::vector<Slot> slots_;
  std::mutex mutex_;
  std::vector<uint32_t> free_;
  std::atomic<int64_t> used_{0};
};

}  // namespace ballast::webhook
