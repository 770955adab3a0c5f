#include "k8s/properties.h"

#include <algorithm>
#include <cstdint>

#include "policy/spark_size.h"

namespace ballast::k8s {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\f'; }

// The end of the natural line that begins at `at`: past its line end ("\n", "\r" or "\r\n").
size_t EndOfLine(std::string_view text, size_t at) {
  at = std::min(text.find_first_of("\r\n", at), text.size());
  if (at == text.size()) return at;
  return text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n' ? at + 2 : at + 1;
}

std::string_view WithoutLineEnd(std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

std::string_view WithoutLeadingBlanks(std::string_view line) {
  while (!line.empty() && IsBlank(line.front())) line.remove_prefix(1);
  return line;
}

// A line goes on in the next one when it ends with an odd number of backslashes.
bool Continues(std::string_view line) {
  size_t backslashes = 0;
  while (backslashes < line.size() && line[line.size() - 1 - backslashes] == '\\') ++backslashes;
  return backslashes % 2 == 1;
}

void AppendUtf8(std::string& text, uint32_t code) {
  auto add = [&](uint32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0 | code >> 6);
    add(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    add(0xE0 | code >> 12);
    add(0x80 | (code >> 6 & 0x3F));
    add(0x80 | (code & 0x3F));
  } else {
    add(0xF0 | code >> 18);
    add(0x80 | (code >> 12 & 0x3F));
    add(0x80 | (code >> 6 & 0x3F));
    add(0x80 | (code & 0x3F));
  }
}

// Four hexadecimal digits at `at`, or nullopt.
std::optional<uint32_t> HexDigits(std::string_view text, size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  uint32_t code = 0;
  for (const char c : text.substr(at, 4)) {
    code <<= 4;
    if (c >= '0' && c <= '9') {
      code |= static_cast<uint32_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      code |= static_cast<uint32_t>(c - 'a' + 10);
    } else if (c >= 'A' && c <= 'F') {
      code |= static_cast<uint32_t>(c - 'A' + 10);
    } else {
      return std::nullopt;
    }
  }
  return code;
}

bool IsHighSurrogate(uint32_t code) { return code >= 0xD800 && code < 0xDC00; }
bool IsLowSurrogate(uint32_t code) { return code >= 0xDC00 && code < 0xE000; }

// Resolves the escapes of a key or a value; nullopt for a broken \uXXXX.
std::optional<std::string> Unescape(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      if (text[i] != '\\') plain += text[i];
      continue;
    }
    const char escaped = text[++i];
    if (escaped == 'u') {
      const auto code = HexDigits(text, i + 1);
      if (!code) return std::nullopt;
      i += 4;
      uint32_t point = *code;
      if (IsHighSurrogate(point) && text.substr(i + 1).starts_with("\\u")) {
        const auto low = HexDigits(text, i + 3);
        if (low && IsLowSurrogate(*low)) {
          point = 0x10000 + ((point - 0xD800) << 10) + (*low - 0xDC00);
          i += 6;
        }
      }
      // Half a pair has no UTF-8 form: it reads as the replacement character.
      AppendUtf8(plain, point >= 0xD800 && point < 0xE000 ? 0xFFFD : point);
      continue;
    }
    static constexpr std::string_view kNames = "tnrf";
    static constexpr std::string_view kCharacters = "\t\n\r\f";
    const size_t named = kNames.find(escaped);
    plain += named == std::string_view::npos ? escaped : kCharacters[named];
  }
  return plain;
}

// Where the key of a logical line ends: at the first '=', ':' or blank that is not escaped.
size_t EndOfKey(std::string_view line) {
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == '=' || line[i] == ':' || IsBlank(line[i])) {
      return i;
    }
  }
  return line.size();
}

