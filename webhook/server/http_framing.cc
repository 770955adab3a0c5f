#include "webhook/server/http_framing.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace ballast::webhook {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool EqualsIgnoringCase(std::string_view text, std::string_view lower_case) {
  return text.size() == lower_case.size() &&
         std::equal(text.begin(), text.end(), lower_case.begin(),
                    [](char a, char b) { return Lower(a) == b; });
}

std::string_view Trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// Whether a list of words, separated by commas, holds this one.
bool Lists(std::string_view list, std::string_view lower_case) {
  while (true) {
    const size_t comma = list.find(',');
    if (EqualsIgnoringCase(Trim(list.substr(0, comma)), lower_case)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

// RFC 9110: the characters of a header's name.
bool IsToken(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool HasControl(std::string_view line) {
  return std::any_of(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

std::optional<std::chrono::nanoseconds> TimeoutOf(std::string_view target) {
  size_t at = target.find('?');
  while (at != std::string_view::npos) {
    target.remove_prefix(at + 1);
    at = target.find('&');
    const std::string_view pair = target.substr(0, at);
    if (pair.starts_with("timeout=")) return ParseGoDuration(pair.substr(8));
  }
  return std::nullopt;
}

void Refuse(Framing& framing, int status, std::string_view reason) {
  framing.refuse = status;
  framing.reason = reason;
}

// Takes one header line into account; false once it is refused.
bool ReadLine(std::string_view line, const FramingLimits& limits, bool& has_length,
              Framing& framing) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || !IsToken(line.substr(0, colon)) || HasControl(line)) {
    Refuse(framing, 400, "malformed header line");
    return false;
  }
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = Trim(line.substr(colon + 1));
  if (EqualsIgnoringCase(name, "transfer-encoding")) {
    Refuse(framing, 411, "Transfer-Encoding is not taken; send Content-Length");
    return false;
  }
  if (EqualsIgnoringCase(name, "expect")) {
    framing.expects_continue = EqualsIgnoringCase(value, "100-continue");
    if (!framing.expects_continue) Refuse(framing, 417, "unknown expectation");
    return framing.expects_continue;
  }
  // RFC 9110, 7.6.1: a list of options in any case, on one line or on several. cpp-httplib knows
  // "close" alone.
  if (EqualsIgnoringCase(name, "connection")) {
    framing.closes = framing.closes || Lists(value, "close");
    return true;
  }
  if (!EqualsIgnoringCase(name, "content-length")) return true;
  const auto [end, error] =
      std::from_chars(value.data(), value.data() + value.size(), framing.content_length);
  const bool all_digits =
      !value.empty() && value.find_first_not_of("0123456789") == std::string_view::npos;
  if (has_length || !all_digits) {
    Refuse(framing, 400, "Content-Length must be one number");
    return false;
  }
  if (error != std::errc() || framing.content_length > limits.max_body_bytes) {
    Refuse(framing, 413, "body too large");
    return false;
  }
  has_length = true;
  return true;
}

}  // namespace

Framing ReadFraming(std::string_view head, const FramingLimits& limits) {
  Framing framing;
  if (head.size() > limits.max_header_bytes) {
    Refuse(framing, 431, "header too large");
    return framing;
  }
  const size_t line_end = head.find("\r\n");
  const std::string_view request_line = head.substr(0, line_end);
  const size_t space = request_line.find(' ');
  const size_t target_end = request_line.rfind(' ');
  if (line_end == std::string_view::npos || space == std::string_view::npos ||
      target_end <= space || HasControl(request_line)) {
    Refuse(framing, 400, "malformed request line");
    return framing;
  }
  const std::string_view method = request_line.substr(0, space);
  const std::string_view version = request_line.substr(target_end + 1);
  framing.target = request_line.substr(space + 1, target_end - space - 1);
  framing.timeout = TimeoutOf(framing.target);
  bool has_length = false;
  size_t lines = 0;
  head.remove_prefix(line_end + 2);
  while (!head.starts_with("\r\n")) {
    const size_t end = head.find("\r\n");
    if (end == std::string_view::npos) break;
    if (++lines > limits.max_header_lines) {
      Refuse(framing, 431, "too many header lines");
      return framing;
    }
    if (!ReadLine(head.substr(0, end), limits, has_length, framing)) return framing;
    head.remove_prefix(end + 2);
  }
  // RFC 9110, 10.1.1: HTTP/1.0 knows no answers before the last one, so the expectation is ignored.
  if (version == "HTTP/1.0") framing.expects_continue = false;
  if (method == "POST" && !has_length) Refuse(framing, 411, "send Content-Length");
  return framing;
}

size_t FindHeadEnd(std::string_view bytes, size_t searched) {
  const size_t end = bytes.find("\r\n\r\n", searched < 3 ? 0 : searched - 3);
  return end == std::string_view::npos ? end : end + 4;
}

std::optional<std::chrono::nanoseconds> ParseGoDuration(std::string_view text) {
  struct Unit {
    std::string_view name;
    double nanoseconds;
  };
  static constexpr Unit kUnits[] = {{"ns", 1},  {"us", 1e3}, {"ms", 1e6},
                                    {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}};
  constexpr double kLongest = 24 * 3600e9;
  double total = 0;
  while (!text.empty()) {
    double number = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc() || number < 0) return std::nullopt;
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    const std::string_view unit = text.substr(0, text.find_first_of("0123456789."));
    const auto* found = std::find_if(std::begin(kUnits), std::end(kUnits),
                                     [&](const Unit& u) { return u.name == unit; });
    if (found == std::end(kUnits)) return std::nullopt;
    total += number * found->nanoseconds;
    text.remove_prefix(unit.size());
  }
  if (!(total >= 1)) return std::nullopt;
  return std::chrono::nanoseconds(static_cast<int64_t>(std::min(total, kLongest)));
}

}  // namespace ballast::webhook
