// Finds a key among many in a few instructions, whether it is there or, as mostly, not: a rule
// looks up a hundred settings of which an application sets a few.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ballast::policy {

// Positions of keys by their hash. Keys made to collide cannot make it slow: it gives up then, and
// the caller searches by other means.
class KeyIndex {
 public:
  // Of a key that is looked up often it can be kept; of one that is known it is a constant.
  static constexpr uint64_t Hash(std::string_view key);

  // At most 2^31 keys, to be added once each.
  explicit KeyIndex(size_t keys = 0);
  void Add(std::string_view key, size_t position) { AddHash(Hash(key), position); }
  void AddHash(uint64_t hash, size_t position);

  // False: no key with this hash was added. True says little.
  bool MayHold(uint64_t hash) const {
    return (filter_[hash / 64 % filter_.size()] >> (hash % 64) & 1) != 0;
  }

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

  std::vector<Slot> slots_;              // a power of two of them
  std::array<uint64_t, 8> filter_ = {};  // a bit for the hash of each key
};

namespace key_hash {

inline constexpr size_t kWord = sizeof(uint64_t);

constexpr uint64_t WordAt(const char* bytes) {
  uint64_t word = 0;
  if (std::is_constant_evaluated() || std::endian::native == std::endian::big) {
    for (size_t i = 0; i < kWord; ++i) {
      word |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    }
  } else {
    std::memcpy(&word, bytes, kWord);
  }
  return word;
}

constexpr uint64_t Mix(uint64_t a, uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

}  // namespace key_hash

constexpr uint64_t KeyIndex::Hash(std::string_view key) {
  constexpr uint64_t kMultiplier = 0x9E3779B97F4A7C15;
  uint64_t hash = kMultiplier ^ key.size();
  if (key.size() < key_hash::kWord) {
    for (const char c : key) {
      hash = key_hash::Mix(hash ^ static_cast<unsigned char>(c), kMultiplier);
    }
    return hash;
  }
  // The last word overlaps the one before.
  const char* const last = key.data() + key.size() - key_hash::kWord;
  for (const char* at = key.data(); at < last; at += key_hash::kWord) {
    hash = key_hash::Mix(hash ^ key_hash::WordAt(at), kMultiplier);
  }
  return key_hash::Mix(hash ^ key_hash::WordAt(last), kMultiplier);
}

// A key with its hash; of a text that stands in the source the compiler makes it, so that looking a
// constant key up costs no pass over its letters.
struct HashedKey {
  std::string_view text;
  uint64_t hash;

  // The conversions are what this is for.
  template <size_t kSize>
  consteval HashedKey(const char (&key)[kSize])  // NOLINT(google-explicit-constructor)
      : text(key, kSize - 1), hash(KeyIndex::Hash(text)) {}
  constexpr HashedKey(std::string_view key)  // NOLINT(google-explicit-constructor)
      : text(key), hash(KeyIndex::Hash(key)) {}
  HashedKey(const std::string& key)  // NOLINT(google-explicit-constructor)
      : HashedKey(std::string_view(key)) {}
  constexpr HashedKey(std::string_view key, uint64_t its_hash) : text(key), hash(its_hash) {}

  // NOLINTNEXTLINE(google-explicit-constructor)
  constexpr operator std::string_view() const { return text; }
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
