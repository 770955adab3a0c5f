#include "webhook/diagnose/log_message.h"

#include <algorithm>
#include <string>

#include "policy/cut_text.h"
#include "webhook/diagnose/message_numbers.h"

namespace ballast::webhook {
namespace {

using policy::Seen;
using policy::Sight;

constexpr int64_t kKibi = 1024;
constexpr int64_t kPiece = 4 << 20;  // of a broadcast
constexpr int64_t kFirstPage = 32 << 20;
constexpr size_t kMostName = 200;
constexpr int64_t kMillis = 1000;

// `rest` is what follows the mark, up to the end of its line.
struct Match {
  std::string_view text;
  std::string_view rest;
  const MessagePlace& place;
};

std::string Name(std::string_view text) { return std::string(policy::CutText(text, kMostName)); }

// Fills in where it was, as far as the message or its place says.
Seen At(const Match& match, Seen seen) {
  if (seen.stage < 0) seen.stage = match.place.stage >= 0 ? match.place.stage : StageIn(match.text);
  if (seen.executor.empty()) {
    seen.executor =
        Name(match.place.executor.empty() ? ExecutorIn(match.text.substr(0, match.text.find('\n')))
                                          : match.place.executor);
  }
  return seen;
}

// Whether an OutOfMemoryError was the driver's. In local mode tasks run in the driver's JVM, and
// what they do to its heap is what an executor's tasks do to theirs.
bool IsDrivers(const Match& match) {
  const auto says = [&](std::string_view sign) {
    return match.text.find(sign) != std::string_view::npos;
  };
  if (says("Exception while getting task result") || says("Task serialization failed")) return true;
  if (says("Executor task launch worker") || says("Exception in task") || says("Lost task"))
    return false;
  if (says("task-result-getter") || says("dag-scheduler-event-loop") || says("broadcast-exchange"))
    return true;
  return match.place.where != Where::kExecutor;
}

Seen HeapFull(const Match& match) {
  if (match.rest.find("Direct buffer memory") != std::string_view::npos ||
      match.rest.find("of direct buffer memory") != std::string_view::npos) {
    return At(match, {.sight = Sight::kDirectMemory});
  }
  if (!IsDrivers(match)) return At(match, {.sight = Sight::kExecutorHeap});
  return {.sight = Sight::kDriverHeap};
}

bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// A mark and what it means; without a sighting (amount < 0) it means nothing.
struct Mark {
  std::string_view mark;
  Seen (*read)(const Match& match);
};

const Seen kNothing = {.amount = -1};

Seen ReadResult(const Match& match) {
  // "Total size of serialized results of 3 tasks (1025.0 MiB) is bigger than
  // spark.driver.maxResultSize (1024.0 MiB)"
  return At(match, {.sight = Sight::kResultTooLarge,
                    .amount = LeadingSize(After(match.rest, "(")),
                    .limit = LeadingSize(After(After(match.rest, "bigger than"), "("))});
}

Seen ReadKryo(const Match& match) {
  // The same overflow stands in a stack trace again.
  if (match.text.starts_with("Caused by:")) return kNothing;
  return At(match, {.sight = Sight::kKryoOverflow,
                    .amount = std::max<int64_t>(LeadingNumber(After(match.rest, "required: ")), 0),
                    .limit = std::max<int64_t>(LeadingNumber(match.rest), 0)});
}

Seen ReadStackOverflow(const Match& match) {
  if (!match.place.whole) return kNothing;  // the lines after it say which
  const bool lineage = IsLineageFrame(match.text);
  return At(match, {.sight = lineage ? Sight::kStackOverflowInLineage : Sight::kStackOverflow});
}

Seen ReadBlock(const Match& match) {
  // "Block broadcast_3 stored as values in memory (estimated size 24.0 MiB, free 410.3 MiB)". A
  // hash table has a first page of 32 MiB from Spark 4 on, however little it holds; what is sent in
  // more than one piece of 4 MiB is large in any case.
  const int64_t size = LeadingSize(After(match.rest, "estimated size "));
  const int64_t piece = LeadingNumber(After(UpTo(match.rest, " "), "_piece"));
  if (piece >= 1)
    return {.sight = Sight::kLargeBroadcast,
            .amount = std::min<int64_t>(piece, 1 << 20) * kPiece + size,
            .name = "value"};
  const int64_t held = size >= kFirstPage ? size - kFirstPage : size;
  if (piece == 0 || held <= kPiece) return kNothing;
  return {.sight = Sight::kLargeBroadcast, .amount = size, .name = "value"};
}

Seen ReadRefused(const Match& match) {
  return {.sight = Sight::kBroadcastRefused, .amount = LeadingSize(After(match.rest, ": "))};
}

Seen ReadSpill(const Match& match) {
  return At(match, {.sight = Sight::kSpill, .amount = LeadingSize(After(match.rest, "of "))});
}

Seen ReadNotStored(const Match& match) {
  if (!match.rest.starts_with("rdd_") && !Has(match.rest, "block rdd_")) return kNothing;
  return At(match,
            {.sight = Sight::kNotStored, .amount = LeadingSize(After(match.rest, "computed "))});
}

Seen ReadHeartbeat(const Match& match) {
  // "Removing executor 1 with no recent heartbeats: 130000 ms exceeds timeout 120000 ms"
  return At(match, {.sight = Sight::kHeartbeatLost,
                    .amount = std::max<int64_t>(LeadingNumber(match.rest), 0),
                    .limit = std::max<int64_t>(LeadingNumber(After(match.rest, "timeout ")), 0)});
}

Seen ReadRpcTimeout(const Match& match) {
  const std::string_view before = match.text.substr(0, match.text.size() - match.rest.size());
  const int64_t seconds = std::max(LeadingNumber(After(before, "timed out after [")),
                                   LeadingNumber(After(before, " in ")));
  return At(match, {.sight = Sight::kRpcTimeout,
                    .limit = std::max<int64_t>(seconds, 0) * kMillis,
                    .name = Name(UpTo(match.rest, " \n,"))});
}

Seen ReadFetch(const Match& match) {
  if (match.text.starts_with("Caused by:")) return kNothing;
  return At(match, {.sight = Sight::kFetchFailure});
}

// clang-format off
const Mark kMarks[] = {
    {"contains a task of very large size (", [](const Match& match) -> Seen {
       return {.sight = Sight::kLargeTask, .amount = std::max<int64_t>(LeadingNumber(match.rest), 0) * kKibi,
               .stage = LeadingNumber(After(match.text, "Stage "))};
     }},
    {"Broadcasting large task binary with size ", [](const Match& match) -> Seen {
       return {.sight = Sight::kLargeTaskBinary, .amount = LeadingSize(match.rest)};
     }},
    {"MemoryStore: Block broadcast_", ReadBlock},
    {"Cannot broadcast the table", ReadRefused},
    {"Not enough memory to build and broadcast the table", ReadRefused},
    {"Could not execute broadcast in ", ReadRefused},
    {"Cannot build a HashedRelation that is larger than", ReadRefused},
    {"Buffer overflow. Available: ", ReadKryo},
    {"Class is not registered: ", [](const Match& match) {
       return At(match, {.sight = Sight::kClassNotRegistered, .name = Name(UpTo(match.rest, " \n\""))});
     }},
    {"NotSerializableException: ", [](const Match& match) {
       return At(match, {.sight = Sight::kNotSerializable, .name = Name(UpTo(match.rest, " \n"))});
     }},
    {"had a not serializable result: ", [](const Match& match) {
       return At(match, {.sight = Sight::kNotSerializable, .name = Name(UpTo(match.rest, " \n"))});
     }},
    {"Task not serializable", [](const Match& match) { return At(match, {.sight = Sight::kNotSerializable}); }},
    {"java.lang.StackOverflowError", ReadStackOverflow},
    {"java.lang.OutOfMemoryError", HeapFull},
    {"UNABLE_TO_ACQUIRE_MEMORY", [](const Match& match) {
       return At(match, {.sight = Sight::kExecutorMemoryDenied,
                         .amount = std::max<int64_t>(LeadingNumber(After(match.rest, "acquire ")), 0)});
     }},
    {"Total size of serialized results of ", ReadResult},
    {"Result is larger than maxResultSize (", [](const Match& match) {
       return At(match, {.sight = Sight::kResultTooLarge, .amount = LeadingSize(match.rest),
                         .limit = LeadingSize(After(match.rest, "> "))});
     }},
    {"exceeds max allowed: spark.rpc.message.maxSize (", [](const Match& match) {
       return At(match, {.sight = Sight::kMessageTooLarge,
                         .amount = std::max<int64_t>(LeadingNumber(After(match.text, " was ")), 0),
                         .limit = std::max<int64_t>(LeadingNumber(match.rest), 0),
                         .stage = LeadingNumber(After(match.text, "Serialized task "))});
     }},
    {"with no recent heartbeats: ", ReadHeartbeat},
    {"This timeout is controlled by ", ReadRpcTimeout},
    {"FetchFailed(", ReadFetch},
    {"FetchFailedException: ", ReadFetch},
    {"Failed to get block(s) from ", ReadFetch},
    {"spilling sort data", ReadSpill},
    {"spilling in-memory map", ReadSpill},
    {"force spilling in-memory map to disk", [](const Match& match) {
       return At(match, {.sight = Sight::kSpill, .amount = LeadingSize(After(match.rest, "release "))});
     }},
    // In the text logs it is a line of its own, which their reader knows.
    {"\nMemoryError", [](const Match& match) { return At(match, {.sight = Sight::kPythonMemory}); }},
    {"Spilling data because ", [](const Match& match) { return At(match, {.sight = Sight::kSpill}); }},
    {"Dropping block rdd_", [](const Match& match) { return At(match, {.sight = Sight::kEvicted}); }},
    {"Not enough space to cache ", ReadNotStored},
    {"Will not store ", ReadNotStored},
    {"Failed to reserve initial memory threshold of ", ReadNotStored},
};
// clang-format on

constexpr std::string_view kFrames[] = {"java.io.ObjectOutputStream",
                                        "java.io.ObjectInputStream",
                                        "org.apache.spark.rdd.",
                                        "DAGScheduler",
                                        "org.apache.spark.sql.catalyst.",
                                        "org.apache.spark.Dependency",
                                        "SerializationProxy",
                                        "org.apache.spark.scheduler."};

// Code 137 in any of its spellings, as a word of its own.
bool SaysCode(std::string_view reason, std::string_view code) {
  for (const std::string_view mark : {"exit code ", "exited with code ", "Exit code is ",
                                      "exit code: ", "exit status: ", "with code "}) {
    const std::string_view rest = After(reason, mark);
    if (rest.starts_with(code) &&
        (rest.size() == code.size() || rest[code.size()] < '0' || rest[code.size()] > '9')) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool IsLineageFrame(std::string_view text) {
  return std::any_of(std::begin(kFrames), std::end(kFrames),
                     [&](std::string_view frame) { return Has(text, frame); });
}

void ForEachSeen(std::string_view text, const MessagePlace& place, const VisitSeen& visit) {
  for (const Mark& mark : kMarks) {
    const size_t found = text.find(mark.mark);
    if (found == std::string_view::npos) continue;
    const std::string_view rest = text.substr(found + mark.mark.size());
    const Seen seen = mark.read({.text = text, .rest = rest, .place = place});
    if (seen.amount >= 0) visit(seen);
  }
}

void ForEachLoss(std::string_view reason, std::string_view executor, const VisitSeen& visit) {
  reason.remove_prefix(std::min(reason.find_first_not_of(" \n"), reason.size()));
  // Dynamic allocation, the end of the application, and executors that were asked to go.
  if (Has(reason, "killed by driver"))
    return visit({.sight = Sight::kExecutorIdle, .executor = Name(executor)});
  if (Has(reason, "ecommission") || SaysCode(reason, "0")) return;
  const std::string who = Name(executor);
  if (SaysCode(reason, "137") || Has(reason, "OOMKilled") ||
      Has(reason, "exceeding memory limits")) {
    visit({.sight = Sight::kContainerKilled, .executor = who});
  } else if (SaysCode(reason, "52")) {
    visit({.sight = Sight::kExecutorExit52, .executor = who});
  } else if (Has(reason, "heartbeat timed out after ")) {
    visit({.sight = Sight::kHeartbeatLost,
           .amount = std::max<int64_t>(LeadingNumber(After(reason, "timed out after ")), 0),
           .executor = who});
  } else if (Has(reason, "no recent heartbeats: ")) {
    const std::string_view rest = After(reason, "no recent heartbeats: ");
    visit({.sight = Sight::kHeartbeatLost,
           .amount = std::max<int64_t>(LeadingNumber(rest), 0),
           .limit = std::max<int64_t>(LeadingNumber(After(rest, "timeout ")), 0),
           .executor = who});
  }
  visit({.sight = Sight::kExecutorLost, .name = Name(UpTo(reason, "\n")), .executor = who});
}

}  // namespace ballast::webhook
