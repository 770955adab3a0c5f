#include "k8s/kinds/shell_word.h"

namespace ballast::k8s {
namespace {

// What ends a word, or is put in by the shell.
constexpr std::string_view kBreaks = " \t\n&;|<>()$`";
constexpr std::string_view kPutInWithinQuotes = "$`";
// Before these a backslash within double quotes is taken away.
constexpr std::string_view kEscapedWithinQuotes = "$`\"\\";

bool IsOneOf(char letter, std::string_view letters) {
  return letters.find(letter) != std::string_view::npos;
}

// Both are called behind the opening quote and leave `rest` behind the closing one; false where
// there is none, or the shell would put something in.
bool TakeSingleQuoted(std::string_view& rest, std::string& text) {
  const size_t end = rest.find('\'');
  if (end == std::string_view::npos) return false;
  text += rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return true;
}

bool TakeDoubleQuoted(std::string_view& rest, std::string& text) {
  while (!rest.empty()) {
    const char letter = rest.front();
    rest.remove_prefix(1);
    if (letter == '"') return true;
    if (IsOneOf(letter, kPutInWithinQuotes)) return false;
    if (letter == '\\' && !rest.empty() && IsOneOf(rest.front(), kEscapedWithinQuotes)) {
      text += rest.front();
      rest.remove_prefix(1);
    } else {
      text += letter;
    }
  }
  return false;
}

// Behind a brace: whether the shell makes several words of it ("{a,b}", "{1..3}").
bool MakesSeveral(std::string_view rest) {
  const std::string_view within = rest.substr(0, rest.find('}'));
  return within.find(',') != std::string_view::npos || within.find("..") != std::string_view::npos;
}

bool Take(std::string_view& rest, std::string& text) {
  const char letter = rest.front();
  rest.remove_prefix(1);
  if (letter == '\'') return TakeSingleQuoted(rest, text);
  if (letter == '"') return TakeDoubleQuoted(rest, text);
  if (letter == '\\') {
    if (rest.empty() || rest.front() == '\n') return false;
    text += rest.front();
    rest.remove_prefix(1);
    return true;
  }
  text += letter;
  return !IsOneOf(letter, kBreaks) && !(letter == '{' && MakesSeveral(rest));
}

}  // namespace

ShellWord ReadShellWord(std::string_view written) {
  ShellWord word;
  std::string_view rest = written;
  while (!rest.empty()) {
    if (!Take(rest, word.text)) return {std::string(written), false};
  }
  return word;
}

std::string QuoteForShell(std::string_view text) {
  if (const ShellWord word = ReadShellWord(text); word.whole && word.text == text) {
    return word.text;
  }
  std::string quoted = "'";
  for (const char letter : text) {
    if (letter == '\'') {
      quoted += "'\\''";
    } else {
      quoted += letter;
    }
  }
  return quoted + "'";
}

}  // namespace ballast::k8s
