// The log: one JSON line an event. Lines are gathered and written a few times a second, never by a
// thread that answers requests, so a reader that stands still costs lines (counted) and not
// answers. Any thread.
//
// No secrets: callers log names, verdicts and judged numbers, never objects, settings, keys or
// headers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "webhook/server/json_line.h"

namespace ballast::webhook {

enum class LogLevel { kDebug, kInfo, kWarn, kError, kOff };
std::optional<LogLevel> ParseLogLevel(std::string_view text);  // "debug", "info", ...
std::string_view Name(LogLevel level);

class Log {
 public:
  // Writes to this file descriptor, which stays the caller's.
  Log(int fd, LogLevel level);
  ~Log();  // writes what is left
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  bool enabled(LogLevel level) const;
  // A line of a request: written with the next batch.
  void Write(LogLevel level, JsonLine& line);
  // An event of the server's own: written at once.
  void Event(LogLevel level, JsonLine& line);
  void Flush();

  // Lines lost because nobody read.
  uint64_t dropped() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ballast::webhook
