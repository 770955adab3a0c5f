#include "webhook/diagnose/run_builder.h"

#include <algorithm>
#include <tuple>

#include "policy/cut_text.h"

namespace ballast::webhook {
namespace {

constexpr size_t kOpenStages = 200;   // running at once; the oldest is closed for a new one
constexpr int64_t kFirstWave = 1000;  // ms
constexpr size_t kMostSettings = 5000;
constexpr size_t kMostText = 64 << 10;  // of one setting

// The stages with the most work, in the order in which they ran.
void KeepTheHeaviest(std::vector<policy::StageRun>& stages) {
  if (stages.size() <= policy::kStagesKept) return;
  const auto last = stages.begin() + static_cast<std::ptrdiff_t>(policy::kStagesKept);
  std::nth_element(stages.begin(), last, stages.end(), [](const auto& one, const auto& other) {
    return one.times.wall > other.times.wall;
  });
  stages.erase(last, stages.end());
}

}  // namespace

RunBuilder::RunBuilder() = default;

void RunBuilder::SparkVersionIs(std::string_view text) {
  if (!run_.spark_version_text.empty()) return;
  run_.spark_version_text = policy::CutText(text, policy::kLineText);
  const auto version = policy::ParseSparkVersion(text);
  if (version.ok()) run_.version = policy::NearestKnown(*version);
}

void RunBuilder::SettingsAre(
    const std::vector<std::pair<std::string_view, std::string_view>>& settings) {
  std::vector<std::pair<std::string_view, std::string_view>> kept;
  for (const auto& [key, value] : settings) {
    if (kept.size() >= kMostSettings || key.size() + value.size() > kMostText) continue;
    kept.emplace_back(key, value);
  }
  run_.conf = policy::SparkConf(std::move(kept));
  const auto type = run_.conf.Get("spark.kubernetes.resource.type");
  if (type == "python" || run_.conf.Has("spark.yarn.isPython")) run_.python = true;
}

void RunBuilder::ApplicationStarted(std::string_view id, std::string_view name, int64_t at) {
  const std::string_view cut = policy::CutText(id, policy::kLineText);
  if (run_.id.empty()) run_.id = cut;
  if (!cut.empty() && cut != run_.id) other_application_ = cut;
  if (run_.name.empty()) run_.name = policy::CutText(name, policy::kLineText);
  if (run_.started == 0) run_.started = at;
}

void RunBuilder::ApplicationEnded(int64_t at) {
  run_.ended = at;
  run_.finished = true;
}

void RunBuilder::JobStarted(int64_t job, int64_t at, int64_t stages_deep) {
  ++run_.totals.jobs;
  stage_failed_ = false;
  if (run_.first_job == 0) run_.first_job = at;
  if (stages_deep > run_.deepest_lineage) {
    run_.deepest_lineage = stages_deep;
    run_.deepest_job = job;
  }
}

void RunBuilder::JobEnded(int64_t at, bool failed) {
  if (failed) ++run_.totals.failed_jobs;
  run_.last_job_end = std::max(run_.last_job_end, at);
  run_.ended = std::max(run_.ended, at);
}

RunBuilder::OpenStage& RunBuilder::OpenedStage(StageKey key) {
  const auto found = open_.find(key);
  if (found != open_.end()) return found->second;
  if (open_.size() >= kOpenStages) Close(open_.begin()->first);
  OpenStage& stage = open_[key];
  std::tie(stage.run.id, stage.run.attempt) = key;
  return stage;
}

void RunBuilder::StageSubmitted(const StageInfo& info) {
  policy::StageRun& stage = OpenedStage({info.id, info.attempt}).run;
  stage.name = policy::CutText(info.name, policy::kLineText);
  stage.planned_tasks = info.tasks;
  stage.submitted = info.submitted;
}

void RunBuilder::StageCompleted(const StageInfo& info) {
  StageSubmitted(info);
  policy::StageRun& stage = OpenedStage({info.id, info.attempt}).run;
  stage.completed = info.completed;
  stage.failure =
      policy::CutText(info.failure.substr(0, info.failure.find('\n')), policy::kLineText);
  if (!info.failure.empty()) stage_failed_ = true;
  run_.ended = std::max(run_.ended, info.completed);
  Close({info.id, info.attempt});
}

void RunBuilder::Close(StageKey key) {
  const auto found = open_.find(key);
  OpenStage& stage = found->second;
  stage.run.duration = stage.duration.Summary();
  stage.run.task_bytes = stage.bytes.Summary();
  stage.run.task_records = stage.records.Summary();
  stage.run.deserialization = stage.deserialization.Summary();
  stage.run.serialization = stage.serialization.Summary();
  ++run_.totals.stages;
  run_.stages.push_back(std::move(stage.run));
  open_.erase(found);
  if (run_.stages.size() >= 2 * policy::kStagesKept) KeepTheHeaviest(run_.stages);
}

void RunBuilder::TaskEnded(const TaskEnd& task) {
  OpenStage& open = OpenedStage({task.stage, task.attempt});
  policy::StageRun* stage = &open.run;
  policy::TaskTimes times = task.times;
  times.wall = std::max<int64_t>(task.finished - task.launched, 0);
  const int64_t read = task.bytes.input.bytes() + task.bytes.shuffle_read.bytes();
  // A task that reads nothing makes its data itself: what it writes then says how much it had.
  const int64_t data = read > 0 ? read : task.bytes.shuffle_written.bytes();
  const int64_t records = task.records > 0 ? task.records : task.records_written;
  ++stage->ended_tasks;
  stage->times += times;
  stage->bytes += task.bytes;
  run_.totals.times += times;
  run_.totals.bytes += task.bytes;
  ++run_.totals.tasks;
  run_.ended = std::max(run_.ended, task.finished);
  policy::ExecutorRun* executor = FindExecutor(task.executor);
  // The first tasks of an executor, and the first of a stage on every slot, load classes and start
  // Python's workers.
  const bool warm =
      (executor == nullptr || executor->tasks >= std::max<int64_t>(executor->cores, 1)) &&
      stage->ended_tasks > live_cores_;
  if (stage->ended_tasks == 1) open.first_end = task.finished;
  const bool first_of_stage = task.launched < open.first_end;
  if (task.succeeded) {
    open.duration.Add(times.wall);
    open.bytes.Add(data);
    open.records.Add(records);
    if (warm) open.serialization.Add(times.serialization);
    if (warm) open.deserialization.Add(times.deserialization);
    if (times.wall > stage->longest.duration) {
      stage->longest = {task.id, std::string(task.executor),       times.wall, data,
                        records, first_of_stage || IsFirstOf(task)};
    }
  } else {
    ++stage->failed_tasks;
    ++run_.totals.failed_tasks;
  }
  if (executor == nullptr) return;
  ++executor->tasks;
  if (!task.succeeded) ++executor->failed_tasks;
  executor->task_time += times.wall;
  executor->own_gc_time = std::max(executor->own_gc_time, task.own_gc_time);
  LiveExecutor& live = *FindLive(task.executor);
  if (live.running > 0 && --live.running == 0) {
    executor->busy_time += std::max<int64_t>(task.finished - live.busy_since, 0);
  }
  AddSample(*executor, live, task.memory);
}

void RunBuilder::TaskStarted(int64_t stage, int64_t attempt, std::string_view executor,
                             int64_t at) {
  ++OpenedStage({stage, attempt}).run.started_tasks;
  LiveExecutor* live = FindLive(executor);
  if (live == nullptr) return;
  if (live->running++ == 0) live->busy_since = at;
  if (live->first_launch == 0) live->first_launch = at;
}

// It was launched with the first ones of its executor.
bool RunBuilder::IsFirstOf(const TaskEnd& task) {
  const LiveExecutor* live = FindLive(task.executor);
  return live != nullptr && live->first_launch > 0 &&
         task.launched - live->first_launch < kFirstWave;
}

void RunBuilder::Sighted(const policy::Seen& seen, const policy::LogLine& where,
                         bool in_event_log) {
  run_.sightings.Add(seen, where, in_event_log);
}

void RunBuilder::InputRead(policy::InputState state, bool event_log) {
  (event_log ? run_.has_event_log : run_.has_text_log) = true;
  run_.inputs.push_back(std::move(state));
}

policy::ApplicationRun RunBuilder::Finish() && {
  while (!open_.empty()) Close(open_.begin()->first);
  KeepTheHeaviest(run_.stages);
  std::sort(run_.stages.begin(), run_.stages.end(), [](const auto& one, const auto& other) {
    return std::tie(one.id, one.attempt) < std::tie(other.id, other.attempt);
  });
  run_.slots = run_.SlotsOf(most_cores_);
  run_.last_job_end = std::max(run_.last_job_end, run_.finished ? int64_t{0} : run_.ended);
  return std::move(run_);
}

}  // namespace ballast::webhook
