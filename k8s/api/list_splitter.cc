#include "k8s/api/list_splitter.h"

#include <array>

namespace ballast::k8s {
namespace {

// All but the items: kind, apiVersion and metadata with a continue token.
constexpr size_t kLargestRest = size_t{64} << 10;

constexpr auto kMarks = [] {
  std::array<bool, 256> marks{};
  for (const unsigned char c : {'"', '\\', '{', '}', '[', ']'}) marks[c] = true;
  return marks;
}();

// The next character that means something outside of strings or inside of one.
size_t NextMark(std::string_view text, bool in_string) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (kMarks[c] && (!in_string || c == '"' || c == '\\')) return i;
  }
  return std::string_view::npos;
}

}  // namespace

// Adds to what is being read: an object of the items, or the rest.
bool ListSplitter::Keep(std::string_view text) {
  // Between the items stand only commas and white space.
  if (InItems() && depth_ == 2 && current_.empty()) {
    const size_t begin = text.find_first_not_of(", \t\r\n");
    if (begin == std::string_view::npos) return true;
    text.remove_prefix(begin);
  }
  std::string& target = InItems() ? current_ : rest_;
  if (target.size() + text.size() > (InItems() ? largest_ : kLargestRest)) {
    too_large_ = true;
    return false;
  }
  target.append(text);
  return true;
}

void ListSplitter::EndString() {
  if (depth_ != 1) return;
  const size_t end = rest_.size() - 1;
  const size_t begin = end == 0 ? std::string::npos : rest_.rfind('"', end - 1);
  if (begin != std::string::npos) last_key_ = rest_.substr(begin + 1, end - begin - 1);
}

// A character outside of strings that opens or closes something.
bool ListSplitter::TakePlain(char c) {
  const std::string_view text(&c, 1);
  if (c == '{' || c == '[') {
    const bool items = depth_ == 1 && c == '[' && last_key_ == "items";
    if (!Keep(text)) return false;
    begun_ = true;
    ++depth_;
    if (items) in_items_ = true;
    return true;
  }
  if (depth_ == 0) return false;  // closes what was never opened
  if (InItems() && depth_ == 2) {
    // The end of the items. What stands there besides objects is handed on to be refused.
    if (!current_.empty() && !item_(current_)) return false;
    current_.clear();
    in_items_ = false;
    depth_ = 1;
    return Keep(text);
  }
  const bool item_ends = InItems() && depth_ == 3;
  if (!Keep(text)) return false;
  --depth_;
  if (!item_ends) return true;
  const bool go_on = item_(current_);
  current_.clear();
  return go_on;
}

bool ListSplitter::Feed(std::string_view piece) {
  while (!piece.empty() && !too_large_) {
    if (escaped_) {
      escaped_ = false;
      if (!Keep(piece.substr(0, 1))) return false;
      piece.remove_prefix(1);
      continue;
    }
    const size_t mark = NextMark(piece, in_string_);
    if (mark == std::string_view::npos) return Keep(piece);
    if (mark > 0 && !Keep(piece.substr(0, mark))) return false;
    const char c = piece[mark];
    piece.remove_prefix(mark + 1);
    if (c != '"' && c != '\\') {
      if (!TakePlain(c)) return false;
      continue;
    }
    if (!Keep(std::string_view(&c, 1))) return false;
    if (c == '\\') {
      escaped_ = true;
    } else {
      in_string_ = !in_string_;
      if (!in_string_) EndString();
    }
  }
  return !too_large_;
}

}  // namespace ballast::k8s
