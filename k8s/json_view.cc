#include "k8s/json_view.h"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace ballast::k8s {
namespace {

using Json = const nlohmann::json*;

}  // namespace

JsonView JsonView::Of(const simdjson::dom::element& value) {
  JsonView view;
  view.value_ = std::bit_cast<Parsed>(value);
  return view;
}

inline std::optional<simdjson::dom::element> JsonView::parsed() const {
  const Parsed* parsed = std::get_if<Parsed>(&value_);
  if (parsed == nullptr) return std::nullopt;
  return std::bit_cast<simdjson::dom::element>(*parsed);
}

bool JsonView::is_null() const {
  if (const Json* json = std::get_if<Json>(&value_)) return (*json)->is_null();
  if (const auto element = parsed()) return element->is_null();
  return false;
}

bool JsonView::is_object() const {
  if (const Json* json = std::get_if<Json>(&value_)) return (*json)->is_object();
  if (const auto element = parsed()) return element->is_object();
  return false;
}

bool JsonView::is_array() const {
  if (const Json* json = std::get_if<Json>(&value_)) return (*json)->is_array();
  if (const auto element = parsed()) return element->is_array();
  return false;
}

std::optional<std::string_view> JsonView::string() const {
  if (const Json* json = std::get_if<Json>(&value_)) {
    const auto* text = (*json)->get_ptr<const std::string*>();
    if (text != nullptr) return std::string_view(*text);
    return std::nullopt;
  }
  if (const auto element = parsed()) {
    std::string_view text;
    if (element->get(text) == simdjson::SUCCESS) return text;
  }
  return std::nullopt;
}

