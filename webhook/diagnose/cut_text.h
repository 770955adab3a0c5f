// Texts of logs, cut to a length.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ballast::webhook {

// At most `most` bytes, and never a part of a UTF-8 character at the end.
inline std::string CutText(std::string_view text, size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return std::string(text.substr(0, most));
}

}  // namespace ballast::webhook
