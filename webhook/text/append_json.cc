#include "webhook/text/append_json.h"

#include <simdjson.h>

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "k8s/json_text.h"
#include "webhook/text/byte_words.h"

namespace ballast::webhook {
namespace {

using byte_words::Equal;
using byte_words::IsAscii;
using byte_words::kHighBits;
using byte_words::kOnes;
using byte_words::kWord;
using byte_words::Less;
using byte_words::WordAt;

constexpr char kHex[] = "0123456789abcdef";
constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// How many bytes the UTF-8 sequence at the beginning takes; 0 where it is none.
size_t SequenceLength(std::string_view text) {
  const auto at = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = at(0);
  const size_t length = first < 0x80                     ? 1
                        : first >= 0xC2 && first <= 0xDF ? 2
                        : first >= 0xE0 && first <= 0xEF ? 3
                        : first >= 0xF0 && first <= 0xF4 ? 4
                                                         : 0;
  if (length == 0 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xC0) != 0x80) return 0;
  }
  // Overlong forms, surrogates and what is beyond U+10FFFF.
  if (first == 0xE0 && at(1) < 0xA0) return 0;
  if (first == 0xED && at(1) > 0x9F) return 0;
  if (first == 0xF0 && at(1) < 0x90) return 0;
  if (first == 0xF4 && at(1) > 0x8F) return 0;
  return length;
}

std::string ReplaceBadUtf8(std::string_view text) {
  std::string clean;
  clean.reserve(text.size() + 16);
  while (!text.empty()) {
    const size_t length = SequenceLength(text);
    clean += length == 0 ? kReplacement : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return clean;
}

// An escape takes at most so many bytes.
constexpr size_t kLongestEscape = 6;

char* WriteEscape(char* to, unsigned char byte) {
  *to++ = '\\';
  switch (byte) {
    case '"':
    case '\\':
      *to++ = static_cast<char>(byte);
      return to;
    case '\n':
      *to++ = 'n';
      return to;
    case '\t':
      *to++ = 't';
      return to;
    default:
      for (const char c : {'u', '0', '0', kHex[byte >> 4], kHex[byte & 0xF]}) *to++ = c;
      return to;
  }
}

bool IsPlain(unsigned char byte) { return byte >= 0x20 && byte != '"' && byte != '\\'; }

// The high bits of the bytes that are not plain, exact up to the first of them.
uint64_t Special(uint64_t word) { return Less(word, 0x20) | Equal(word, '"') | Equal(word, '\\'); }

// Whether the text stands for itself in JSON, as nearly all do: plain ASCII.
bool IsPlainAscii(std::string_view text) {
  // A high bit for each byte that is not, and perhaps more where there is one.
  const auto other = [](uint64_t word) {
    return word | (word - kOnes * 0x20) | ((word ^ kOnes * '"') - kOnes) |
           ((word ^ kOnes * '\\') - kOnes);
  };
  if (text.size() < kWord) {
    uint64_t word = kOnes * ' ';
    for (const char c : text) word = word << 8 | static_cast<unsigned char>(c);
    return (other(word) & kHighBits) == 0;
  }
  const char* const last = text.data() + text.size() - kWord;
  uint64_t found = other(WordAt(last));
  for (const char* at = text.data(); at < last; at += kWord) found |= other(WordAt(at));
  return (found & kHighBits) == 0;
}

// A record inside a patch has a quote every few bytes: what is between them is copied by words.
void AppendEscaped(std::string& out, std::string_view text) {
  std::array<char, 512> buffer;
  char* to = buffer.data();
  const char* const full = buffer.data() + buffer.size() - kWord - kLongestEscape;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    if constexpr (std::endian::native == std::endian::little) {
      if (end - at >= static_cast<std::ptrdiff_t>(kWord)) {
        const uint64_t special = Special(WordAt(at));
        const size_t plain = special == 0 ? kWord : std::countr_zero(special) / 8U;
        std::memcpy(to, at, kWord);
        at += plain;
        to += plain;
      }
    }
    if (at != end) {
      const auto byte = static_cast<unsigned char>(*at++);
      if (IsPlain(byte)) {
        *to++ = static_cast<char>(byte);
      } else {
        to = WriteEscape(to, byte);
      }
    }
    if (to > full) {
      out.append(buffer.data(), to);
      to = buffer.data();
    }
  }
  out.append(buffer.data(), to);
}

}  // namespace

void AppendJsonString(std::string& out, std::string_view text) {
  out += '"';
  if (IsPlainAscii(text)) {
    out += text;
  } else if (IsAscii(text) || simdjson::validate_utf8(text.data(), text.size())) {
    AppendEscaped(out, text);
  } else {
    AppendEscaped(out, ReplaceBadUtf8(text));
  }
  out += '"';
}

void AppendJson(std::string& out, const nlohmann::json& value) {
  if (const auto* text = value.get_ptr<const std::string*>()) {
    AppendJsonString(out, *text);
    return;
  }
  out += k8s::PrintJson(value);
}

void AppendJson(std::string& out, k8s::JsonView value) {
  if (const auto text = value.string()) {
    AppendJsonString(out, *text);
  } else if (const auto number = value.integer()) {
    out += std::to_string(*number);
  } else {
    AppendJson(out, value.Copy());
  }
}

void AppendPatch(std::string& out, const k8s::Patch& patch) {
  out += '[';
  for (const k8s::PatchOperation& operation : patch) {
    if (out.back() != '[') out += ',';
    out += R"({"op":)";
    AppendJsonString(out, operation.op);
    out += R"(,"path":)";
    AppendJsonString(out, operation.path);
    if (operation.op != "remove") {
      out += R"(,"value":)";
      AppendJson(out, operation.value);
    }
    out += '}';
  }
  out += ']';
}

void AppendBase64(std::string& out, std::string_view bytes) {
  // Two letters at a time, by twelve bits.
  static constexpr auto kPairs = [] {
    std::array<std::array<char, 2>, 4096> pairs{};
    for (size_t i = 0; i < pairs.size(); ++i) pairs[i] = {kAlphabet[i >> 6], kAlphabet[i & 63]};
    return pairs;
  }();
  const size_t begin = out.size();
  out.resize(begin + (bytes.size() + 2) / 3 * 4);
  char* to = out.data() + begin;
  size_t i = 0;
  const auto at = [&](size_t k) {
    return static_cast<uint32_t>(static_cast<unsigned char>(bytes[k]));
  };
  for (; i + 2 < bytes.size(); i += 3) {
    const uint32_t three = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    std::memcpy(to, kPairs[three >> 12].data(), 2);
    std::memcpy(to + 2, kPairs[three & 4095].data(), 2);
    to += 4;
  }
  if (i == bytes.size()) return;
  const bool two = i + 1 < bytes.size();
  const uint32_t rest = at(i) << 16 | (two ? at(i + 1) << 8 : 0);
  *to++ = kAlphabet[rest >> 18];
  *to++ = kAlphabet[rest >> 12 & 63];
  *to++ = two ? kAlphabet[rest >> 6 & 63] : '=';
  *to = '=';
}

}  // namespace ballast::webhook
