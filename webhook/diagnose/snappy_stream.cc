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

ReadOutcome NextBlock(ByteReader& from, std::string& block) {
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
    const std::string_view data = from.Peek(packed);
    if (data.size() < packed) return CutIn(from, "snappy");
    size_t size = 0;
    if (!snappy::GetUncompressedLength(data.data(), packed, &size) || size > kMostBlock) {
      return {.damage = "snappy: the length of a block is broken"};
    }
    block.resize(size);
    if (!snappy::RawUncompress(data.data(), packed, block.data())) {
      return {.damage = "snappy: a block is broken"};
    }
    from.Skip(packed);
    if (size > 0) return {.bytes = size};
  }
}

}  // namespace

ReadBytes SnappyStream(std::shared_ptr<ByteReader> from) {
  return OfBlocks([from](std::string& block) { return NextBlock(*from, block); });
}

}  // namespace ballast::webhook
