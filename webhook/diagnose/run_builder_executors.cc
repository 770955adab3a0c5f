// The part of RunBuilder that is about executors.

#include <algorithm>

#include "policy/cut_text.h"
#include "webhook/diagnose/run_builder.h"

namespace ballast::webhook {
namespace {

constexpr std::string_view kDriver = "driver";
constexpr int64_t kFirstSpan = 500;  // ms between two samples that are kept

// Neighbours become one, so that there is room again.
void Thin(std::vector<policy::MemorySample>& samples) {
  size_t kept = 0;
  for (size_t i = 0; i < samples.size(); i += 2) {
    samples[kept] = samples[i];
    if (i + 1 < samples.size()) {
      samples[kept].RaiseTo(samples[i + 1]);
      samples[kept].at = samples[i + 1].at;
    }
    ++kept;
  }
  samples.resize(kept);
}

}  // namespace

policy::ExecutorRun* RunBuilder::FindExecutor(std::string_view id) {
  const LiveExecutor* live = FindLive(id);
  return live == nullptr ? nullptr : &run_.executors[live->place];
}

RunBuilder::LiveExecutor* RunBuilder::FindLive(std::string_view id) {
  const auto found = executors_.find(std::string(id));
  return found == executors_.end() ? nullptr : &found->second;
}

policy::ExecutorRun* RunBuilder::MakeExecutor(std::string_view id) {
  if (policy::ExecutorRun* known = FindExecutor(id)) return known;
  if (run_.executors.size() >= policy::kExecutorsKept || id.size() > policy::kLineText) {
    return nullptr;
  }
  executors_[std::string(id)] = {.place = run_.executors.size(), .sample_span = kFirstSpan};
  policy::ExecutorRun& made = run_.executors.emplace_back();
  made.id = id;
  return &made;
}

void RunBuilder::CountLive(int64_t executors, int64_t cores) {
  live_executors_ += executors;
  live_cores_ += cores;
  run_.most_executors = std::max(run_.most_executors, live_executors_);
  most_cores_ = std::max(most_cores_, live_cores_);
}

void RunBuilder::ExecutorAdded(std::string_view id, std::string_view host, int64_t cores,
                               int64_t at) {
  if (id != kDriver) ++run_.executors_seen;
  CountLive(id == kDriver ? 0 : 1, std::clamp<int64_t>(cores, 0, 1 << 20));
  policy::ExecutorRun* executor = MakeExecutor(id);
  if (executor == nullptr) return;
  executor->host = policy::CutText(host, policy::kLineText);
  executor->cores = std::clamp<int64_t>(cores, 0, 1 << 20);
  executor->added = at;
}

void RunBuilder::ExecutorRemoved(std::string_view id, std::string_view reason, int64_t at) {
  policy::ExecutorRun* executor = FindExecutor(id);
  if (executor == nullptr || executor->removed != 0) return;
  CountLive(id == kDriver ? 0 : -1, -executor->cores);
  executor->removed = at;
  executor->removal_reason = policy::CutText(reason, policy::kLineText);
  LiveExecutor& live = *FindLive(id);
  if (live.running > 0) executor->busy_time += std::max<int64_t>(at - live.busy_since, 0);
  live.running = 0;
}

void RunBuilder::BlockManagerAdded(std::string_view id, policy::ByteSize heap,
                                   policy::ByteSize off_heap, int64_t at) {
  policy::ExecutorRun* executor = MakeExecutor(id);
  if (executor == nullptr) return;
  executor->unified_limit = heap;
  executor->off_heap_limit = off_heap;
  if (executor->added == 0) executor->added = at;
}

void RunBuilder::MemorySeen(std::string_view executor_id, const policy::MemorySample& sample,
                            int64_t own_gc_time) {
  policy::ExecutorRun* executor = MakeExecutor(executor_id);
  if (executor == nullptr) return;
  executor->own_gc_time = std::max(executor->own_gc_time, own_gc_time);
  AddSample(*executor, *FindLive(executor_id), sample);
}

void RunBuilder::AddSample(policy::ExecutorRun& executor, LiveExecutor& live,
                           const policy::MemorySample& sample) {
  policy::MemorySample nothing;
  nothing.at = sample.at;
  if (sample == nothing) return;  // short tasks report none
  executor.peak.RaiseTo(sample);
  executor.peak.at = std::max(executor.peak.at, sample.at);
  auto& samples = executor.memory;
  if (!samples.empty() && sample.at - samples.back().at < live.sample_span) {
    samples.back().RaiseTo(sample);
    return;
  }
  if (samples.size() >= policy::kMemorySamples) {
    Thin(samples);
    live.sample_span *= 2;
  }
  samples.push_back(sample);
}

}  // namespace ballast::webhook
