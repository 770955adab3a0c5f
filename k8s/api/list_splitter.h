// Cuts the answer to a list into its objects while it comes, so that a page is never held as a
// whole: of {"metadata":{...},"items":[A,B,...]} it hands on A, B, ... one by one, and keeps the
// rest, which is small.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace ballast::k8s {

class ListSplitter {
 public:
  // `item` is called with the text of each object of `items`; false from it ends the feeding.
  ListSplitter(size_t largest_item, std::function<bool(std::string_view item)> item)
      : largest_(largest_item), item_(std::move(item)) {}

  // False once something was over the bound, or `item` said so. What is no JSON is found by whoever
  // parses the pieces.
  bool Feed(std::string_view piece);
  bool too_large() const { return too_large_; }
  // Whether the outermost object has ended.
  bool complete() const { return begun_ && depth_ == 0; }
  // The list without its items: {"metadata":{...},"items":[]}.
  const std::string& rest() const { return rest_; }

 private:
  bool TakePlain(char c);
  void EndString();
  bool Keep(std::string_view text);
  bool InItems() const { return in_items_ && depth_ >= 2; }

  const size_t largest_;
  std::function<bool(std::string_view)> item_;
  std::string rest_;
  std::string current_;   // the object that is being read
  std::string last_key_;  // the last string of the outermost object
  size_t depth_ = 0;      // open braces and brackets
  bool begun_ = false;
  bool in_string_ = false;
  bool escaped_ = false;
  bool in_items_ = false;
  bool too_large_ = false;
};

}  // namespace ballast::k8s
