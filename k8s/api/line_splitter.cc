#include "k8s/api/line_splitter.h"

namespace ballast::k8s {

bool LineSplitter::Feed(std::string_view piece) {
  while (!piece.empty()) {
    const size_t end = piece.find('\n');
    const std::string_view part = piece.substr(0, end);
    if (begun_.size() + part.size() > largest_) {
      too_long_ = true;
      begun_ = {};
      return false;
    }
    if (end == std::string_view::npos) {
      begun_.append(part);
      return true;
    }
    piece.remove_prefix(end + 1);
    if (begun_.empty()) {
      if (!part.empty() && !line_(part)) return false;
      continue;
    }
    begun_.append(part);
    const bool go_on = line_(begun_);
    begun_.clear();
    // One large object is no reason to hold its memory for ever.
    constexpr size_t kKept = size_t{256} << 10;
    if (begun_.capacity() > kKept) begun_.shrink_to_fit();
    if (!go_on) return false;
  }
  return true;
}

}  // namespace ballast::k8s
