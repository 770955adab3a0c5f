#include "webhook/diagnose/byte_stream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace ballast::webhook {
namespace {

constexpr size_t kLeastRead = 64 << 10;

// Closes a descriptor that is not standard input.
struct OpenFile {
  explicit OpenFile(int opened) : descriptor(opened) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor > STDIN_FILENO) close(descriptor);
  }
  int descriptor;
};

}  // namespace

policy::Result<ReadBytes> OpenBytes(const std::string& path, std::function<void(size_t)> seen) {
  const int descriptor =
      path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) return policy::Error{path, std::strerror(errno)};
  auto file = std::make_shared<OpenFile>(descriptor);
  struct stat status = {};
  if (fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
    return policy::Error{path, "is a folder"};
  }
  return ReadBytes([file, seen = std::move(seen)](std::span<char> into) -> ReadOutcome {
    while (true) {
      const ssize_t got = read(file->descriptor, into.data(), into.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return {.damage = std::string("cannot be read on: ") + std::strerror(errno)};
      if (seen) seen(static_cast<size_t>(got));
      return {.bytes = static_cast<size_t>(got)};
    }
  });
}

std::string_view ByteReader::Peek(size_t size) {
  while (!ended_ && buffer_.size() - begin_ < size) {
    buffer_.erase(0, begin_);
    begin_ = 0;
    const size_t had = buffer_.size();
    buffer_.resize(had + std::max(size - had, kLeastRead));
    const ReadOutcome got = from_(std::span<char>(buffer_).subspan(had));
    buffer_.resize(had + got.bytes);
    if (got.bytes == 0) {
      ended_ = true;
      end_ = got;
    }
  }
  return std::string_view(buffer_).substr(begin_, size);
}

void ByteReader::Skip(size_t size) { begin_ = std::min(begin_ + size, buffer_.size()); }

ReadOutcome ByteReader::Read(std::span<char> into) {
  if (begin_ == buffer_.size() && !ended_) return from_(into);
  const std::string_view next =
      Peek(std::min(into.size(), std::max<size_t>(buffer_.size() - begin_, 1)));
  if (next.empty()) return end_;
  std::memcpy(into.data(), next.data(), next.size());
  begin_ += next.size();
  return {.bytes = next.size()};
}

}  // namespace ballast::webhook
