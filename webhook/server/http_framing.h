// Where a request ends: what must be known, and refused, before a single byte of its body is kept.
// Stricter than HTTP allows, since the API server sends neither chunks nor anything odd, and two
// readings of one length are how requests are smuggled. Pure; any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace ballast::webhook {

struct FramingLimits {
  size_t max_header_bytes = size_t{64} << 10;  // request line and all header lines
  size_t max_header_lines = 100;
  size_t max_body_bytes = size_t{7} << 20;
};

struct Framing {
  int refuse = 0;           // the HTTP status to refuse it with; 0: well framed
  std::string_view reason;  // why, for the client; static storage
  std::string_view target;  // of the request line, as sent
  size_t content_length = 0;
  bool expects_continue = false;
  bool closes = false;  // the client wants the connection to end with the answer
  std::optional<std::chrono::nanoseconds> timeout;  // of ?timeout=
};

// `head` is everything up to and including the empty line.
Framing ReadFraming(std::string_view head, const FramingLimits& limits);

// The length of the head in these first bytes of a request, with its empty line; npos: not all of
// it is there yet. `searched` bytes are known to hold no end.
size_t FindHeadEnd(std::string_view bytes, size_t searched);

// A duration as Go prints it: "5s", "1m30s", "500ms". nullopt for anything else, zero and less.
std::optional<std::chrono::nanoseconds> ParseGoDuration(std::string_view text);

}  // namespace ballast::webhook
