// The compressions that Spark writes event logs with, and zstd over anything. Which one it is
// follows from the first bytes, never from the name.
//
// Each takes at most 32 MiB for a block, as the writers do, so that no length in a file decides how
// much memory is taken.
#pragma once

#include <cstddef>
#include <memory>

#include "webhook/diagnose/byte_stream.h"

namespace ballast::webhook {

inline constexpr size_t kMostBlock = 32 << 20;  // bytes, compressed or not

// The bytes as they were before they were compressed, be it twice.
ReadBytes Decompressed(ReadBytes from);

// One each; the reader stands at the first byte. Several streams one after the other are one.
ReadBytes ZstdStream(std::shared_ptr<ByteReader> from);      // standard frames
ReadBytes Lz4BlockStream(std::shared_ptr<ByteReader> from);  // lz4-java's LZ4BlockOutputStream
ReadBytes SnappyStream(std::shared_ptr<ByteReader> from);    // snappy-java's SnappyOutputStream
ReadBytes LzfStream(std::shared_ptr<ByteReader> from);       // chunks of compress-lzf

// Gives out block after block: `next` makes a new one in `block`, or ends.
ReadBytes OfBlocks(std::function<ReadOutcome(std::string& block)> next);

}  // namespace ballast::webhook
