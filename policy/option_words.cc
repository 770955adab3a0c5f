#include "policy/option_words.h"

namespace ballast::policy {
namespace {

// Character.isWhitespace, of ASCII.
bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1C && c <= 0x1F); }

}  // namespace

std::optional<std::vector<std::string>> OptionWords(std::string_view options) {
  std::vector<std::string> words;
  bool in_word = false;  // `""` is a word, too
  char quote = 0;
  for (size_t i = 0; i < options.size(); ++i) {
    const char c = options[i];
    if (quote == 0 && IsBlank(c)) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == '\\' && quote != '\'') {
      if (++i == options.size()) return std::nullopt;
      words.back() += options[i];
    } else {
      words.back() += c;
    }
  }
  if (quote != 0) return std::nullopt;
  return words;
}

}  // namespace ballast::policy
