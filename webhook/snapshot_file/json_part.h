// A value of a JSON document with its place, for readers that name every mistake by JSON pointer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "k8s/json_view.h"
#include "policy/result.h"

namespace ballast::webhook {

// A view: the document and `first` must outlive it. What is not there reads as its fallback; what
// is of another type does too, and is the mistake that is kept in `first` unless there is one.
class JsonPart {
 public:
  JsonPart(k8s::JsonView value, std::string where, std::optional<policy::Error>& first)
      : value_(value), where_(std::move(where)), first_(&first) {}

  bool exists() const { return value_.exists() && !value_.is_null(); }
  const k8s::JsonView& value() const { return value_; }

  JsonPart operator[](std::string_view key) const {
    return {value_[key], where_ + "/" + std::string(key), *first_};
  }
  std::string Text(std::string fallback = "") const;
  int64_t Whole(int64_t fallback = 0) const;
  bool Flag(bool fallback = false) const;
  // The text must be one that `parse` (a policy::Result) takes.
  template <typename T, typename Parse>
  T As(const Parse& parse, T fallback) const;

  // visit(JsonPart) and visit(std::string_view key, JsonPart).
  template <typename Visit>
  void ForEachElement(const Visit& visit) const;
  template <typename Visit>
  void ForEachMember(const Visit& visit) const;

  void Fail(std::string what) const {
    if (!*first_) *first_ = policy::Error{where_, std::move(what)};
  }

 private:
  k8s::JsonView value_;
  std::string where_;
  std::optional<policy::Error>* first_;
};

template <typename T, typename Parse>
T JsonPart::As(const Parse& parse, T fallback) const {
  if (!exists()) return fallback;
  const auto parsed = parse(Text());
  if (parsed.ok()) return *parsed;
  Fail(parsed.error().what);
  return fallback;
}

template <typename Visit>
void JsonPart::ForEachElement(const Visit& visit) const {
  if (!exists()) return;
  if (!value_.is_array()) Fail("must be a list");
  size_t index = 0;
  value_.ForEachElement([&](k8s::JsonView element) {
    visit(JsonPart(element, where_ + "/" + std::to_string(index++), *first_));
  });
}

template <typename Visit>
void JsonPart::ForEachMember(const Visit& visit) const {
  if (!exists()) return;
  if (!value_.is_object()) Fail("must be an object");
  value_.ForEachMember([&](std::string_view key, k8s::JsonView member) {
    visit(key, JsonPart(member, where_ + "/" + std::string(key), *first_));
  });
}

}  // namespace ballast::webhook
