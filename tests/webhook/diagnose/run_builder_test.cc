// Tables that have a bound, whatever a log tells.
#include "webhook/diagnose/run_builder.h"

#include <gtest/gtest.h>

namespace ballast::webhook {
namespace {

TaskEnd Task(int64_t stage, std::string_view executor, int64_t at, int64_t length) {
  TaskEnd task;
  task.stage = stage;
  task.executor = executor;
  task.launched = at;
  task.finished = at + length;
  task.succeeded = true;
  task.memory.at = task.finished;
  task.memory.heap = policy::Mebibytes(at % 100 + 1);
  return task;
}

TEST(RunBuilder, KeepsTheHeaviestStages) {
  RunBuilder builder;
  for (int64_t stage = 0; stage < 30'000; ++stage) {
    builder.StageSubmitted({.id = stage, .name = "count", .tasks = 1, .failure = {}});
    builder.TaskEnded(Task(stage, "1", 1000, stage % 1000));
    builder.StageCompleted(
        {.id = stage, .name = "count", .tasks = 1, .completed = 2000, .failure = {}});
  }
  const policy::ApplicationRun run = std::move(builder).Finish();
  EXPECT_EQ(run.stages.size(), policy::kStagesKept);
  EXPECT_EQ(run.totals.stages, 30'000);
  EXPECT_EQ(run.totals.tasks, 30'000);
  EXPECT_EQ(run.stages.front().name, "count");
  for (const policy::StageRun& stage : run.stages) EXPECT_GE(stage.times.wall, 500);
}

TEST(RunBuilder, KeepsSoManyExecutorsAndSamples) {
  RunBuilder builder;
  for (int i = 0; i < 5000; ++i) builder.ExecutorAdded(std::to_string(i), "host", 4, 1000 + i);
  for (int64_t at = 2000; at < 2'000'000; at += 100) builder.TaskEnded(Task(1, "7", at, 10));
  const policy::ApplicationRun run = std::move(builder).Finish();
  EXPECT_EQ(run.executors.size(), policy::kExecutorsKept);
  EXPECT_EQ(run.executors_seen, 5000);
  EXPECT_EQ(run.most_executors, 5000);
  EXPECT_EQ(run.slots, 20'000);
  const policy::ExecutorRun& executor = *run.FindExecutor("7");
  EXPECT_LE(executor.memory.size(), policy::kMemorySamples);
  EXPECT_GT(executor.memory.size(), policy::kMemorySamples / 4);
  EXPECT_EQ(executor.peak.heap, policy::Mebibytes(1));
}

TEST(RunBuilder, CountsBusyTimeOnce) {
  RunBuilder builder;
  builder.ExecutorAdded("1", "host", 2, 500);
  builder.TaskStarted(0, 0, "1", 1000);
  builder.TaskStarted(0, 0, "1", 1200);
  builder.TaskEnded(Task(0, "1", 1000, 1000));
  builder.TaskEnded(Task(0, "1", 1200, 1800));
  builder.ExecutorRemoved("1", "gone", 9000);
  const policy::ApplicationRun run = std::move(builder).Finish();
  EXPECT_EQ(run.executors[0].busy_time, 2000);
  EXPECT_EQ(run.executors[0].task_time, 2800);
  EXPECT_EQ(run.stages[0].longest.duration, 1800);
  EXPECT_EQ(run.stages[0].started_tasks, 2);
}

TEST(RunBuilder, AStagesFirstTasksAreCold) {
  RunBuilder builder;
  builder.ExecutorAdded("1", "host", 2, 500);
  for (const int64_t at : {1000, 5000}) {
    builder.TaskStarted(at, 0, "1", at);
    builder.TaskEnded(Task(at, "1", at, 100));
  }
  // Of the second stage one that waited for Python as long as the one beside it, and ended later
  // than the next; of the third one that began once another had ended.
  builder.TaskEnded(Task(2, "1", 6000, 900));
  builder.TaskEnded(Task(2, "1", 6900, 50));
  builder.TaskEnded(Task(2, "1", 6001, 1000));
  builder.TaskEnded(Task(3, "1", 8000, 100));
  builder.TaskEnded(Task(3, "1", 8100, 1000));
  const policy::ApplicationRun run = std::move(builder).Finish();
  ASSERT_EQ(run.stages.size(), 4U);
  EXPECT_EQ(run.stages[0].id, 2);
  EXPECT_TRUE(run.stages[0].longest.cold);
  EXPECT_EQ(run.stages[1].id, 3);
  EXPECT_FALSE(run.stages[1].longest.cold);
}

TEST(RunBuilder, SlotsAreCoresOverTheTasksCpus) {
  RunBuilder builder;
  builder.SettingsAre({{"spark.task.cpus", "2"}});
  for (const char* id : {"1", "2"}) builder.ExecutorAdded(id, "host", 4, 1);
  builder.ExecutorRemoved("1", "gone", 2);
  builder.ExecutorAdded("3", "host", 4, 3);
  const policy::ApplicationRun run = std::move(builder).Finish();
  EXPECT_EQ(run.slots, 4);
  EXPECT_EQ(run.most_executors, 2);
  EXPECT_EQ(run.executors_seen, 3);
}

}  // namespace
}  // namespace ballast::webhook
