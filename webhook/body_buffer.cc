#include "webhook/body_buffer.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>

#include "webhook/http_message.h"

namespace ballast::webhook {

BodyBuffer::Room BodyBuffer::MakeRoom(size_t expected) {
  assert(size_ < expected);
  if (size_ == capacity_) {
    constexpr size_t kFirst = size_t{16} << 10;
    const size_t wanted = std::min(expected, std::max(kFirst, capacity_ * 2));
    // realloc moves large blocks by remapping: no second copy is ever held.
    void* grown = std::realloc(data_.get(), wanted + kBodyPadding);
    if (grown == nullptr) throw std::bad_alloc();
    static_cast<void>(data_.release());
    data_.reset(static_cast<char*>(grown));
    capacity_ = wanted;
  }
  return {data_.get() + size_, std::min(capacity_, expected) - size_};
}

void BodyBuffer::Append(std::string_view bytes, size_t expected) {
  while (!bytes.empty()) {
    const Room room = MakeRoom(expected);
    const size_t count = std::min(room.size, bytes.size());
    std::memcpy(room.data, bytes.data(), count);
    Added(count);
    bytes.remove_prefix(count);
  }
}

std::string_view BodyBuffer::Finish() {
  static constexpr char kNothing[kBodyPadding] = {};
  if (data_ == nullptr) return std::string_view(kNothing, 0);
  std::memset(data_.get() + size_, 0, kBodyPadding);
  return {data_.get(), size_};
}

void BodyBuffer::Clear() {
  data_.reset();
  size_ = 0;
  capacity_ = 0;
}

}  // namespace ballast::webhook
