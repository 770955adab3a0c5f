// What Spark's messages mean: one message of a log, or the reason of a failed task, to what it is a
// sighting of. Old and new spellings, Spark 3.3 to 4.3.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "policy/symptoms/sighting.h"

namespace ballast::webhook {

// Which JVM a message speaks of, where it does not say itself.
enum class Where { kUnknown, kDriver, kExecutor };

struct MessagePlace {
  Where where = Where::kUnknown;
  int64_t stage = -1;
  std::string_view executor = {};
  // The text is a message as a whole, with all of its lines; otherwise it is one line of a log, and
  // stack traces come in the lines after it.
  bool whole = false;
};

using VisitSeen = std::function<void(const policy::Seen& seen)>;

// Calls visit for everything that the text says.
void ForEachSeen(std::string_view text, const MessagePlace& place, const VisitSeen& visit);

// The same for the reason of a lost executor, which is given.
void ForEachLoss(std::string_view reason, std::string_view executor, const VisitSeen& visit);

// Whether a line of a stack trace is of serialization, of the scheduler or of the optimizer: a
// stack that overflows there was filled by a long lineage.
bool IsLineageFrame(std::string_view line);

}  // namespace ballast::webhook
