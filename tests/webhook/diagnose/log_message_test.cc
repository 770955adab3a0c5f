// What Spark's own words mean, in the spellings of 3.3 to 4.3.
#include "webhook/diagnose/log_message.h"

#include <gtest/gtest.h>

#include <map>
#include <ostream>
#include <string>

#include "webhook/diagnose/message_numbers.h"
#include "webhook/diagnose/run_builder.h"
#include "webhook/diagnose/text_log.h"

namespace ballast::webhook {
namespace {

using policy::Sight;

std::string NameOf(Sight sight) {
  static const std::map<Sight, std::string> kNames = {
      {Sight::kLargeTask, "task"},
      {Sight::kLargeTaskBinary, "binary"},
      {Sight::kLargeBroadcast, "broadcast"},
      {Sight::kBroadcastRefused, "refused"},
      {Sight::kKryoOverflow, "kryo"},
      {Sight::kClassNotRegistered, "class"},
      {Sight::kNotSerializable, "closure"},
      {Sight::kStackOverflow, "stack"},
      {Sight::kStackOverflowInLineage, "lineage"},
      {Sight::kExecutorHeap, "executor-heap"},
      {Sight::kExecutorExit52, "exit52"},
      {Sight::kDriverHeap, "driver-heap"},
      {Sight::kExecutorMemoryDenied, "denied"},
      {Sight::kDirectMemory, "direct"},
      {Sight::kContainerKilled, "killed"},
      {Sight::kPythonMemory, "python"},
      {Sight::kResultTooLarge, "result"},
      {Sight::kMessageTooLarge, "message"},
      {Sight::kHeartbeatLost, "heartbeat"},
      {Sight::kRpcTimeout, "rpc"},
      {Sight::kExecutorLost, "lost"},
      {Sight::kExecutorIdle, "idle"},
      {Sight::kFetchFailure, "fetch"},
      {Sight::kSpill, "spill"},
      {Sight::kEvicted, "evicted"},
      {Sight::kNotStored, "not-stored"},
  };
  return kNames.at(sight);
}

// "kind count amount/limit stages executors name" for each kind that was seen.
std::string Told(const policy::Sightings& all) {
  std::string text;
  for (size_t i = 0; i < policy::kSights; ++i) {
    const policy::Sighting& seen = all.of(static_cast<Sight>(i));
    if (!seen.seen()) continue;
    if (!text.empty()) text += "; ";
    text += NameOf(static_cast<Sight>(i)) + " " + std::to_string(seen.count());
    if (seen.amount != 0) text += " amount " + std::to_string(seen.amount);
    if (seen.limit != 0) text += " limit " + std::to_string(seen.limit);
    for (const int64_t stage : seen.stages) text += " stage " + std::to_string(stage);
    for (const std::string& executor : seen.executors) text += " executor " + executor;
    if (!seen.name.empty()) text += " " + seen.name;
  }
  return text;
}

struct LogCase {
  std::string name;
  std::string log;
  std::string want;
};
void PrintTo(const LogCase& row, std::ostream* out) { *out << row.name; }

const LogCase kCases[] = {
    {"Nothing", "26/11/26 22:48:44 INFO Executor: Running task 0.0 in stage 0.0 (TID 0)\n", ""},
    {"LargeTask",
     "26/11/26 22:48:44 WARN TaskSetManager: Stage 3 contains a task of very large size (1234 "
     "KiB). The "
     "maximum recommended task size is 1000 KiB.\n",
     "task 1 amount 1263616 stage 3"},
    {"LargeTaskBinary", "WARN DAGScheduler: Broadcasting large task binary with size 4.5 MiB\n",
     "binary 1 amount 4718592"},
    {"BroadcastValue",
     "26/11/26 22:48:44 INFO MemoryStore: Block broadcast_3 stored as values in memory (estimated "
     "size "
     "24.0 MiB, free 410.3 MiB)\n",
     "broadcast 1 amount 25165824 value"},
    {"BroadcastOfFourMebibytes",
     "26/11/26 22:48:44 INFO MemoryStore: Block broadcast_3 stored as values in memory (estimated "
     "size "
     "4.0 MiB, free 410.3 MiB)\n",
     ""},
    {"ABinaryIsNoValue",
     "26/11/26 22:48:44 WARN DAGScheduler: Broadcasting large task binary with size 5.0 MiB\n"
     "26/11/26 22:48:44 INFO MemoryStore: Block broadcast_3 stored as values in memory (estimated "
     "size "
     "24.0 MiB, free 410.3 MiB)\n",
     "binary 1 amount 5242880"},
    {"TableTooLarge",
     "org.apache.spark.SparkException: Cannot broadcast the table that is larger than 8.0 GiB: 9.0 "
     "GiB.\n",
     "refused 1 amount 9663676416"},
    {"KryoOfThree",
     "26/11/26 22:48:44 WARN TaskSetManager: Lost task 0.0 in stage 2.0 (TID 7) (10.0.0.1 executor "
     "1): "
     "org.apache.spark.SparkException: Kryo serialization failed: Buffer overflow. Available: 0, "
     "required: "
     "1048576. To avoid this, increase spark.kryoserializer.buffer.max value.\n"
     "Caused by: com.esotericsoftware.kryo.KryoException: Buffer overflow. Available: 0, required: "
     "1048576\n",
     "kryo 1 amount 1048576 stage 2 executor 1"},
    {"KryoOfFour",
     "org.apache.spark.SparkException: [KRYO_BUFFER_OVERFLOW] Kryo serialization failed: Buffer "
     "overflow. "
     "Available: 3, required: 1048576. To avoid this, increase \"spark.kryoserializer.buffer.max\" "
     "value. "
     "SQLSTATE: 54006\n",
     "kryo 1 amount 1048576 limit 3"},
    {"NotRegistered",
     "java.lang.IllegalArgumentException: Class is not registered: a.B\nNote: To register this "
     "class use: "
     "kryo.register(a.B.class);\n",
     "class 1 a.B"},
    {"NotSerializable",
     "org.apache.spark.SparkException: Task not serializable\n\tat "
     "org.apache.spark.X(X.scala:1)\nCaused by: "
     "java.io.NotSerializableException: Connection\n",
     "closure 2 Connection"},
    {"StackOfALineage",
     "java.lang.StackOverflowError\n\tat a.B(C.java:1)\n\tat "
     "java.base/java.io.ObjectOutputStream.writeObject0(ObjectOutputStream.java:1)\n",
     "lineage 1"},
    {"StackOfARecursion",
     "java.lang.StackOverflowError\n\tat a.B(C.java:1)\n\tat a.B(C.java:1)\n26/11/26 x\n",
     "stack 1"},
    {"HeapOfATask",
     "26/11/26 22:48:44 ERROR Executor: Exception in task 0.0 in stage 1.0 (TID 3)\n"
     "java.lang.OutOfMemoryError: Java heap space\n",
     "executor-heap 1"},
    {"HeapOfATaskAsTheDriverTells",
     "26/11/26 22:48:44 WARN TaskSetManager: Lost task 2.0 in stage 1.0 (TID 3) (10.0.0.1 executor "
     "4): "
     "java.lang.OutOfMemoryError: GC overhead limit exceeded\n",
     "executor-heap 1 stage 1 executor 4"},
    {"HeapOfTheDriver",
     "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n", "driver-heap 1"},
    {"HeapOfTheDriverWithAResult",
     "26/11/26 22:48:44 ERROR TaskResultGetter: Exception while getting task result\n"
     "java.lang.OutOfMemoryError: Java heap space\n",
     "driver-heap 1"},
    {"HeapInAnExecutorsLog",
     "26/11/26 22:48:44 INFO CoarseGrainedExecutorBackend: Started daemon with process name: 1@a\n"
     "Terminating due to java.lang.OutOfMemoryError: Java heap space\n",
     "executor-heap 1"},
    {"DirectBuffers", "java.lang.OutOfMemoryError: Direct buffer memory\n", "direct 1"},
    {"MemoryDenied",
     "org.apache.spark.memory.SparkOutOfMemoryError: [UNABLE_TO_ACQUIRE_MEMORY] Unable to acquire "
     "65536 "
     "bytes of memory, got 0.\n",
     "denied 1 amount 65536"},
    {"ResultTooLarge",
     "26/11/26 22:48:44 ERROR TaskSetManager: Total size of serialized results of 3 tasks (1025.0 "
     "MiB) is "
     "bigger than spark.driver.maxResultSize (1024.0 MiB)\n",
     "result 1 amount 1074790400 limit 1073741824"},
    {"MessageTooLarge",
     "Job aborted due to stage failure: Serialized task 5:1 was 134217729 bytes, which exceeds max "
     "allowed: "
     "spark.rpc.message.maxSize (134217728 bytes). Consider increasing spark.rpc.message.maxSize "
     "or using "
     "broadcast variables for large values.\n",
     "message 1 amount 134217729 limit 134217728 stage 5"},
    {"KilledOnKubernetes",
     "26/11/26 22:48:44 ERROR TaskSchedulerImpl: Lost executor 3 on 10.0.0.1: \nThe executor with "
     "id 3 exited "
     "with exit code 137(SIGKILL, possible container OOM).\n\t container state: terminated\n\t "
     "termination "
     "reason: OOMKilled\n",
     "killed 1 executor 3; lost 1 executor 3 exit code 137(SIGKILL, possible container OOM)."},
    {"KilledAtOnce",
     "26/11/26 22:48:44 WARN X: The executor with id 3 exited with exit code 137(SIGKILL, possible "
     "container "
     "OOM).\n",
     "killed 1 executor 3; lost 1 executor 3 exit code 137(SIGKILL, possible container OOM)."},
    {"ExitOf52",
     "26/11/26 22:48:44 ERROR TaskSchedulerImpl: Lost executor 0 on 127.0.0.1: Command exited with "
     "code 52\n"
     "26/11/26 22:48:44 WARN TaskSetManager: Lost task 0.0 in stage 0.0 (TID 0) (127.0.0.1 "
     "executor 0): "
     "ExecutorLostFailure (executor 0 exited caused by one of the running tasks) Reason: Command "
     "exited with "
     "code 52\n",
     "exit52 1 executor 0; lost 1 executor 0 Command exited with code 52"},
    {"SentAway",
     "26/11/26 22:48:44 ERROR TaskSchedulerImpl: Lost executor 2 on 10.0.0.1: Executor killed by "
     "driver.\n",
     "idle 1 executor 2"},
    {"NoHeartbeat",
     "26/11/26 22:48:44 WARN HeartbeatReceiver: Removing executor 1 with no recent heartbeats: "
     "130000 ms "
     "exceeds timeout 120000 ms\n",
     "heartbeat 1 amount 130000 limit 120000 executor 1"},
    {"CallTimedOut",
     "org.apache.spark.rpc.RpcTimeoutException: Futures timed out after [120 seconds]. This "
     "timeout is "
     "controlled by spark.rpc.askTimeout\n",
     "rpc 1 limit 120000 spark.rpc.askTimeout"},
    {"FetchFailed",
     "26/11/26 22:48:44 WARN TaskSetManager: Lost task 0.0 in stage 3.0 (TID 9) (10.0.0.1 executor "
     "1): "
     "FetchFailed(BlockManagerId(0, 127.0.0.1, 1, None), shuffleId=0, mapIndex=1, mapId=2, "
     "reduceId=3, "
     "message=\n",
     "fetch 1 stage 3 executor 1"},
    {"Spills",
     "26/11/26 22:48:44 INFO UnsafeExternalSorter: Thread 60 spilling sort data of 512.0 MiB to "
     "disk (1 time so "
     "far)\n26/11/26 22:48:44 INFO ShuffleExternalSorter: Task 5 on Thread 60 spilling sort data "
     "of 64.0 MiB "
     "to disk (2 times so far)\n26/11/26 22:48:44 INFO X: Thread 7 spilling in-memory map of 1.0 "
     "GiB "
     "(elements: 5) to disk (1 times so far)\n",
     "spill 3 amount 1073741824"},
    {"Evictions",
     "26/11/26 22:48:44 INFO BlockManager: Dropping block rdd_1_0 from memory\n26/11/26 22:48:44 "
     "WARN "
     "MemoryStore: Not enough space to cache rdd_1_2 in memory! (computed 100.0 MiB so "
     "far)\n26/11/26 "
     "22:48:44 INFO BlockManager: Dropping block broadcast_1 from memory\n",
     "evicted 1; not-stored 1 amount 104857600"},
    {"PythonsMemory", "  File \"job.py\", line 5, in hold\nMemoryError\n", "python 1"},
    {"NumbersThatOverflow",
     "X: Buffer overflow. Available: 99999999999999999999, required: 99999999999999999999. Total "
     "size of "
     "serialized results of 3 tasks (1e99 GiB)\n",
     "kryo 1; result 1 amount 1"},
};

class TextLog : public testing::TestWithParam<LogCase> {};

TEST_P(TextLog, MeansWhatItSays) {
  RunBuilder builder;
  TextLogReader reader(builder, "driver.log");
  int64_t number = 0;
  std::string_view rest = GetParam().log;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    reader.Read(rest.substr(0, end), ++number);
    rest.remove_prefix(end + 1);
  }
  reader.End();
  EXPECT_EQ(Told(std::move(builder).Finish().sightings), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Rows, TextLog, testing::ValuesIn(kCases),
                         [](const auto& tested) { return tested.param.name; });

TEST(Loss, OfNoOnesFaultIsNone) {
  for (const char* reason : {"Executor decommission: spot instance", "Command exited with code 0",
                             "Executor finished decommissioning"}) {
    int seen = 0;
    ForEachLoss(reason, "1", [&](const policy::Seen&) { ++seen; });
    EXPECT_EQ(seen, 0) << reason;
  }
}

// As the event log has a failed task: everything in one text.
TEST(Message, OfAFailedTaskIsReadAsAWhole) {
  const auto sights = [](std::string_view text) {
    std::string kinds;
    const MessagePlace place = {
        .where = Where::kExecutor, .stage = 3, .executor = "1", .whole = true};
    ForEachSeen(text, place, [&](const policy::Seen& seen) {
      kinds += NameOf(seen.sight) + " " + std::to_string(seen.stage) + " " + seen.executor + ";";
    });
    return kinds;
  };
  EXPECT_EQ(
      sights("PythonException: Traceback (most recent call last):\n  File \"a\"\nMemoryError\n"),
      "python 3 1;");
  EXPECT_EQ(sights("java.lang.OutOfMemoryError: Java heap space"), "executor-heap 3 1;");
  EXPECT_EQ(sights("java.lang.StackOverflowError: null\n\tat java.io.ObjectOutputStream.x(Y)"),
            "lineage 3 1;");
  EXPECT_EQ(sights("java.lang.StackOverflowError: null\n\tat a.b(Y)"), "stack 3 1;");
  EXPECT_EQ(sights(""), "");
}

TEST(Numbers, AreReadWithTheirUnits) {
  EXPECT_EQ(LeadingSize("4.5 MiB"), 4718592);
  EXPECT_EQ(LeadingSize("3.4 MiB"), 3565159);
  EXPECT_EQ(LeadingSize("1234 KB"), 1263616);
  EXPECT_EQ(LeadingSize("512.0 B"), 512);
  EXPECT_EQ(LeadingSize("1048576 bytes"), 1048576);
  EXPECT_EQ(LeadingSize("-1 MiB"), 0);
  EXPECT_EQ(LeadingSize("nan"), 0);
  EXPECT_EQ(LeadingNumber("12 x"), 12);
  EXPECT_EQ(LeadingNumber("x"), -1);
  EXPECT_EQ(ExecutorIn("(10.0.0.1 executor 12): x"), "12");
  EXPECT_EQ(ExecutorIn("the executor is gone"), "");
  EXPECT_EQ(StageIn("task 0.0 in stage 3.1 (TID 4)"), 3);
}

}  // namespace
}  // namespace ballast::webhook
