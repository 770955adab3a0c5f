// What to ask for, from what many runs of one application used: the highest and 20 %, downwards
// too. Pure arithmetic over values; who reads logs is elsewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/units.h"

namespace ballast::policy {

// What one run used of one size, such as the heap of its executors.
struct SizeUse {
  std::string run;  // its id
  ByteSize asked;
  ByteSize used;         // the most at any moment in any pod
  bool ran_out = false;  // it failed, or was killed, for want of it: it needs more than `asked`
  bool whole = true;     // its log was read to its end; else it may have used more
};

enum class Confidence { kLow, kMedium, kHigh };
std::string_view Name(Confidence confidence);  // "low", ...

struct RightSize {
  int64_t runs = 0;
  ByteSize p95;  // of what runs used, by rank: of fewer than twenty runs it is the most
  ByteSize most;
  std::string largest_run;  // that used the most
  ByteSize asked;           // by the last run
  ByteSize proposed;        // equal to `asked` where a change is not worth it
  Confidence confidence = Confidence::kLow;
  std::string why;

  bool operator==(const RightSize&) const = default;
};

// `uses` from the oldest run to the newest; those that used nothing reported nothing and are left
// out. nullopt: no run is left. Never proposes less than `least`.
//
// A heap fills with garbage before it is collected, so that a high peak alone is no want: more is
// proposed only where a run ran out, half as much again as it had then.
std::optional<RightSize> SizeFromHistory(std::span<const SizeUse> uses, ByteSize least);

// Whole GiB from 4 GiB on, multiples of 256 MiB below; never less than `size`.
ByteSize NeatlyAbove(ByteSize size);

}  // namespace ballast::policy
