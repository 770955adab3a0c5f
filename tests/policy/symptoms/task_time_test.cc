// Where the time of tasks goes: serialization, garbage, skew, their number, idle slots.
#include "tests/policy/symptoms/symptom_case.h"

namespace ballast::policy {
namespace {

constexpr int64_t kMebi = 1 << 20;

void Serialization(ApplicationRun& run, int64_t median) {
  AddStage(run, 10, 1000, 1000).serialization = {
      .count = 10, .sum = 10 * median, .median = median, .most = median};
}
void Deserialization(ApplicationRun& run, int64_t tasks, int64_t median) {
  AddStage(run, 10, 1000, 1000).deserialization = {
      .count = tasks, .sum = tasks * median, .median = median, .most = median};
}
void Garbage(ApplicationRun& run, int64_t tasks_gc, int64_t own_gc) {
  run.totals.tasks = 100;
  run.totals.times = {.wall = 100'000, .run = 100'000, .gc = tasks_gc};
  ExecutorRun& executor = AddExecutor(run, "1");
  executor.tasks = 100;
  executor.busy_time = 100'000;
  executor.own_gc_time = own_gc;
}
void Stage(ApplicationRun& run, int64_t tasks, int64_t slots, int64_t length) {
  run.slots = slots;
  StageRun& stage = AddStage(run, tasks, 100, 100);
  stage.submitted = 1000;
  stage.completed = 1000 + length;
}
void Idle(ApplicationRun& run, int64_t busy) {
  run.conf.Set("spark.executor.instances", "10");
  run.first_job = 1000;
  run.last_job_end = 101'000;
  for (int i = 0; i < 10; ++i) AddExecutor(run, std::to_string(i)).added = 500;
  run.totals.times.wall = busy;
}

const SymptomCase kCases[] = {
    {"SerializationAt100", &kSerializationTime,
     [](ApplicationRun& run) { Serialization(run, 100); }, ""},
    {"SerializationOver100", &kSerializationTime,
     [](ApplicationRun& run) { Serialization(run, 101); },
     "medium: tasks took 101 ms (median) to serialize a result (stage 0) [spark.serializer: "
     "org.apache.spark.serializer.JavaSerializer -> org.apache.spark.serializer.KryoSerializer]"},
    {"DeserializationAt50", &kDeserializationTime,
     [](ApplicationRun& run) { Deserialization(run, 10, 50); }, ""},
    {"DeserializationOver50", &kDeserializationTime,
     [](ApplicationRun& run) { Deserialization(run, 10, 51); },
     "medium: tasks took 51 ms (median) to be deserialized (stage 0)"},
    {"DeserializationOfTooFew", &kDeserializationTime,
     [](ApplicationRun& run) { Deserialization(run, 3, 500); }, ""},
    {"GarbageAtTenPercent", &kGcTime, [](ApplicationRun& run) { Garbage(run, 10'000, 10'000); },
     ""},
    {"GarbageOverTenPercent", &kGcTime, [](ApplicationRun& run) { Garbage(run, 12'000, 11'000); },
     "medium: 11 % of the tasks' time went into garbage collection (11 s) [spark.executor.memory: "
     "1g -> "
     "1536m]"},
    {"GarbageOfAThird", &kGcTime, [](ApplicationRun& run) { Garbage(run, 35'000, 0); },
     "high: 35 % of the tasks' time went into garbage collection (35 s) [spark.executor.memory: 1g "
     "-> "
     "1536m]"},
    {"PausesThatManyTasksCounted", &kGcTime,
     [](ApplicationRun& run) { Garbage(run, 150'000, 5'000); }, ""},
    {"GarbageInALargeHeap", &kGcTime,
     [](ApplicationRun& run) {
       run.conf.Set("spark.executor.memory", "100g");
       run.conf.Set("spark.memory.offHeap.enabled", "true");
       Garbage(run, 20'000, 20'000);
     },
     "medium: 20 % of the tasks' time went into garbage collection (20 s) [spark.executor.memory: "
     "100g "
     "-> 30g] [spark.memory.offHeap.size: 0b -> 70g]"},
    {"SkewAtFiveTimes", &kSkew, [](ApplicationRun& run) { AddStage(run, 10, 2000, 10'000); }, ""},
    {"SkewOverFiveTimes", &kSkew, [](ApplicationRun& run) { AddStage(run, 10, 2000, 10'001); },
     "medium: longest task 10 s, median 2 s (stage 0) "
     "[spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes:  -> 64m]"},
    {"SkewAtFiveSeconds", &kSkew, [](ApplicationRun& run) { AddStage(run, 10, 10, 5000); }, ""},
    {"SkewThatBytesDeny", &kSkew,
     [](ApplicationRun& run) {
       StageRun& stage = AddStage(run, 10, 1000, 9000);
       stage.task_bytes = {.count = 10, .median = kMebi, .most = kMebi};
       stage.longest.bytes = kMebi;
     },
     ""},
    {"SkewOfHalfAMinute", &kSkew,
     [](ApplicationRun& run) {
       run.conf.Set("spark.sql.adaptive.enabled", "false");
       StageRun& stage = AddStage(run, 10, 1000, 30'000);
       stage.task_bytes = {.count = 10, .median = kMebi, .most = 9 * kMebi};
       stage.longest.bytes = 9 * kMebi;
     },
     "high: longest task 30 s, median 1 s (stage 0) [spark.sql.adaptive.enabled: false -> true] "
     "[spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes:  -> 64m]"},
    {"SkewOfAFirstTaskThatIsSlow", &kSkew,
     [](ApplicationRun& run) { AddStage(run, 8, 2000, 30'000).longest.cold = true; }, ""},
    {"SkewOfAFirstTaskThatIsTooSlow", &kSkew,
     [](ApplicationRun& run) { AddStage(run, 8, 2000, 30'001).longest.cold = true; },
     "high: longest task 30 s, median 2 s (stage 0) "
     "[spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes:  -> 64m]"},
    {"SkewOfAFirstTaskWithMostOfTheData", &kSkew,
     [](ApplicationRun& run) {
       StageRun& stage = AddStage(run, 8, 1000, 9000);
       stage.task_bytes = {.count = 8, .median = kMebi, .most = 9 * kMebi};
       stage.longest.bytes = 9 * kMebi;
       stage.longest.cold = true;
     },
     "medium: longest task 9 s, median 1 s (stage 0) "
     "[spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes:  -> 64m]"},
    {"SkewOfOneTask", &kSkew, [](ApplicationRun& run) { AddStage(run, 1, 60'000, 60'000); }, ""},
    {"AThousandTasks", &kTooManySmallTasks, [](ApplicationRun& run) { AddStage(run, 1000, 5, 5); },
     ""},
    {"MoreThanAThousandTasks", &kTooManySmallTasks,
     [](ApplicationRun& run) {
       run.slots = 4;
       AddStage(run, 1001, 5, 5);
     },
     "low: 1001 tasks with a median of 5 ms (stage 0) [spark.default.parallelism:  -> 8]"},
    {"ManyTasksOf100ms", &kTooManySmallTasks,
     [](ApplicationRun& run) { AddStage(run, 2000, 100, 100); }, ""},
    {"HalfTheSlots", &kTooFewTasks, [](ApplicationRun& run) { Stage(run, 2, 4, 10'001); }, ""},
    {"UnderHalfTheSlots", &kTooFewTasks, [](ApplicationRun& run) { Stage(run, 1, 4, 10'001); },
     "medium: a stage of 10 s had 1 task for 4 slots (stage 0) [spark.default.parallelism:  -> 8]"},
    {"UnderHalfTheSlotsForTenSeconds", &kTooFewTasks,
     [](ApplicationRun& run) { Stage(run, 1, 4, 10'000); }, ""},
    {"HalfIdle", &kIdleCores, [](ApplicationRun& run) { Idle(run, 500'000); }, ""},
    {"OverHalfIdle", &kIdleCores, [](ApplicationRun& run) { Idle(run, 400'000); },
     "low: 60 % of the slots' time nothing ran (10 slots) [spark.executor.instances: 10 -> 6]"},
};

class TaskTime : public testing::TestWithParam<SymptomCase> {};
TEST_P(TaskTime, IsHeldAgainstItsLimit) { Check(GetParam()); }
INSTANTIATE_TEST_SUITE_P(Rows, TaskTime, testing::ValuesIn(kCases), NameOf);

}  // namespace
}  // namespace ballast::policy
