// What every fuzz target uses. A target defines LLVMFuzzerTestOneInput, feeds its input to the code
// and states the code's laws with FUZZ_LAW.
//
// With clang (preset fuzz) libFuzzer drives it; otherwise replay.cc does, which replays the corpus
// and then mutates it for some seconds from a fixed seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace ballast::fuzz {

inline std::string_view AsText(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

[[noreturn]] inline void LawBroken(const char* law, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: law broken: %s\n", file, line, law);
  std::abort();
}

}  // namespace ballast::fuzz

#define FUZZ_LAW(law) \
  ((law) ? static_cast<void>(0) : ::ballast::fuzz::LawBroken(#law, __FILE__, __LINE__))
