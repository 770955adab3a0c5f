// A driver's or an executor's console log, line by line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "webhook/diagnose/log_message.h"
#include "webhook/diagnose/run_builder.h"

namespace ballast::webhook {

// Used by one thread.
class TextLogReader {
 public:
  TextLogReader(RunBuilder& builder, std::string source);

  void Read(std::string_view line, int64_t number);
  // After the last line.
  void End();

 private:
  void Told(const policy::Seen& seen, std::string_view line);
  void FollowStackOverflow(std::string_view line);
  void ReadRecord(std::string_view line);
  void ReadApplication(std::string_view line);
  void ReadLoss(std::string_view line);
  bool ReadContainer(std::string_view line);
  MessagePlace PlaceOf(std::string_view line);

  RunBuilder& builder_;
  std::string source_;
  int64_t number_ = 0;
  Where where_ = Where::kUnknown;  // whose log it is
  bool in_task_ = false;           // the stack trace that runs is a task's, not the driver's own
  bool python_worker_ = false;     // the same for a traceback of Python
  bool task_binary_ = false;       // the next broadcast is a stage's closure
  std::string last_lost_;          // executor of the last loss, which may be told in several lines
  // A StackOverflowError whose frames have not told yet where it was.
  int frames_left_ = 0;
  policy::LogLine overflow_;
  policy::Seen overflow_seen_;
};

}  // namespace ballast::webhook
