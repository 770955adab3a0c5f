// SparkListenerTaskEnd, which most of an event log is.

#include <algorithm>

#include "webhook/diagnose/event_context.h"

namespace ballast::webhook {
namespace {

policy::ByteSize BytesOf(JsonObject object, std::string_view key) {
  return policy::Bytes(std::max<int64_t>(IntOf(object, key), 0));
}

constexpr int64_t kNanosPerMilli = 1'000'000;

void ReadMetrics(JsonObject metrics, TaskEnd& task) {
  policy::TaskTimes& times = task.times;
  policy::TaskBytes& bytes = task.bytes;
  times.deserialization = IntOf(metrics, "Executor Deserialize Time");
  times.run = IntOf(metrics, "Executor Run Time");
  bytes.result = BytesOf(metrics, "Result Size");
  times.gc = IntOf(metrics, "JVM GC Time");
  times.serialization = IntOf(metrics, "Result Serialization Time");
  bytes.spilled_memory = BytesOf(metrics, "Memory Bytes Spilled");
  bytes.spilled_disk = BytesOf(metrics, "Disk Bytes Spilled");
  InObject(metrics, "Shuffle Read Metrics", [&](JsonObject read) {
    times.fetch_wait = IntOf(read, "Fetch Wait Time");
    bytes.shuffle_read = BytesOf(read, "Remote Bytes Read");
    bytes.shuffle_read += BytesOf(read, "Local Bytes Read");
    task.records += IntOf(read, "Total Records Read");
  });
  InObject(metrics, "Shuffle Write Metrics", [&](JsonObject write) {
    bytes.shuffle_written = BytesOf(write, "Shuffle Bytes Written");
    task.records_written = IntOf(write, "Shuffle Records Written");
    times.shuffle_write = IntOf(write, "Shuffle Write Time") / kNanosPerMilli;
  });
  InObject(metrics, "Input Metrics", [&](JsonObject input) {
    bytes.input = BytesOf(input, "Bytes Read");
    task.records += IntOf(input, "Records Read");
  });
  InObject(metrics, "Output Metrics",
           [&](JsonObject output) { bytes.output = BytesOf(output, "Bytes Written"); });
}

// Why it failed, in Spark's words.
struct Failure {
  std::string_view reason;
  std::string_view class_name;
  std::string_view text;
  std::string_view trace;
  std::string_view executor;
};

Failure ReadReason(JsonObject reason) {
  Failure failure;
  failure.reason = TextOf(reason, "Reason");
  if (failure.reason == "ExceptionFailure") {
    failure.class_name = TextOf(reason, "Class Name");
    failure.text = TextOf(reason, "Description");
    failure.trace = TextOf(reason, "Full Stack Trace");
  } else if (failure.reason == "FetchFailed") {
    InObject(reason, "Block Manager Address",
             [&](JsonObject address) { failure.executor = TextOf(address, "Executor ID"); });
    failure.text = TextOf(reason, "Message");
  }
  return failure;
}

// What an executor's loss was is told by its removal.
void TellFailure(const EventContext& context, const Failure& failure, const TaskEnd& task) {
  if (failure.reason == "FetchFailed") {
    context.Sighted({.sight = policy::Sight::kFetchFailure,
                     .name = std::string(failure.executor),
                     .stage = task.stage,
                     .executor = std::string(failure.executor)},
                    failure.text);
    return;
  }
  if (failure.reason != "ExceptionFailure") return;
  std::string text(failure.class_name);
  text.append(": ").append(failure.text.empty() ? failure.trace : failure.text);
  if (failure.class_name == "java.lang.StackOverflowError") text.append("\n").append(failure.trace);
  context.Message(
      text,
      {.where = Where::kExecutor, .stage = task.stage, .executor = task.executor, .whole = true});
}

}  // namespace

ReportedMemory ReadExecutorMetrics(JsonObject metrics) {
  ReportedMemory reported;
  policy::MemorySample& sample = reported.sample;
  sample.heap = BytesOf(metrics, "JVMHeapMemory");
  sample.non_heap = BytesOf(metrics, "JVMOffHeapMemory");
  sample.execution = BytesOf(metrics, "OnHeapExecutionMemory");
  sample.off_execution = BytesOf(metrics, "OffHeapExecutionMemory");
  sample.storage = BytesOf(metrics, "OnHeapStorageMemory");
  sample.off_storage = BytesOf(metrics, "OffHeapStorageMemory");
  sample.direct = BytesOf(metrics, "DirectPoolMemory") + BytesOf(metrics, "MappedPoolMemory");
  sample.jvm_resident = BytesOf(metrics, "ProcessTreeJVMRSSMemory");
  sample.python_resident = BytesOf(metrics, "ProcessTreePythonRSSMemory");
  sample.other_resident = BytesOf(metrics, "ProcessTreeOtherRSSMemory");
  reported.own_gc_time = IntOf(metrics, "MinorGCTime") + IntOf(metrics, "MajorGCTime");
  return reported;
}

void ReadTaskEnd(EventContext& context, JsonObject event) {
  TaskEnd task;
  Failure failure;
  task.stage = IntOf(event, "Stage ID");
  task.attempt = IntOf(event, "Stage Attempt ID");
  InObject(event, "Task End Reason", [&](JsonObject reason) { failure = ReadReason(reason); });
  task.succeeded = failure.reason == "Success";
  InObject(event, "Task Info", [&](JsonObject info) {
    task.id = IntOf(info, "Task ID");
    task.launched = IntOf(info, "Launch Time");
    task.executor = TextOf(info, "Executor ID");
    const int64_t getting = IntOf(info, "Getting Result Time");
    task.finished = IntOf(info, "Finish Time");
    if (getting > 0) task.times.getting_result = std::max<int64_t>(task.finished - getting, 0);
  });
  InObject(event, "Task Executor Metrics", [&](JsonObject metrics) {
    const ReportedMemory reported = ReadExecutorMetrics(metrics);
    task.memory = reported.sample;
    task.own_gc_time = reported.own_gc_time;
  });
  task.memory.at = task.finished;
  InObject(event, "Task Metrics", [&](JsonObject metrics) { ReadMetrics(metrics, task); });
  context.builder.TaskEnded(task);
  if (!task.succeeded) TellFailure(context, failure, task);
}

}  // namespace ballast::webhook
