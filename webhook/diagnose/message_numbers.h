// Numbers and names inside of messages.
#pragma once

#include <cstdint>
#include <string_view>

namespace ballast::webhook {

// What follows the first `mark` in the text; empty where it is not there.
std::string_view After(std::string_view text, std::string_view mark);
// What stands before the first of `ends`, or all of it.
std::string_view UpTo(std::string_view text, std::string_view ends);
// The whole number at the beginning, blanks before it passed over; -1 where there is none.
int64_t LeadingNumber(std::string_view text);
// "4.2 MiB", "1234 KB", "512.0 B", "1048576": bytes; 0 where it is no size. A number without a unit
// is bytes.
int64_t LeadingSize(std::string_view text);

// "in stage 3.0 (TID 5)" -> 3; -1: no stage is named.
int64_t StageIn(std::string_view text);
// "executor 12", "executor driver" -> "12", "driver"; empty: none is named.
std::string_view ExecutorIn(std::string_view text);

}  // namespace ballast::webhook
