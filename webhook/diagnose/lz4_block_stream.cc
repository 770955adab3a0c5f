// A block: "LZ4Block", a token (method and level), the lengths compressed and not, a checksum, then
// the data. A block of length 0 ends a stream; Spark's may be several.
//
// Source: net.jpountz.lz4.LZ4BlockOutputStream of lz4-java.
#include <lz4.h>
#include <xxhash.h>

#include "webhook/diagnose/block_header.h"
#include "webhook/diagnose/codecs.h"

namespace ballast::webhook {
namespace {

constexpr std::string_view kMagic = "LZ4Block";
constexpr size_t kHeader = 21;
constexpr uint32_t kRaw = 0x10;
constexpr uint32_t kLz4 = 0x20;
constexpr uint32_t kSeed = 0x9747b28c;
constexpr uint32_t kChecksumBits = 0x0FFFFFFF;

ReadOutcome NextBlock(Packed& stream, std::string& block) {
  ByteReader& from = *stream.from;
  while (true) {
    const std::string_view header = from.Peek(kHeader);
    if (header.empty()) return from.end();
    if (header.size() < kHeader) return CutIn(from, "lz4");
    if (!header.starts_with(kMagic))
      return {.damage = "lz4: a block does not begin with its magic"};
    const uint32_t method = ByteAt(header, 8) & 0xF0;
    const size_t packed = LittleEndian32(header, 9);
    const size_t size = LittleEndian32(header, 13);
    const uint32_t checksum = LittleEndian32(header, 17);
    if (packed > kMostBlock || size > kMostBlock || (method != kRaw && method != kLz4) ||
        (method == kRaw && packed != size)) {
      return {.damage = "lz4: the header of a block is broken"};
    }
    from.Skip(kHeader);
    if (size == 0) continue;
    if (!stream.TakeForBlock(packed, size)) return {.damage = "lz4: a block is too large"};
    const std::string_view data = from.Peek(packed);
    if (data.size() < packed) return CutIn(from, "lz4");
    if (method == kRaw) {
      block.assign(data);
    } else {
      block.resize(size);
      const int got = LZ4_decompress_safe(data.data(), block.data(), static_cast<int>(packed),
                                          static_cast<int>(size));
      if (got < 0 || static_cast<size_t>(got) != size) return {.damage = "lz4: a block is broken"};
    }
    if ((XXH32(block.data(), block.size(), kSeed) & kChecksumBits) != checksum) {
      return {.damage = "lz4: the checksum of a block is wrong"};
    }
    from.Skip(packed);
    return {.bytes = size};
  }
}

}  // namespace

ReadBytes Lz4BlockStream(Packed packed) {
  return OfBlocks([packed = std::move(packed)](std::string& block) mutable {
    return NextBlock(packed, block);
  });
}

}  // namespace ballast::webhook
