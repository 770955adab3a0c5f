// Lines of a stream, read and decompressed by a thread of its own while the caller looks at them.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "webhook/diagnose/byte_stream.h"

namespace ballast::webhook {

// Used by one thread. Memory: four blocks of 1 MiB and the longest line.
class LineReader {
 public:
  static constexpr size_t kMostLine = 8 << 20;  // a longer one is passed over
  // So many bytes behind a line may be read by a parser (they are not part of it).
  static constexpr size_t kPadding = 64;

  explicit LineReader(ReadBytes from);
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  // The next line without its end, valid until the next call; false at the end of all.
  bool Next(std::string_view& line);
  int64_t number() const { return number_; }            // of the last line, from 1
  int64_t passed_over() const { return passed_over_; }  // lines that were too long
  bool unended() const { return unended_; }             // the last line had no end
  const ReadOutcome& end() const { return end_; }       // after Next said false

 private:
  struct Block {
    std::string bytes;  // with kPadding bytes behind `size`
    size_t size = 0;
    ReadOutcome outcome;
  };
  void Produce(ReadBytes from);
  bool TakeBlock();
  void Keep(std::string_view part);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Block> ready_;
  std::deque<std::string> spare_;
  bool stopped_ = false;

  Block block_;
  size_t begin_ = 0;
  std::string carry_;  // the beginning of a line that goes on in the next block
  bool too_long_ = false;
  bool carry_given_ = false;
  bool finished_ = false;
  int64_t number_ = 0;
  int64_t passed_over_ = 0;
  bool unended_ = false;
  ReadOutcome end_;
  std::thread producer_;  // the last, so that all it uses is there
};

}  // namespace ballast::webhook
