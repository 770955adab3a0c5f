// What reading a review's JSON costs by itself: whoever judges a review has to do that, too.
#pragma once

#include <chrono>
#include <string>

namespace ballast::bench {

// Of this thread, in microseconds of CPU time for one text; simdjson as the webhook uses it, over
// and over the same text, so with warm caches: it cannot cost less.
double ParseMicros(const std::string& text, std::chrono::milliseconds time);

}  // namespace ballast::bench
