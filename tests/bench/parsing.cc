#include "tests/bench/parsing.h"

#include <simdjson.h>

#include <ctime>

namespace ballast::bench {
namespace {

double CpuMicros() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

}  // namespace

double ParseMicros(const std::string& text, std::chrono::milliseconds time) {
  constexpr int kAtOnce = 100;
  const simdjson::padded_string padded(text);
  simdjson::dom::parser parser;
  const double begin = CpuMicros();
  double spent = 0;
  double parsed = 0;
  do {
    for (int i = 0; i < kAtOnce; ++i) {
      if (parser.parse(padded).error() != simdjson::SUCCESS) return 0;
    }
    parsed += kAtOnce;
    spent = CpuMicros() - begin;
  } while (spent < std::chrono::duration<double, std::micro>(time).count());
  return spent / parsed;
}

}  // namespace ballast::bench
