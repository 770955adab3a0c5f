#include "webhook/diagnose/line_reader.h"

#include <cstring>

namespace ballast::webhook {
namespace {

constexpr size_t kBlock = 1 << 20;
constexpr size_t kBlocksAhead = 3;

}  // namespace

LineReader::LineReader(ReadBytes from)
    : producer_([this, from = std::move(from)]() mutable { Produce(std::move(from)); }) {}

LineReader::~LineReader() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  producer_.join();
}

void LineReader::Produce(ReadBytes from) {
  while (true) {
    Block block;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopped_ || ready_.size() < kBlocksAhead; });
      if (stopped_) return;
      if (!spare_.empty()) {
        block.bytes = std::move(spare_.front());
        spare_.pop_front();
      }
    }
    block.bytes.resize(kBlock + kPadding);
    // Until the block is full, but a pipe's lines are not waited for longer than they take.
    while (block.size < kBlock) {
      block.outcome = from(std::span<char>(block.bytes).subspan(block.size, kBlock - block.size));
      if (block.outcome.bytes == 0) break;
      block.size += block.outcome.bytes;
    }
    const bool last = block.outcome.bytes == 0;
    {
      const std::lock_guard lock(mutex_);
      ready_.push_back(std::move(block));
    }
    changed_.notify_all();
    if (last) return;
  }
}

bool LineReader::TakeBlock() {
  if (finished_) return false;
  std::unique_lock lock(mutex_);
  if (!block_.bytes.empty()) spare_.push_back(std::move(block_.bytes));
  changed_.wait(lock, [this] { return !ready_.empty(); });
  block_ = std::move(ready_.front());
  ready_.pop_front();
  lock.unlock();
  changed_.notify_all();
  begin_ = 0;
  finished_ = block_.outcome.bytes == 0;
  if (finished_) end_ = block_.outcome;
  return true;
}

// A part of a line that goes over the end of a block.
void LineReader::Keep(std::string_view part) {
  if (too_long_ || carry_.size() + part.size() > kMostLine) {
    too_long_ = true;
    carry_.clear();
    return;
  }
  if (carry_.capacity() < carry_.size() + part.size() + kPadding) {
    carry_.reserve(2 * (carry_.size() + part.size()) + kPadding);
  }
  carry_.append(part);
}

bool LineReader::Next(std::string_view& line) {
  if (carry_given_) carry_.clear();
  carry_given_ = false;
  while (true) {
    const std::string_view rest(block_.bytes.data() + begin_, block_.size - begin_);
    const size_t end = rest.find('\n');
    if (end == std::string_view::npos) {
      Keep(rest);
      begin_ = block_.size;
      if (TakeBlock()) continue;
      if (carry_.empty() && !too_long_) return false;
      unended_ = true;
    } else {
      begin_ += end + 1;
    }
    ++number_;
    if (too_long_) {
      too_long_ = false;
      ++passed_over_;
      if (unended_) return false;
      continue;
    }
    if (carry_.empty()) {
      line = rest.substr(0, end);
    } else {
      if (end != std::string_view::npos) Keep(rest.substr(0, end));
      if (too_long_) {
        too_long_ = false;
        ++passed_over_;
        continue;
      }
      line = carry_;
      carry_given_ = true;
    }
    if (line.ends_with('\r')) line.remove_suffix(1);
    return true;
  }
}

}  // namespace ballast::webhook
