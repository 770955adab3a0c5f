// A read-only look at a JSON value, whoever parsed it: nlohmann/json (manifests, files) or simdjson
// (the incoming review). Kinds read through it, so that each is written once. A view owns nothing:
// it lives as long as the document under it. Of equal keys in an object the last one counts, as for
// the API server.
//
// A view may also show an object with a few members changed, without a copy of it: see overlay.h.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "k8s/overlay.h"

namespace ballast::k8s {

class JsonView {
 public:
  JsonView() = default;  // nothing there
  explicit JsonView(const nlohmann::json& value) : value_(&value) {}
  explicit JsonView(simdjson::dom::element value) : value_(value) {}
  // `base` with the members of `overlay` in their places.
  JsonView(const JsonView& base, const Overlay& overlay)
      : value_(base.value_), overlay_(&overlay) {}

  bool exists() const { return value_.index() != 0; }
  bool is_null() const;
  bool is_object() const;
  bool is_array() const;

  // nullopt where it is of another type (or not there).
  std::optional<std::string_view> string() const;
  std::optional<int64_t> integer() const;
  // An integer, or a number that is written as a real one and has no fraction (4.0, 1e3): the API
  // server stores that as the integer.
  std::optional<int64_t> whole() const;
  std::optional<double> number() const;
  std::optional<bool> boolean() const;

  // The member with this key; not existing where there is none or this is no object.
  JsonView operator[](std::string_view key) const;
  // Follows a JSON pointer (RFC 6901).
  JsonView At(std::string_view pointer) const;

  // visit(std::string_view key, JsonView value) / visit(JsonView element); nothing where of another
  // type.
  template <typename Visit>
  void ForEachMember(Visit&& visit) const;
  template <typename Visit>
  void ForEachElement(Visit&& visit) const;

  nlohmann::json Copy() const;

 private:
  // The same value without what lies over it.
  JsonView Base() const;
  // What a member of the overlay shows, over `under`; a view that does not exist where the member
  // was taken away.
  static JsonView Shown(const Overlay::Member& member, JsonView under);
  // The members without what lies over them.
  template <typename Visit>
  void ForEachBaseMember(Visit&& visit) const;

  std::variant<std::monostate, const nlohmann::json*, simdjson::dom::element> value_;
  const Overlay* overlay_ = nullptr;  // where something lies over this object
};

// These two are asked of nearly everything that is read, and so are compiled into who asks.
inline bool JsonView::is_object() const {
  if (const auto* element = std::get_if<simdjson::dom::element>(&value_)) {
    return element->is_object();
  }
  const auto* json = std::get_if<const nlohmann::json*>(&value_);
  return json != nullptr && (*json)->is_object();
}

inline std::optional<std::string_view> JsonView::string() const {
  if (const auto* element = std::get_if<simdjson::dom::element>(&value_)) {
    std::string_view text;
    if (element->get(text) == simdjson::SUCCESS) return text;
    return std::nullopt;
  }
  const auto* json = std::get_if<const nlohmann::json*>(&value_);
  const auto* text = json == nullptr ? nullptr : (*json)->get_ptr<const std::string*>();
  if (text == nullptr) return std::nullopt;
  return std::string_view(*text);
}

template <typename Visit>
void JsonView::ForEachBaseMember(Visit&& visit) const {
  if (const auto* const* json = std::get_if<const nlohmann::json*>(&value_)) {
    if (!(*json)->is_object()) return;
    for (auto it = (*json)->begin(); it != (*json)->end(); ++it) {
      visit(std::string_view(it.key()), JsonView(it.value()));
    }
  } else if (const auto* element = std::get_if<simdjson::dom::element>(&value_)) {
    simdjson::dom::object object;
    if (element->get(object) != simdjson::SUCCESS) return;
    for (const auto field : object) visit(field.key, JsonView(field.value));
  }
}

template <typename Visit>
void JsonView::ForEachMember(Visit&& visit) const {
  if (overlay_ == nullptr) {
    ForEachBaseMember(visit);
    return;
  }
  ForEachBaseMember([&](std::string_view key, JsonView value) {
    const Overlay::Member* over = overlay_->Find(key);
    if (over == nullptr) {
      visit(key, value);
    } else if (over->kind != Overlay::Member::Kind::kGone) {
      visit(key, Shown(*over, value));
    }
  });
  for (const Overlay::Member& member : overlay_->members()) {
    if (member.was_there || member.kind == Overlay::Member::Kind::kGone) continue;
    visit(member.key(), Shown(member, {}));
  }
}

template <typename Visit>
void JsonView::ForEachElement(Visit&& visit) const {
  if (const auto* const* json = std::get_if<const nlohmann::json*>(&value_)) {
    if (!(*json)->is_array()) return;
    for (const nlohmann::json& element : **json) visit(JsonView(element));
  } else if (const auto* parent = std::get_if<simdjson::dom::element>(&value_)) {
    simdjson::dom::array array;
    if (parent->get(array) != simdjson::SUCCESS) return;
    for (const auto element : array) visit(JsonView(element));
  }
}

}  // namespace ballast::k8s