std::optional<int64_t> JsonView::integer() const {
  if (const Json* json = std::get_if<Json>(&value_)) {
    if ((*json)->is_number_unsigned()) {
      const auto number = (*json)->get<uint64_t>();
      if (number > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return std::nullopt;
      return static_cast<int64_t>(number);
    }
    if ((*json)->is_number_integer()) return (*json)->get<int64_t>();
    return std::nullopt;
  }
  if (const auto element = parsed()) {
    int64_t number = 0;
    if (element->type() == simdjson::dom::element_type::INT64 &&
        element->get(number) == simdjson::SUCCESS) {
      return number;
    }
  }
  return std::nullopt;
}

std::optional<int64_t> JsonView::whole() const {
  if (const auto number = integer()) return number;
  const auto real = number();
  constexpr double kTooLarge = 9223372036854775808.0;
  if (!real || !(std::abs(*real) < kTooLarge) || std::trunc(*real) != *real) return std::nullopt;
  return static_cast<int64_t>(*real);
}

std::optional<double> JsonView::number() const {
  if (const Json* json = std::get_if<Json>(&value_)) {
    if (!(*json)->is_number()) return std::nullopt;
    return (*json)->get<double>();
  }
  if (const auto element = parsed()) {
    double number = 0;
    if (element->get(number) == simdjson::SUCCESS) return number;
  }
  return std::nullopt;
}

std::optional<bool> JsonView::boolean() const {
  if (const Json* json = std::get_if<Json>(&value_)) {
    if (!(*json)->is_boolean()) return std::nullopt;
    return (*json)->get<bool>();
  }
  if (const auto element = parsed()) {
    bool value = false;
    if (element->get(value) == simdjson::SUCCESS) return value;
  }
  return std::nullopt;
}

void JsonView::VisitBaseMembers(const MemberVisitor& visit) const {
  if (const Json* json = std::get_if<Json>(&value_)) {
    if (!(*json)->is_object()) return;
    for (auto it = (*json)->begin(); it != (*json)->end(); ++it) visit(it.key(), JsonView(*it));
  } else if (const auto element = parsed()) {
    simdjson::dom::object object;
    if (element->get(object) != simdjson::SUCCESS) return;
    for (const auto field : object) visit(field.key, Of(field.value));
  }
}

void JsonView::VisitMembers(const MemberVisitor& visit) const {
  if (overlay_ == nullptr) {
    VisitBaseMembers(visit);
    return;
  }
  VisitBaseMembers([&](std::string_view key, JsonView value) {
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

void JsonView::VisitElements(const ElementVisitor& visit) const {
  if (const Json* json = std::get_if<Json>(&value_)) {
    if (!(*json)->is_array()) return;
    for (const nlohmann::json& element : **json) visit(JsonView(element));
  } else if (const auto parent = parsed()) {
    simdjson::dom::array array;
    if (parent->get(array) != simdjson::SUCCESS) return;
    for (const auto element : array) visit(Of(element));
  }
}

JsonView JsonView::Base() const {
  JsonView base = *this;
  base.overlay_ = nullptr;
  return base;
}

JsonView JsonView::Shown(const Overlay::Member& member, JsonView under) {
  static const nlohmann::json kEmpty = nlohmann::json::object();
  switch (member.kind) {
    case Overlay::Member::Kind::kPart:
      return {under, member.part};
    case Overlay::Member::Kind::kMade:
      return {JsonView(kEmpty), member.part};
    case Overlay::Member::Kind::kValue:
      return JsonView(*member.value);
    case Overlay::Member::Kind::kGone:
      break;
  }
  return {};
}

JsonView JsonView::operator[](std::string_view key) const {
  if (overlay_ != nullptr) {
    const Overlay::Member* over = overlay_->Find(key);
    if (over == nullptr) return Base()[key];
    const bool shows_through = over->kind == Overlay::Member::Kind::kPart;
    return Shown(*over, shows_through ? Base()[key] : JsonView());
  }
  if (const Json* json = std::get_if<Json>(&value_)) {
    if (!(*json)->is_object()) return {};
    const auto found = (*json)->find(key);
    return found == (*json)->end() ? JsonView() : JsonView(*found);
  }
  const auto element = parsed();
  simdjson::dom::object object;
  if (!element || element->get(object) != simdjson::SUCCESS) return {};
  JsonView last;
  for (auto member = object.begin(); member != object.end(); ++member) {
    if (member.key_equals(key)) last = Of(member.value());
  }
  return last;
}

JsonView JsonView::At(std::string_view pointer) const {
  JsonView at = *this;
  while (!pointer.empty() && at.exists()) {
    pointer.remove_prefix(1);  // the '/'
    const size_t end = std::min(pointer.find('/'), pointer.size());
    const std::string_view token = pointer.substr(0, end);
    pointer.remove_prefix(end);
    if (at.is_array()) {
      JsonView found;
      size_t index = 0;
      at.ForEachElement([&](JsonView element) {
        if (std::to_string(index++) == token) found = element;
      });
      at = found;
    } else if (token.find('~') == std::string_view::npos) {
      at = at[token];
    } else {
      std::string key;
      for (size_t i = 0; i < token.size(); ++i) {
        if (token[i] == '~' && i + 1 < token.size()) {
          key += token[++i] == '1' ? '/' : '~';
        } else {
          key += token[i];
        }
      }
      at = at[key];
    }
  }
  return at;
}

nlohmann::json JsonView::Copy() const {
  const Json* json = std::get_if<Json>(&value_);
  if (json != nullptr && overlay_ == nullptr) return **json;
  const auto element = parsed();
  if (is_object()) {
    nlohmann::json copy = nlohmann::json::object();
    ForEachMember(
        [&](std::string_view key, JsonView value) { copy[std::string(key)] = value.Copy(); });
    return copy;
  }
  if (!element) return nullptr;
  if (is_array()) {
    nlohmann::json copy = nlohmann::json::array();
    ForEachElement([&](JsonView value) { copy.push_back(value.Copy()); });
    return copy;
  }
  if (const auto text = string()) return std::string(*text);
  if (const auto value = boolean()) return *value;
  if (element->type() == simdjson::dom::element_type::UINT64) {
    return static_cast<uint64_t>(element->get_uint64());
  }
  if (const auto value = integer()) return *value;
  if (const auto value = number()) return *value;
  return nullptr;
}

}  // namespace ballast::k8s
