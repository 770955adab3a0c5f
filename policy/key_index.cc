#include "policy/key_index.h"

#include <bit>
#include <cstring>

namespace ballast::policy {
namespace {

constexpr size_t kWord = sizeof(uint64_t);

uint64_t WordAt(const char* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, kWord);
  return word;
}

uint64_t Mix(uint64_t a, uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

}  // namespace

uint64_t KeyIndex::Hash(std::string_view key) {
  constexpr uint64_t kMultiplier = 0x9E3779B97F4A7C15;
  uint64_t hash = kMultiplier ^ key.size();
  if (key.size() < kWord) {
    for (const char c : key) hash = Mix(hash ^ static_cast<unsigned char>(c), kMultiplier);
    return hash;
  }
  // The last word overlaps the one before.
  const char* const last = key.data() + key.size() - kWord;
  for (const char* at = key.data(); at < last; at += kWord) {
    hash = Mix(hash ^ WordAt(at), kMultiplier);
  }
  return Mix(hash ^ WordAt(last), kMultiplier);
}

KeyIndex::KeyIndex(size_t keys) {
  if (keys > 0) slots_.resize(std::bit_ceil(2 * keys));
}

void KeyIndex::Add(std::string_view key, size_t position) {
  if (slots_.empty()) return;
  const uint64_t hash = Hash(key);
  for (size_t probe = 0; probe < kMostProbes; ++probe) {
    Slot& slot = slots_[(hash + probe) & (slots_.size() - 1)];
    if (slot.next_position != 0) continue;
    slot = {static_cast<uint32_t>(hash >> 32), static_cast<uint32_t>(position + 1)};
    return;
  }
  slots_.clear();
}

}  // namespace ballast::policy
