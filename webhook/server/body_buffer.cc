#include "webhook/server/body_buffer.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "webhook/server/http_message.h"

namespace ballast::webhook {

BodyBuffer::Room BodyBuffer::MakeRoom(size_t expected) {
  assert(size_ < expected);
  if (size_ == data_.size()) {
    // Most bodies fit the first step; a large one doubles until a step is 1 MiB.
    constexpr size_t kFirst = size_t{16} << 10;
    constexpr size_t kLargest = size_t{1} << 20;
    const size_t wanted = std::min(expected, size_ + std::clamp(size_, kFirst, kLargest));
    data_.reserve(wanted + kBodyPadding);
    data_.resize(wanted);
  }
  return {data_.data() + size_, std::min(data_.size(), expected) - size_};
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

std::string& BodyBuffer::Finish() {
  data_.reserve(size_ + kBodyPadding);
  data_.resize(size_);
  return data_;
}

void BodyBuffer::Clear() {
  std::string().swap(data_);
  size_ = 0;
}

}  // namespace ballast::webhook
