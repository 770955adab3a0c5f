#include "webhook/diagnose/read_application.h"

#include <algorithm>
#include <optional>

#include "webhook/diagnose/codecs.h"
#include "webhook/diagnose/event_log.h"
#include "webhook/diagnose/line_reader.h"
#include "webhook/diagnose/text_log.h"

namespace ballast::webhook {
namespace {

// One log, file after file.
class LogReading {
 public:
  LogReading(RunBuilder& builder, const LogFiles& log)
      : builder_(builder), log_(log), state_{.source = log.name} {}

  void Read(ReadBytes bytes);
  void Finish();

 private:
  void ReadLines(LineReader& lines);
  void ReadLine(std::string_view line, int64_t number);
  void Damaged(const std::string& what) {
    if (state_.damaged.empty()) state_.damaged = what;
    ++state_.damaged_places;
  }

  RunBuilder& builder_;
  const LogFiles& log_;
  policy::InputState state_;
  std::optional<EventLogReader> events_;
  std::optional<TextLogReader> text_;
  int64_t before_ = 0;    // lines of the files before this one
  int64_t bad_line_ = 0;  // the last one, of this file
  bool cut_ = false;
};

void LogReading::Read(ReadBytes bytes) {
  LineReader lines(Decompressed(std::move(bytes)));
  ReadLines(lines);
}

void LogReading::ReadLines(LineReader& lines) {
  std::string_view line;
  bad_line_ = 0;
  while (lines.Next(line)) {
    // What was bad before was not the last line.
    if (bad_line_ > 0) Damaged("line " + std::to_string(bad_line_) + " is no event");
    bad_line_ = 0;
    ReadLine(line, lines.number());
  }
  const bool ends_in_a_line = lines.unended() && bad_line_ > 0;
  if (bad_line_ > 0 && !ends_in_a_line) {
    Damaged("line " + std::to_string(bad_line_) + " is no event");
  }
  const std::string place = "after line " + std::to_string(lines.number()) + ": ";
  const ReadOutcome& end = lines.end();
  cut_ |= ends_in_a_line || end.cut;
  if (!end.damage.empty() && !(end.cut && log_.in_progress)) Damaged(place + end.damage);
  if (lines.passed_over() > 0) {
    Damaged(std::to_string(lines.passed_over()) + " lines of over 8 MiB were passed over");
  }
  before_ += lines.number();
}

void LogReading::ReadLine(std::string_view line, int64_t number) {
  if (!events_ && !text_) {
    if (line.find_first_not_of(" \t") == std::string_view::npos) return;
    if (LooksLikeEvent(line)) {
      events_.emplace(builder_, log_.name);
    } else if (line.substr(0, 512).find('\0') != std::string_view::npos) {
      return Damaged("is neither text nor of a compression that Spark writes");
    } else {
      text_.emplace(builder_, log_.name);
    }
  }
  if (text_) return text_->Read(line, number);
  if (!line.empty() && !events_->Read(line, before_ + number)) bad_line_ = number;
}

void LogReading::Finish() {
  if (text_) text_->End();
  const bool events = events_.has_value() || (log_.in_progress && !text_);
  if (events && !builder_.finished()) {
    state_.unfinished = log_.in_progress ? "Spark was still writing it (.inprogress)"
                        : cut_           ? "is cut off in its middle"
                                         : "has no end of the application";
  } else if (cut_) {
    state_.unfinished = "is cut off in its middle";
  }
  builder_.InputRead(std::move(state_), events);
}

}  // namespace

policy::Result<policy::ApplicationRun> ReadApplication(const std::string& argument,
                                                       const std::vector<LogFiles>& logs,
                                                       const SeenBytes& seen) {
  RunBuilder builder;
  std::string first;  // the log that says which application it is
  for (const LogFiles& log : logs) {
    LogReading reading(builder, log);
    for (const std::string& path : log.paths) {
      auto bytes = OpenBytes(path, seen);
      if (!bytes.ok()) return bytes.error();
      reading.Read(*std::move(bytes));
    }
    reading.Finish();
    if (first.empty() && !builder.application().empty()) first = log.name;
    if (!builder.other_application().empty()) {
      return policy::Error{argument, "holds the logs of several applications, " +
                                         builder.application() + " (" + first + ") and " +
                                         builder.other_application() + " (" + log.name +
                                         ") among them: give the logs of each by themselves"};
    }
  }
  policy::ApplicationRun run = std::move(builder).Finish();
  run.source = argument;
  return run;
}

policy::ApplicationRun ReadApplication(const LogFiles& log, ReadBytes bytes) {
  RunBuilder builder;
  LogReading reading(builder, log);
  reading.Read(std::move(bytes));
  reading.Finish();
  return std::move(builder).Finish();
}

}  // namespace ballast::webhook
