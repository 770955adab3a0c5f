// Finds a key among many in a few instructions, whether it is there or, as mostly, not: a rule
// looks up a hundred settings of which an application sets a few.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ballast::policy {

// Positions of keys by their hash. Keys made to collide cannot make it slow: it gives up then, and
// the caller searches by other means.
class KeyIndex {
 public:
  // Of a key that is looked up often it can be kept.
  static uint64_t Hash(std::string_view key);

  // At most 2^31 keys, to be added once each.
  explicit KeyIndex(size_t keys = 0);
  void Add(std::string_view key, size_t position);

  // False: it gave up, or was made for no keys.
  bool complete() const { return !slots_.empty(); }
  // is_key(position) tells whether the key there is this one. Only where complete().
  template <typename IsKey>
  std::optional<size_t> Find(std::string_view key, IsKey&& is_key) const {
    return FindHash(Hash(key), is_key);
  }
  template <typename IsKey>
  std::optional<size_t> FindHash(uint64_t hash, IsKey&& is_key) const;

 private:
  struct Slot {
    uint32_t hash = 0;
    uint32_t next_position = 0;  // one more than the position; 0: free
  };
  static constexpr size_t kMostProbes = 16;

  std::vector<Slot> slots_;  // a power of two of them
};

template <typename IsKey>
std::optional<size_t> KeyIndex::FindHash(uint64_t hash, IsKey&& is_key) const {
  for (size_t probe = 0; probe < kMostProbes; ++probe) {
    const Slot& slot = slots_[(hash + probe) & (slots_.size() - 1)];
    if (slot.next_position == 0) return std::nullopt;
    if (slot.hash == static_cast<uint32_t>(hash >> 32) && is_key(slot.next_position - 1)) {
      return slot.next_position - 1;
    }
  }
  return std::nullopt;
}

}  // namespace ballast::policy
