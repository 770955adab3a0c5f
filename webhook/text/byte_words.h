// Texts looked at eight bytes at a time, for what is done with every text of an answer.
//
// Source of both tests: "Bit Twiddling Hacks", Sean Eron Anderson. What they find is exact up to
// the first byte found, in the order of the bytes' worth; bytes above it may be found by mistake.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace ballast::webhook::byte_words {

inline constexpr size_t kWord = sizeof(uint64_t);
inline constexpr uint64_t kOnes = 0x0101010101010101;
inline constexpr uint64_t kHighBits = 0x80 * kOnes;

inline uint64_t WordAt(const char* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, kWord);
  return word;
}

// The high bits of the bytes that are less than `n`, which is at most 128; of those that are `n`.
constexpr uint64_t Less(uint64_t word, uint64_t n) {
  return (word - kOnes * n) & ~word & kHighBits;
}
constexpr uint64_t Equal(uint64_t word, uint64_t n) { return Less(word ^ (kOnes * n), 1); }

inline bool IsAscii(std::string_view text) {
  uint64_t seen = 0;
  size_t at = 0;
  for (; at + kWord <= text.size(); at += kWord) seen |= WordAt(text.data() + at);
  for (; at < text.size(); ++at) seen |= static_cast<unsigned char>(text[at]);
  return (seen & kHighBits) == 0;
}

constexpr bool IsControl(char byte) {
  return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F;
}

inline bool HasControl(std::string_view text) {
  uint64_t found = 0;
  size_t at = 0;
  for (; at + kWord <= text.size(); at += kWord) {
    const uint64_t word = WordAt(text.data() + at);
    found |= Less(word, 0x20) | Equal(word, 0x7F);
  }
  for (; at < text.size(); ++at) found |= IsControl(text[at]) ? 1 : 0;
  return found != 0;
}

}  // namespace ballast::webhook::byte_words
