#include "webhook/charts/label.h"

namespace ballast::webhook {

std::string Shortened(std::string_view text, size_t most) {
  size_t characters = 0;
  size_t cut = 0;  // where the last character begins that there is room for
  for (size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U) continue;
    ++characters;
    if (characters == most) cut = i;
    if (characters > most) return std::string(text.substr(0, cut)) + "\xE2\x80\xA6";
  }
  return std::string(text);
}

}  // namespace ballast::webhook
