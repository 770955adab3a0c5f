// An event log: lines of JSON, one event each, as Spark 3.3 to 4.3 writes them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "webhook/diagnose/run_builder.h"

namespace ballast::webhook {

// Used by one thread.
class EventLogReader {
 public:
  // `source` is what places in it are called by.
  EventLogReader(RunBuilder& builder, std::string source);
  ~EventLogReader();

  // One line; LineReader::kPadding bytes behind it may be read. False: it is no event.
  bool Read(std::string_view line, int64_t number);

 private:
  struct Parser;  // simdjson's
  std::unique_ptr<Parser> parser_;
};

// Whether the line looks like an event.
bool LooksLikeEvent(std::string_view line);

}  // namespace ballast::webhook
