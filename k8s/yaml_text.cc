#include "k8s/yaml_text.h"

#include <simdjson.h>

#include <algorithm>

namespace ballast::k8s {
namespace {

bool IsForbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

}  // namespace

bool IsUtf8(std::string_view scalar) {
  return simdjson::validate_utf8(scalar.data(), scalar.size());
}

std::optional<BadText> FindBadText(std::string_view text) {
  const bool all_utf8 = IsUtf8(text);
  if (all_utf8 && std::none_of(text.begin(), text.end(), IsForbidden)) return std::nullopt;
  // Line by line, since a line's end is never inside a character.
  for (int line = 1;; ++line) {
    const std::string_view here = text.substr(0, text.find('\n'));
    const auto control = std::find_if(here.begin(), here.end(), IsForbidden);
    if (control != here.end()) {
      const int column = static_cast<int>(control - here.begin()) + 1;
      return BadText{{line, column}, "holds a control character: take it out"};
    }
    if (!IsUtf8(here)) return BadText{{line, 1}, "is not UTF-8: save the file as UTF-8"};
    text.remove_prefix(here.size() + 1);
  }
}

}  // namespace ballast::k8s
