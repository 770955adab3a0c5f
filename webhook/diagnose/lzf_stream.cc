// Chunks: "ZV", whether it is compressed, the length, of a compressed one also the length before,
// then the data.
//
// Source: com.ning.compress.lzf.LZFChunk of compress-lzf.
#include <liblzf/lzf.h>

#include "webhook/diagnose/block_header.h"
#include "webhook/diagnose/codecs.h"

namespace ballast::webhook {
namespace {

constexpr size_t kHeader = 5;
constexpr size_t kPackedHeader = 7;

ReadOutcome NextBlock(ByteReader& from, std::string& block) {
  while (true) {
    const std::string_view header = from.Peek(kPackedHeader);
    if (header.empty()) return from.end();
    if (header.size() < kHeader) return CutIn(from, "lzf");
    const uint32_t kind = ByteAt(header, 2);
    if (!header.starts_with("ZV") || kind > 1) return {.damage = "lzf: a chunk is broken"};
    if (kind == 1 && header.size() < kPackedHeader) return CutIn(from, "lzf");
    const size_t packed = BigEndian16(header, 3);
    const size_t size = kind == 1 ? BigEndian16(header, 5) : packed;
    from.Skip(kind == 1 ? kPackedHeader : kHeader);
    const std::string_view data = from.Peek(packed);
    if (data.size() < packed) return CutIn(from, "lzf");
    block.resize(size);
    if (kind == 0) {
      block.assign(data);
    } else if (lzf_decompress(data.data(), static_cast<unsigned>(packed), block.data(),
                              static_cast<unsigned>(size)) != size) {
      return {.damage = "lzf: a chunk is broken"};
    }
    from.Skip(packed);
    if (size > 0) return {.bytes = size};
  }
}

}  // namespace

ReadBytes LzfStream(Packed packed) {
  return OfBlocks([packed = std::move(packed)](std::string& block) mutable {
    return NextBlock(*packed.from, block);
  });
}

}  // namespace ballast::webhook
