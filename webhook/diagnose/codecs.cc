#include "webhook/diagnose/codecs.h"

#include <algorithm>
#include <cstring>

namespace ballast::webhook {
namespace {

using OpenCodec = ReadBytes (*)(Packed packed);

struct Magic {
  std::string_view bytes;
  OpenCodec open;
};

constexpr Magic kMagics[] = {
    {std::string_view("\x28\xB5\x2F\xFD", 4), ZstdStream},
    {std::string_view("LZ4Block", 8), Lz4BlockStream},
    {std::string_view("\x82SNAPPY\0", 8), SnappyStream},
    {std::string_view("ZV", 2), LzfStream},
};

constexpr int kMostLayers = 2;  // a log of Spark's own codec in a file that was compressed again

OpenCodec CodecOf(ByteReader& reader) {
  const std::string_view head = reader.Peek(8);
  for (const Magic& magic : kMagics) {
    if (head.starts_with(magic.bytes)) return magic.open;
  }
  return nullptr;
}

}  // namespace

ReadBytes Decompressed(ReadBytes from) {
  const auto memory = std::make_shared<LargeMemory>();
  for (int layer = 0; layer < kMostLayers; ++layer) {
    auto reader = std::make_shared<ByteReader>(std::move(from));
    const OpenCodec open = CodecOf(*reader);
    if (open == nullptr) return [reader](std::span<char> into) { return reader->Read(into); };
    from = open({.from = reader, .memory = memory});
  }
  return from;
}

// The reader holds a packed block, and as much again while it grows.
bool Packed::TakeForBlock(size_t packed, size_t size) {
  const size_t needed = 2 * packed + size;
  if (needed <= block) return true;
  if (!memory->Take(needed - block)) return false;
  block = needed;
  return true;
}

ReadBytes OfBlocks(std::function<ReadOutcome(std::string& block)> next) {
  struct State {
    std::string block;
    size_t begin = 0;
    bool ended = false;
    ReadOutcome end;
  };
  auto state = std::make_shared<State>();
  return [state, next = std::move(next)](std::span<char> into) -> ReadOutcome {
    while (state->begin == state->block.size()) {
      if (state->ended) return state->end;
      state->block.clear();
      state->begin = 0;
      const ReadOutcome got = next(state->block);
      if (got.bytes == 0) {
        state->ended = true;
        state->end = got;
        state->block.clear();
      }
    }
    const size_t size = std::min(into.size(), state->block.size() - state->begin);
    std::memcpy(into.data(), state->block.data() + state->begin, size);
    state->begin += size;
    return {.bytes = size};
  };
}

}  // namespace ballast::webhook
