#include "k8s/api/object_parser.h"

#include <simdjson.h>

#include "k8s/json_text.h"

namespace ballast::k8s {

ObjectParser::ObjectParser() : parser_(std::make_unique<simdjson::dom::parser>()) {}
ObjectParser::~ObjectParser() = default;

std::optional<JsonView> ObjectParser::Parse(std::string_view text) {
  const auto parsed = parser_->parse(text.data(), text.size());
  if (parsed.error() == simdjson::SUCCESS) {
    const JsonView view = JsonView::Of(parsed.value_unsafe());
    if (!view.is_object()) return std::nullopt;
    return view;
  }
  // A document of nlohmann's takes many times its text, so only what etcd could hold is read again.
  constexpr size_t kLargestFallback = size_t{2} << 20;
  if (parsed.error() == simdjson::DEPTH_ERROR || text.size() > kLargestFallback) {
    return std::nullopt;
  }
  fallback_ = ParseJson(text);
  if (!fallback_.is_object()) return std::nullopt;
  return JsonView(fallback_);
}

}  // namespace ballast::k8s
