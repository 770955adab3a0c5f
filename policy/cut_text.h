// Texts of others, cut to a length.
#pragma once

#include <cstddef>
#include <string_view>

namespace ballast::policy {

// At most `most` bytes, and never a part of a UTF-8 character at the end.
inline std::string_view CutText(std::string_view text, size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

}  // namespace ballast::policy