void AppendEscaped(std::string& text, std::string_view plain, bool key) {
  for (size_t i = 0; i < plain.size(); ++i) {
    const char c = plain[i];
    switch (c) {
      case '\t':
        text += "\\t";
        break;
      case '\n':
        text += "\\n";
        break;
      case '\r':
        text += "\\r";
        break;
      case '\f':
        text += "\\f";
        break;
      case '\\':
      case '=':
      case ':':
      case '#':
      case '!':
        text += '\\';
        text += c;
        break;
      case ' ':
        if (key || i == 0) text += '\\';
        text += ' ';
        break;
      default:
        text += c;
    }
  }
}

}  // namespace

policy::Result<Properties> Properties::Parse(std::string_view text) {
  Properties properties;
  size_t line_number = 1;
  for (size_t at = 0; at < text.size();) {
    const size_t first = at;
    at = EndOfLine(text, at);
    std::string_view natural = WithoutLineEnd(text.substr(first, at - first));
    std::string logical(WithoutLeadingBlanks(natural));
    Line line;
    const size_t begins_at = line_number++;
    if (!logical.empty() && logical[0] != '#' && logical[0] != '!') {
      while (Continues(logical) && at < text.size()) {
        const size_t next = at;
        at = EndOfLine(text, at);
        ++line_number;
        natural = WithoutLineEnd(text.substr(next, at - next));
        logical.pop_back();
        logical += WithoutLeadingBlanks(natural);
      }
      const size_t end_of_key = EndOfKey(logical);
      std::string_view rest = WithoutLeadingBlanks(std::string_view(logical).substr(end_of_key));
      if (!rest.empty() && (rest[0] == '=' || rest[0] == ':')) {
        rest = WithoutLeadingBlanks(rest.substr(1));
      }
      const auto key = Unescape(std::string_view(logical).substr(0, end_of_key));
      const auto value = Unescape(rest);
      if (!key || !value) {
        return policy::Error{"line " + std::to_string(begins_at),
                             "a \\u escape needs four hexadecimal digits, as in \\u00e9"};
      }
      line.entry = true;
      line.key = *key;
      line.value = std::string(policy::JavaTrim(*value));
    }
    line.raw = std::string(text.substr(first, at - first));
    properties.lines_.push_back(std::move(line));
  }
  return properties;
}

std::optional<std::string_view> Properties::Get(std::string_view key) const {
  for (auto line = lines_.rbegin(); line != lines_.rend(); ++line) {
    if (line->entry && line->key == key) return line->value;
  }
  return std::nullopt;
}

policy::SparkConf Properties::ToConf() const {
  std::vector<std::pair<std::string_view, std::string_view>> entries;
  for (const Line& line : lines_) {
    if (line.entry) entries.emplace_back(line.key, line.value);
  }
  return policy::SparkConf(std::move(entries));
}

void Properties::EndLine(Line& line) {
  std::string_view text = WithoutLineEnd(line.raw);
  const bool dangles = line.entry && Continues(text);
  if (!dangles && text.size() < line.raw.size()) return;
  // At the end of a file a backslash continues into nothing and is dropped by Java; neither it nor
  // one before it, on a line of its own, must swallow a line that is added.
  while (line.entry && Continues(text)) text = WithoutLineEnd(text.substr(0, text.size() - 1));
  line.raw.resize(text.size());
  line.raw += '\n';
}

void Properties::Set(std::string_view key, std::string_view value) {
  Line line{PrintProperty(key, value) + "\n", true, std::string(key), std::string(value)};
  const auto last = std::find_if(lines_.rbegin(), lines_.rend(), [&](const Line& other) {
    return other.entry && other.key == key;
  });
  if (last != lines_.rend()) {
    *last = std::move(line);
    return;
  }
  if (!lines_.empty()) EndLine(lines_.back());
  lines_.push_back(std::move(line));
}

void Properties::Remove(std::string_view key) {
  std::erase_if(lines_, [&](const Line& line) { return line.entry && line.key == key; });
}

std::string Properties::Print() const {
  std::string text;
  for (const Line& line : lines_) text += line.raw;
  return text;
}

std::string PrintProperty(std::string_view key, std::string_view value) {
  std::string text;
  AppendEscaped(text, key, true);
  text += '=';
  AppendEscaped(text, value, false);
  return text;
}

}  // namespace ballast::k8s
