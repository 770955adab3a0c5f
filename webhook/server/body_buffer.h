// A body as it arrives. Grows with what has come, not with what was announced, so that a thousand
// slow senders of large bodies hold little.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ballast::webhook {

class BodyBuffer {
 public:
  // Where to write the next bytes of a body of `expected` bytes, and how many at most.
  struct Room {
    char* data;
    size_t size;
  };
  Room MakeRoom(size_t expected);
  void Added(size_t bytes) { size_ += bytes; }
  void Append(std::string_view bytes, size_t expected);

  size_t size() const { return size_; }
  // Bytes that it takes: those that have come and the room made for more.
  size_t held() const { return data_.size(); }
  // The whole body, with kBodyPadding bytes of capacity to spare. Valid until Clear.
  std::string& Finish();
  void Clear();

 private:
  std::string data_;  // size_ bytes of it have come, the rest is room
  size_t size_ = 0;
};

}  // namespace ballast::webhook
