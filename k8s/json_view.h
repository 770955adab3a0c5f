// A read-only look at a JSON value, whoever parsed it: nlohmann/json (manifests, files) or simdjson
// (the incoming review). Kinds read through it, so that each is written once. A view owns nothing:
// it lives as long as the document under it. Of equal keys in an object the last one counts, as for
// the API server.
//
// A view may also show an object with a few members changed, without a copy of it: see overlay.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "k8s/overlay.h"

// Its header takes a quarter of a second of every source that includes it, precompiled or not.
namespace simdjson::dom {
class element;
}

namespace ballast::k8s {

class JsonView {
 public:
  JsonView() = default;  // nothing there
  explicit JsonView(const nlohmann::json& value) : value_(&value) {}
  // Not a constructor: nlohmann's values turn into anything that overloads offer.
  static JsonView Of(const simdjson::dom::element& value);
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
  void ForEachMember(Visit&& visit) const {
    VisitMembers(std::ref(visit));
  }
  template <typename Visit>
  void ForEachElement(Visit&& visit) const {
    VisitElements(std::ref(visit));
  }

  nlohmann::json Copy() const;

 private:
  using MemberVisitor = std::function<void(std::string_view key, JsonView value)>;
  using ElementVisitor = std::function<void(JsonView element)>;
  // What an element of simdjson's holds: its document, and where in it.
  struct Parsed {
    const void* document;
    size_t index;
  };

  // nullopt where it is not simdjson's.
  std::optional<simdjson::dom::element> parsed() const;
  void VisitMembers(const MemberVisitor& visit) const;
  void VisitElements(const ElementVisitor& visit) const;
  // The members without what lies over them.
  void VisitBaseMembers(const MemberVisitor& visit) const;
  // The same value without what lies over it.
  JsonView Base() const;
  // What a member of the overlay shows, over `under`; a view that does not exist where the member
  // was taken away.
  static JsonView Shown(const Overlay::Member& member, JsonView under);

  std::variant<std::monostate, const nlohmann::json*, Parsed> value_;
  const Overlay* overlay_ = nullptr;  // where something lies over this object
};

}  // namespace ballast::k8s
