// What a line of a log, or the reason of a failed task, says of a trouble: how often it was seen,
// where first and where worst.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ballast::policy {

// One kind of trouble that logs name. Several kinds may make one symptom.
enum class Sight : uint8_t {
  kLargeTask,           // amount: bytes of the task
  kLargeTaskBinary,     // amount: bytes
  kLargeBroadcast,      // amount: bytes of the broadcast value or table
  kBroadcastRefused,    // amount: bytes of the table, or rows
  kKryoOverflow,        // amount: bytes required; limit: bytes available
  kClassNotRegistered,  // name: the class
  kNotSerializable,     // name: the class
  kStackOverflow,
  kStackOverflowInLineage,  // the frames are of serialization, of the scheduler or of the optimizer
  kExecutorHeap,            // OutOfMemoryError in an executor (in local mode: in a task)
  kExecutorExit52,
  kDriverHeap,            // OutOfMemoryError in the driver
  kExecutorMemoryDenied,  // UNABLE_TO_ACQUIRE_MEMORY; amount: bytes wanted
  kDirectMemory,          // OutOfMemoryError: Direct buffer memory
  kContainerKilled,       // 137, OOMKilled
  kPythonMemory,          // MemoryError, or a worker that crashed
  kResultTooLarge,        // amount: bytes; limit: maxResultSize
  kMessageTooLarge,       // amount: bytes; limit: bytes
  kHeartbeatLost,         // amount: ms without one; limit: ms
  kRpcTimeout,            // limit: ms; name: the setting that Spark names
  kExecutorLost,          // name: Spark's reason
  kExecutorIdle,          // removed as idle: dynamic allocation
  kFetchFailure,          // name: the executor whose block it was
  kSpill,                 // amount: bytes
  kEvicted,               // amount: bytes
  kNotStored,             // a block that found no room
};
inline constexpr size_t kSights = static_cast<size_t>(Sight::kNotStored) + 1;

// A line of a text log, or an event of an event log: both are counted from 1.
struct LogLine {
  std::string source;  // as the user named it
  int64_t line = 0;
  std::string text;  // its beginning, at most kLineText bytes

  bool operator==(const LogLine&) const = default;
};
inline constexpr size_t kLineText = 400;

struct Sighting {
  int64_t events = 0;  // in event logs, and in text logs: the same thing may stand in both
  int64_t lines = 0;
  LogLine first;
  LogLine worst;  // with the largest amount; without amounts the first
  int64_t amount = 0;
  int64_t limit = 0;
  std::string name;                    // the first that was named
  std::vector<int64_t> stages;         // in order of appearance, at most kPlacesKept
  std::vector<std::string> executors;  //   "

  bool seen() const { return events + lines > 0; }
  int64_t count() const { return events > lines ? events : lines; }
  bool operator==(const Sighting&) const = default;
};
inline constexpr size_t kPlacesKept = 32;

// One thing that was seen once.
struct Seen {
  Sight sight = Sight::kLargeTask;
  int64_t amount = 0;
  int64_t limit = 0;
  std::string name = {};
  int64_t stage = -1;         // -1: not said
  std::string executor = {};  // empty: not said
};

class Sightings {
 public:
  // `in_event_log` says which of the two counts it belongs to.
  void Add(const Seen& seen, const LogLine& where, bool in_event_log);
  // Those of another log of the same application.
  void Merge(const Sightings& other);

  const Sighting& of(Sight sight) const { return all_[static_cast<size_t>(sight)]; }
  bool has(Sight sight) const { return of(sight).seen(); }
  bool operator==(const Sightings&) const = default;

 private:
  std::array<Sighting, kSights> all_;
};

}  // namespace ballast::policy
