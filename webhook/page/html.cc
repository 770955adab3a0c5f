#include "webhook/page/html.h"

namespace ballast::webhook {
namespace {

// The length of the well-formed UTF-8 character at the beginning (no surrogate, no overlong one);
// 0: there is none.
size_t CharacterLength(std::string_view text) {
  const auto byte = [&](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (first == 0xE0 && byte(1) < 0xA0) return 0;
    if (first == 0xED && byte(1) > 0x9F) return 0;
    return follows(1) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (first == 0xF0 && byte(1) < 0x90) return 0;
    if (first == 0xF4 && byte(1) > 0x8F) return 0;
    return follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

void Append(std::string& out, std::string_view character) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  const auto byte = static_cast<unsigned char>(character[0]);
  if (character.size() > 1) {
    out += character;
  } else if (byte == '&') {
    out += "&amp;";
  } else if (byte == '<') {
    out += "&lt;";
  } else if (byte == '>') {
    out += "&gt;";
  } else if (byte == '"') {
    out += "&quot;";
  } else if (byte == '\'') {
    out += "&#39;";
  } else if ((byte < 0x20 && byte != '\n' && byte != '\t' && byte != '\r') || byte == 0x7F) {
    out += kReplacement;
  } else {
    out += character;
  }
}

}  // namespace

std::string Escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const size_t length = CharacterLength(text);
    Append(out, length == 0 ? std::string_view("\x7F", 1) : text.substr(0, length));
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

std::string Foreign(std::string_view text) { return "<bdi>" + Escaped(text) + "</bdi>"; }

}  // namespace ballast::webhook
