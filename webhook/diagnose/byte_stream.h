// Bytes that are pulled, from a file or through a decompressor, and what may go wrong on the way.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "policy/result.h"

namespace ballast::webhook {

// What one pull gave. No bytes: the end, which `damage` says more of.
struct ReadOutcome {
  size_t bytes = 0;
  std::string damage = {};  // why it ends here; empty: it ends as it should
  bool cut = false;         // of damage: what is missing is the rest, nothing is wrong before it
};

// Fills the front of `into` (at least one byte, unless it is the end). After the end it says the
// same again. Called by one thread at a time.
using ReadBytes = std::function<ReadOutcome(std::span<char> into)>;

// A file's bytes; "-" is standard input. `seen` is told how many were read, and may be empty.
policy::Result<ReadBytes> OpenBytes(const std::string& path, std::function<void(size_t)> seen);

// Pulls through a buffer, so that one can look ahead.
class ByteReader {
 public:
  explicit ByteReader(ReadBytes from) : from_(std::move(from)) {}

  // Up to `size` bytes that come next; fewer only at the end. They stay until the next call.
  std::string_view Peek(size_t size);
  void Skip(size_t size);  // of what was peeked
  ReadOutcome Read(std::span<char> into);
  // How it ended, once Peek gave fewer than were asked for.
  const ReadOutcome& end() const { return end_; }

 private:
  ReadBytes from_;
  std::string buffer_;
  size_t begin_ = 0;
  bool ended_ = false;
  ReadOutcome end_;
};

}  // namespace ballast::webhook
