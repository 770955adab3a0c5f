// Gathers what logs tell into an ApplicationRun, in memory that has a bound whatever they tell.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "policy/symptoms/application_run.h"

namespace ballast::webhook {

// A task's end as the event log has it. Texts are views that live as long as the call.
struct TaskEnd {
  int64_t stage = -1;
  int64_t attempt = 0;
  int64_t id = -1;
  std::string_view executor;
  int64_t launched = 0;
  int64_t finished = 0;
  bool succeeded = false;
  policy::TaskTimes times;  // without `wall`
  policy::TaskBytes bytes;
  int64_t records = 0;          // read
  int64_t records_written = 0;  // to shuffles
  policy::MemorySample memory;
  int64_t own_gc_time = 0;  // of the executor so far
};

// A stage as it is submitted or completed.
struct StageInfo {
  int64_t id = -1;
  int64_t attempt = 0;
  std::string_view name;
  int64_t tasks = 0;
  int64_t submitted = 0;
  int64_t completed = 0;
  std::string_view failure;
};

// Events are to come in the order of the log. Used by one thread.
class RunBuilder {
 public:
  RunBuilder();

  void SparkVersionIs(std::string_view text);
  void SettingsAre(const std::vector<std::pair<std::string_view, std::string_view>>& settings);
  void ApplicationStarted(std::string_view id, std::string_view name, int64_t at);
  void ApplicationEnded(int64_t at);
  void ExecutorAdded(std::string_view id, std::string_view host, int64_t cores, int64_t at);
  void ExecutorRemoved(std::string_view id, std::string_view reason, int64_t at);
  void BlockManagerAdded(std::string_view id, policy::ByteSize heap, policy::ByteSize off_heap,
                         int64_t at);
  void JobStarted(int64_t job, int64_t at, int64_t stages_deep);
  void JobEnded(int64_t at, bool failed);
  void StageSubmitted(const StageInfo& info);
  void StageCompleted(const StageInfo& info);
  void TaskStarted(int64_t stage, int64_t attempt, std::string_view executor, int64_t at);
  void TaskEnded(const TaskEnd& task);
  void MemorySeen(std::string_view executor, const policy::MemorySample& sample,
                  int64_t own_gc_time);
  void PythonSeen() { run_.python = true; }
  void Sighted(const policy::Seen& seen, const policy::LogLine& where, bool in_event_log);
  void InputRead(policy::InputState state, bool event_log);

  // Whether a stage failed since the last job began: its reason was told then.
  bool stage_failed() const { return stage_failed_; }
  bool finished() const { return run_.finished; }
  int64_t now() const { return run_.ended; }  // the latest moment that was told
  const std::string& application() const { return run_.id; }
  // One that began besides, of whose logs nothing belongs to the run; empty: none.
  const std::string& other_application() const { return other_application_; }

  // All that was gathered. The builder is used up.
  policy::ApplicationRun Finish() &&;

 private:
  // A stage while its tasks run.
  struct OpenStage {
    policy::StageRun run;
    int64_t first_end = 0;  // of its tasks
    policy::SpreadGatherer duration;
    policy::SpreadGatherer bytes;
    policy::SpreadGatherer records;
    policy::SpreadGatherer deserialization;
    policy::SpreadGatherer serialization;
  };
  // What is only of use while an executor runs.
  struct LiveExecutor {
    size_t place = 0;  // in run_.executors
    int64_t running = 0;
    int64_t busy_since = 0;
    int64_t first_launch = 0;
    int64_t sample_span = 0;  // samples closer together than this are merged
  };
  using StageKey = std::pair<int64_t, int64_t>;

  policy::ExecutorRun* FindExecutor(std::string_view id);
  LiveExecutor* FindLive(std::string_view id);
  policy::ExecutorRun* MakeExecutor(std::string_view id);
  OpenStage& OpenedStage(StageKey key);
  bool IsFirstOf(const TaskEnd& task);
  void Close(StageKey key);
  void CountLive(int64_t executors, int64_t cores);
  void AddSample(policy::ExecutorRun& executor, LiveExecutor& live,
                 const policy::MemorySample& sample);

  policy::ApplicationRun run_;
  std::unordered_map<std::string, LiveExecutor> executors_;
  std::map<StageKey, OpenStage> open_;
  int64_t live_executors_ = 0;
  int64_t live_cores_ = 0;
  int64_t most_cores_ = 0;
  bool stage_failed_ = false;
  std::string other_application_;
};

}  // namespace ballast::webhook
