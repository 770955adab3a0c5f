// cpp-httplib's part: reads the head of one request, calls the handler, writes the answer. Works on
// memory alone, so nothing in it can wait: when it is called, the whole request is there.
#pragma once

#include <string>
#include <string_view>

#include "webhook/server/http_message.h"

namespace ballast::webhook {

struct ExchangeInput {
  std::string_view head;  // with its empty line
  std::string& body;
  std::string_view peer;
  Clock::time_point arrival;
  Clock::time_point deadline;
  bool close = false;          // say Connection: close
  bool wants_headers = false;  // HttpRequest::headers is filled
};

// Appends the answer to `out`. True where the connection ends after it: as asked by either side, or
// since what follows on it can't be trusted. Any number of threads.
bool Exchange(const ExchangeInput& input, const HttpHandler& handler, std::string& out);

// An answer to what never became a request (or is refused before its body is read); always with
// Connection: close.
std::string RefusalText(int status, std::string_view reason);

}  // namespace ballast::webhook
