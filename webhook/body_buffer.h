// A body as it arrives. Grows with what has come, not with what was announced, so that a thousand
// slow senders of large bodies hold little; kBodyPadding readable bytes always lie behind it.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace ballast::webhook {

class BodyBuffer {
 public:
  // Room for at least one more byte of a body of `expected` bytes: where to write, and how much.
  struct Room {
    char* data;
    size_t size;
  };
  Room MakeRoom(size_t expected);
  void Added(size_t bytes) { size_ += bytes; }
  void Append(std::string_view bytes, size_t expected);

  size_t size() const { return size_; }
  // The padding is zeroed here.
  std::string_view Finish();
  void Clear();

 private:
  struct Free {
    void operator()(char* p) const { std::free(p); }
  };
  std::unique_ptr<char, Free> data_;
  size_t size_ = 0;
  size_t capacity_ = 0;  // without the padding
};

}  // namespace ballast::webhook
