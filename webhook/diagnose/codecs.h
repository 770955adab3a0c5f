// The compressions that Spark writes event logs with, and zstd over anything. Which one it is
// follows from the first bytes, never from the name.
//
// Each takes at most 32 MiB for a block, as the writers do, or 128 MiB for a window, so that no
// length in a file decides how much memory is taken. Of files that take much one is read at a time.
#pragma once

#include <cstddef>
#include <memory>

#include "webhook/diagnose/byte_stream.h"
#include "webhook/diagnose/large_memory.h"

namespace ballast::webhook {

inline constexpr size_t kMostBlock = 32 << 20;  // bytes, compressed or not

// The bytes as they were before they were compressed, be it twice.
ReadBytes Decompressed(ReadBytes from);

// What a codec reads, and the memory that it may take for that.
struct Packed {
  std::shared_ptr<ByteReader> from;  // stands at the first byte
  std::shared_ptr<LargeMemory> memory;
  size_t block = 0;  // the largest so far, for which memory was taken

  bool TakeForBlock(size_t packed, size_t size);
};

// One each. Several streams one after the other are one.
ReadBytes ZstdStream(Packed packed);      // standard frames
ReadBytes Lz4BlockStream(Packed packed);  // lz4-java's LZ4BlockOutputStream
ReadBytes SnappyStream(Packed packed);    // snappy-java's SnappyOutputStream
ReadBytes LzfStream(Packed packed);       // chunks of compress-lzf

// Gives out block after block: `next` makes a new one in `block`, or ends.
ReadBytes OfBlocks(std::function<ReadOutcome(std::string& block)> next);

}  // namespace ballast::webhook
