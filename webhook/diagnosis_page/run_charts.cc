#include "webhook/diagnosis_page/run_charts.h"

#include <algorithm>
#include <vector>

#include "policy/spark_memory.h"
#include "policy/symptoms/finding.h"

namespace ballast::webhook {
namespace {

using policy::ApplicationRun;
using policy::ByteSize;
using policy::ExecutorRun;
using policy::MemorySample;
using policy::StageRun;
using policy::TaskTimes;

constexpr int64_t kDefaultHeap = 1024;  // MiB, of driver and executor
constexpr size_t kMostStages = 10;

// Those that ran tasks: the executors, or the one JVM of local mode.
bool RanTasks(const ApplicationRun& run, const ExecutorRun& executor) {
  return run.local() ? executor.id == "driver" : executor.id != "driver";
}

std::string NameOf(const ExecutorRun& executor) {
  return executor.id == "driver" ? "driver" : "executor " + executor.id;
}

template <typename Part>
std::vector<MemoryLine> LinesOf(const ApplicationRun& run, const Part& part) {
  std::vector<MemoryLine> lines;
  for (const ExecutorRun& executor : run.executors) {
    if (!RanTasks(run, executor)) continue;
    MemoryLine line{NameOf(executor), {}};
    for (const MemorySample& sample : executor.memory) {
      if (part(sample) > ByteSize()) line.points.push_back({sample.at, part(sample)});
    }
    if (!line.points.empty()) lines.push_back(std::move(line));
  }
  return lines;
}

MemoryChart ChartOf(const ApplicationRun& run, std::string title) {
  MemoryChart chart;
  chart.title = std::move(title);
  chart.start = run.started;
  chart.end = std::max(run.ended, run.started);
  return chart;
}

// GC stops all tasks of an executor at once and is counted by each of them; together the parts
// never exceed the whole.
std::vector<int64_t> PartsOf(const TaskTimes& times) {
  const int64_t run = std::max<int64_t>(times.run, 0);
  const int64_t shuffle = std::min(times.fetch_wait + times.shuffle_write, run);
  const int64_t gc = std::min(times.gc, run - shuffle);
  const int64_t compute = run - shuffle - gc;
  const int64_t known = times.deserialization + run + times.serialization;
  return {times.deserialization,
          compute,
          gc,
          shuffle,
          times.serialization,
          std::max<int64_t>(times.wall - known, 0)};
}

std::string StageName(const StageRun& stage) {
  std::string name = std::to_string(stage.id);
  if (stage.attempt > 0) name += " (attempt " + std::to_string(stage.attempt) + ")";
  return name + ": " + stage.name;
}

}  // namespace

MemoryChart HeapChart(const ApplicationRun& run) {
  MemoryChart chart = ChartOf(run, run.local() ? "Heap of the driver" : "Heap of the executors");
  chart.limit_name = policy::HeapKey(run);
  chart.limit = policy::Mebibytes(policy::NumberNow(run, policy::HeapKey(run), kDefaultHeap));
  chart.lines = LinesOf(run, [](const MemorySample& sample) { return sample.heap; });
  return chart;
}

MemoryChart PodChart(const ApplicationRun& run) {
  MemoryChart chart = ChartOf(run, "Memory of the executors' pods, all processes");
  chart.limit_name = "the pod's limit";
  const auto shape = policy::ExecutorShape(
      run.conf, run.python ? policy::Language::kPython : policy::Language::kJvm, run.version);
  if (shape && !run.local()) chart.limit = shape->memory();
  chart.lines = LinesOf(run, [](const MemorySample& sample) {
    return sample.jvm_resident + sample.python_resident + sample.other_resident;
  });
  return chart;
}

PartsChart TaskTimeChart(const ApplicationRun& run) {
  PartsChart chart{"Task time",
                   {"deserialise", "compute", "GC", "shuffle", "serialise", "wait and result"},
                   {{"all tasks", PartsOf(run.totals.times)}}};
  std::vector<const StageRun*> stages;
  for (const StageRun& stage : run.stages) {
    if (stage.times.wall > 0) stages.push_back(&stage);
  }
  std::stable_sort(stages.begin(), stages.end(), [](const StageRun* a, const StageRun* b) {
    return a->times.wall > b->times.wall;
  });
  stages.resize(std::min(stages.size(), kMostStages));
  for (const StageRun* stage : stages) {
    chart.rows.push_back({"stage " + StageName(*stage), PartsOf(stage->times)});
  }
  return chart;
}

TimelineChart StageChart(const ApplicationRun& run) {
  TimelineChart chart{"Stages", run.started, std::max(run.ended, run.started), {}};
  for (const StageRun& stage : run.stages) {
    if (stage.submitted == 0) continue;  // planned and never run
    chart.bars.push_back(
        {StageName(stage), stage.submitted, stage.completed, !stage.failure.empty()});
  }
  return chart;
}

std::string ChartsHtml(const ApplicationRun& run) {
  const std::string html = DrawMemory(HeapChart(run)) + DrawMemory(PodChart(run)) +
                           DrawParts(TaskTimeChart(run)) + DrawTimeline(StageChart(run));
  if (!html.empty()) return html;
  return "<p>The logs hold nothing to draw: an event log (spark.eventLog.enabled) would.</p>\n";
}

}  // namespace ballast::webhook
