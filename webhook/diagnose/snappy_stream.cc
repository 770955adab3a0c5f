// A header of magic and two versions, then chunks: a length and one raw snappy block. The header
// may come again where streams were put one after the other.
//
// Source: org.xerial.snappy.SnappyOutputStream of snappy-java.
#include <snappy.h>

#include "webhook/diagnose/block_header.h"
#include "webhook/diagnose/codecs.h"

namespace ballast::webhook {
namespace {

constexpr std::string_view kMagic("\x82SNAPPY\0", 8);
constexpr size_t kHeader = 16;

ReadOutcome NextBlock(Packed& stream, std::string& block) {
  ByteReader& from = *stream.from;
  while (true) {
    const std::string_view head = from.Peek(kHeader);
    if (head.empty()) return from.end();
    if (head.starts_with(kMagic)) {
      if (head.size() < kHeader) return CutIn(from, "snappy");
      from.Skip(kHeader);
      continue;
    }
    if (head.size() < 4) return CutIn(from, "snappy");
    const size_t packed = BigEndian32(head, 0);
    if (packed > kMostBlock) return {.damage = "snappy: the length of a block is broken"};
    from.Skip(4);
    if (!stream.TakeForBlock(packed, 0)) return {.damage = "snappy: a block is too large"};
    const std::string_view data = from.Peek(packed);
    if (data.size() < packed) return CutIn(from, "snappy");
    size_t size = 0;
    if (!snappy::GetUncompressedLength(data.data(), packed, &size) || size > kMostBlock) {
      return {.damage = "snappy: the length of a block is broken"};
    }
    if (!stream.TakeForBlock(packed, size)) return {.damage = "snappy: a block is too large"};
    block.resize(size);
    if (!snappy::RawUncompress(data.data(), packed, block.data())) {
      return {.damage = "snappy: a block is broken"};
    }
    from.Skip(packed);
    if (size > 0) return {.bytes = size};
  }
}

}  // namespace

ReadBytes SnappyStream(Packed packed) {
  return OfBlocks([packed = std::move(packed)](std::string& block) mutable {
    return NextBlock(packed, block);
  });
}

}  // namespace ballast::webhook
