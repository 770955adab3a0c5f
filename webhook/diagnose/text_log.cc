#include "webhook/diagnose/text_log.h"

#include "policy/cut_text.h"
#include "webhook/diagnose/message_numbers.h"

namespace ballast::webhook {
namespace {

using policy::Sight;

constexpr int kFrames = 1100;             // a JVM prints 1,024 frames of a trace
constexpr size_t kMostLooked = 64 << 10;  // bytes of a line: the rest is somebody's data

bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// A record begins with its time, in any of log4j's usual layouts, or is structured (Spark 4: JSON).
bool BeginsRecord(std::string_view line) {
  return line.size() > 8 &&
         ((line[0] >= '0' && line[0] <= '9' && line[1] >= '0' && line[1] <= '9') ||
          line.starts_with("{\"ts\""));
}

bool IsFrame(std::string_view line) {
  return line.starts_with("\tat ") || line.starts_with("    at ");
}

std::string_view Trimmed(std::string_view line) {
  const size_t begin = line.find_first_not_of(" \t");
  return begin == std::string_view::npos ? std::string_view() : line.substr(begin);
}

}  // namespace

TextLogReader::TextLogReader(RunBuilder& builder, std::string source)
    : builder_(builder), source_(std::move(source)) {}

void TextLogReader::Told(const policy::Seen& seen, std::string_view line) {
  builder_.Sighted(seen,
                   {.source = source_,
                    .line = number_,
                    .text = std::string(policy::CutText(line, policy::kLineText))},
                   false);
}

MessagePlace TextLogReader::PlaceOf(std::string_view line) {
  if (BeginsRecord(line)) in_task_ = false;
  if (Has(line, "Exception in task ") || Has(line, "Lost task ") ||
      Has(line, "Job aborted due to stage failure") || Has(line, "Executor task launch worker")) {
    in_task_ = !Has(line, "Exception while getting task result") &&
               !Has(line, "Task serialization failed");
  }
  const bool executors = in_task_ || where_ == Where::kExecutor;
  return {.where = executors ? Where::kExecutor : where_};
}

void TextLogReader::ReadApplication(std::string_view line) {
  if (Has(line, "CoarseGrainedExecutorBackend") || Has(line, "KubernetesExecutorBackend")) {
    // The driver speaks of CoarseGrainedSchedulerBackend, the executor's own log of this one.
    if (Has(line, "Started daemon") || Has(line, "Connecting to driver")) where_ = Where::kExecutor;
  } else if (Has(line, "SparkContext: Running Spark version ")) {
    where_ = Where::kDriver;
    builder_.SparkVersionIs(UpTo(After(line, "Running Spark version "), " "));
  } else if (Has(line, "SparkContext: Submitted application: ")) {
    builder_.ApplicationStarted({}, After(line, "Submitted application: "), 0);
  } else if (Has(line, "PythonRunner: ")) {
    builder_.PythonSeen();
  }
}

// "Lost executor 1 on 10.0.0.1: REASON", "ExecutorLostFailure (executor 1 exited ..) Reason:
// REASON", "The executor with id 1 exited with exit code 137(..)".
void TextLogReader::ReadLoss(std::string_view line) {
  const auto tell = [&](std::string_view reason, std::string_view executor) {
    // The reason may come in the next line; and the same loss is told in other words.
    if (Trimmed(reason).empty() || executor == last_lost_) return;
    last_lost_ = executor;
    ForEachLoss(reason, executor, [&](const policy::Seen& seen) { Told(seen, line); });
  };
  if (const auto rest = After(line, "Lost executor "); !rest.empty()) {
    tell(After(rest, ": "), UpTo(rest, " "));
  } else if (Has(line, "The executor with id ")) {
    const auto id = UpTo(After(line, "The executor with id "), " ");
    tell(Has(line, " was deleted by ") ? line : After(line, " exited with "), id);
  } else if (Has(line, "ExecutorLostFailure (executor ")) {
    tell(After(line, "Reason: "), UpTo(After(line, "ExecutorLostFailure (executor "), " "));
  }
}

// The lines in which Kubernetes says what became of a container. True: it was killed for its
// memory.
bool TextLogReader::ReadContainer(std::string_view line) {
  if (!Has(line, "OOMKilled") || !last_lost_.empty()) return false;
  Told({.sight = Sight::kContainerKilled}, line);
  return true;
}

void TextLogReader::FollowStackOverflow(std::string_view line) {
  if (frames_left_ > 0 && IsFrame(line)) {
    if (!IsLineageFrame(line) && --frames_left_ > 0) return;
    overflow_seen_.sight =
        frames_left_ > 0 ? Sight::kStackOverflowInLineage : Sight::kStackOverflow;
  } else if (frames_left_ > 0) {
    overflow_seen_.sight = Sight::kStackOverflow;
  } else {
    return;
  }
  builder_.Sighted(overflow_seen_, overflow_, false);
  frames_left_ = 0;
}

void TextLogReader::Read(std::string_view line, int64_t number) {
  line = line.substr(0, kMostLooked);
  number_ = number;
  FollowStackOverflow(line);
  if (IsFrame(line) || line.empty()) return;
  ReadRecord(line);
}

void TextLogReader::ReadRecord(std::string_view line) {
  const MessagePlace place = PlaceOf(line);
  ReadApplication(line);
  ReadLoss(line);
  ReadContainer(line);
  if (Has(line, "java.lang.StackOverflowError") && !line.starts_with("Caused by:")) {
    frames_left_ = kFrames;
    overflow_ = {.source = source_,
                 .line = number_,
                 .text = std::string(policy::CutText(line, policy::kLineText))};
    overflow_seen_ = {.stage = StageIn(line), .executor = std::string(ExecutorIn(line))};
  }
  if (const auto error = Trimmed(line);
      error.starts_with("MemoryError") || Has(error, ".MemoryError") ||
      error.starts_with("numpy.core._exceptions._ArrayMemoryError")) {
    Told({.sight = Sight::kPythonMemory}, line);
  }
  ForEachSeen(line, place, [&](const policy::Seen& seen) {
    if (seen.sight == Sight::kLargeBroadcast && task_binary_) return;
    Told(seen, line);
  });
  // A stage's closure is a broadcast, too, and was told as what it is.
  if (Has(line, "Broadcasting large task binary")) task_binary_ = true;
  if (Has(line, "Created broadcast ")) task_binary_ = false;
}

void TextLogReader::End() { FollowStackOverflow({}); }

}  // namespace ballast::webhook
