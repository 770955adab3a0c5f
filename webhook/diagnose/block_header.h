// Reading the small headers of block containers.
#pragma once

#include <cstdint>
#include <string_view>

#include "webhook/diagnose/byte_stream.h"

namespace ballast::webhook {

constexpr uint32_t ByteAt(std::string_view bytes, size_t at) {
  return static_cast<uint8_t>(bytes[at]);
}
constexpr uint32_t LittleEndian32(std::string_view bytes, size_t at) {
  return ByteAt(bytes, at) | ByteAt(bytes, at + 1) << 8 | ByteAt(bytes, at + 2) << 16 |
         ByteAt(bytes, at + 3) << 24;
}
constexpr uint32_t BigEndian32(std::string_view bytes, size_t at) {
  return ByteAt(bytes, at) << 24 | ByteAt(bytes, at + 1) << 16 | ByteAt(bytes, at + 2) << 8 |
         ByteAt(bytes, at + 3);
}
constexpr uint32_t BigEndian16(std::string_view bytes, size_t at) {
  return ByteAt(bytes, at) << 8 | ByteAt(bytes, at + 1);
}

// The stream ends within a block; where reading itself failed, that is the reason.
inline ReadOutcome CutIn(const ByteReader& reader, const char* codec) {
  if (!reader.end().damage.empty()) return reader.end();
  return {.damage = std::string("the ") + codec + " stream ends in the middle of a block",
          .cut = true};
}

}  // namespace ballast::webhook
