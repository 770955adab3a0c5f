// Cuts a stream of bytes into lines, as a watch sends its events. Holds one line at a time.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace ballast::k8s {

class LineSplitter {
 public:
  // `line` is called with each whole line, without its end; false from it ends the feeding.
  LineSplitter(size_t largest_line, std::function<bool(std::string_view line)> line)
      : largest_(largest_line), line_(std::move(line)) {}

  // False once a line was longer than the bound, or `line` said so.
  bool Feed(std::string_view piece);
  bool too_long() const { return too_long_; }

 private:
  size_t largest_;
  std::function<bool(std::string_view)> line_;
  std::string begun_;
  bool too_long_ = false;
};

}  // namespace ballast::k8s
