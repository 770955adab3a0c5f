// What was observed of one run of one application, from its event log and its text logs together:
// the input of every symptom. Plain values, filled by webhook/diagnose; every table is bounded.
//
// Moments are milliseconds since 1970, spans are milliseconds, 0 where the logs do not say.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "policy/spark_conf.h"
#include "policy/spark_version.h"
#include "policy/symptoms/sighting.h"
#include "policy/symptoms/spread.h"
#include "policy/units.h"

namespace ballast::policy {

// The memory of one JVM (and its Python workers) at one moment, or the highest of each part since
// the sample before. Zero: not reported.
struct MemorySample {
  int64_t at = 0;
  ByteSize heap;             // used, garbage included
  ByteSize non_heap;         // classes, code
  ByteSize execution;        // Spark's unified memory, on the heap
  ByteSize storage;          //   "
  ByteSize off_execution;    // and outside the heap
  ByteSize off_storage;      //   "
  ByteSize direct;           // direct and mapped buffers
  ByteSize jvm_resident;     // RSS, where spark.executor.processTreeMetrics.enabled
  ByteSize python_resident;  //   "
  ByteSize other_resident;   //   "

  // Each part becomes the larger of both; the moment stays this one's.
  void RaiseTo(const MemorySample& other);
  bool operator==(const MemorySample&) const = default;
};

// One executor, or the driver (id "driver"), which in local mode is the only executor.
struct ExecutorRun {
  std::string id;
  std::string host;
  int64_t cores = 0;
  int64_t added = 0;
  int64_t removed = 0;         // 0: it was there at the end
  std::string removal_reason;  // Spark's words
  std::optional<int> exit_code;

  // In order of time, at most kMemorySamples: neighbours are merged when there are more.
  std::vector<MemorySample> memory;
  MemorySample peak;       // of all samples
  ByteSize unified_limit;  // what the BlockManager was given on the heap, and outside of it
  ByteSize off_heap_limit;

  int64_t tasks = 0;
  int64_t failed_tasks = 0;
  int64_t task_time = 0;    // sum of the tasks' wall times
  int64_t busy_time = 0;    // while at least one task ran
  int64_t own_gc_time = 0;  // as the JVM counts its pauses: each once. 0: not reported

  bool operator==(const ExecutorRun&) const = default;
};
inline constexpr size_t kMemorySamples = 128;

// Where the time of tasks went, in milliseconds; summed over tasks.
struct TaskTimes {
  int64_t wall = 0;  // from launch to finish; the parts below, and what is left is scheduling
  int64_t run = 0;   // executor run time, with GC, fetch wait and shuffle write in it
  int64_t gc = 0;    // counts a pause once for every task that it stopped
  int64_t fetch_wait = 0;
  int64_t shuffle_write = 0;
  int64_t deserialization = 0;
  int64_t serialization = 0;  // of results
  int64_t getting_result = 0;

  TaskTimes& operator+=(const TaskTimes& other);
  bool operator==(const TaskTimes&) const = default;
};

struct TaskBytes {
  ByteSize input;
  ByteSize output;
  ByteSize shuffle_read;
  ByteSize shuffle_written;
  ByteSize spilled_memory;  // as it was in memory, and as it was on disk
  ByteSize spilled_disk;
  ByteSize result;

  TaskBytes& operator+=(const TaskBytes& other);
  bool operator==(const TaskBytes&) const = default;
};

// The task that took longest of a stage.
struct LongestTask {
  int64_t id = -1;
  std::string executor;
  int64_t duration = 0;
  int64_t bytes = 0;    // as in StageRun::task_bytes
  int64_t records = 0;  //   "
  // One of the first of its executor or of its stage, which load classes and start Python workers.
  bool cold = false;

  bool operator==(const LongestTask&) const = default;
};

// One attempt of a stage.
struct StageRun {
  int64_t id = 0;
  int64_t attempt = 0;
  std::string name;  // "collect at job.py:12"
  int64_t submitted = 0;
  int64_t completed = 0;  // 0: it never did
  std::string failure;    // Spark's reason, its first line; empty: none
  int64_t planned_tasks = 0;
  int64_t started_tasks = 0;
  int64_t ended_tasks = 0;  // in any way
  int64_t failed_tasks = 0;

  TaskTimes times;  // of all tasks that ended
  TaskBytes bytes;
  // Over the tasks that succeeded.
  Spread duration;
  Spread task_bytes;       // input and shuffle read; of a task that reads nothing, shuffle written
  Spread task_records;     //   "
  Spread deserialization;  // without the first tasks of an executor, which load classes
  Spread serialization;    //   "
  LongestTask longest;

  bool operator==(const StageRun&) const = default;
};

// Whether an input could be read to its end.
struct InputState {
  std::string source = {};
  std::string unfinished = {};  // why it is taken for unfinished; empty: it is not
  std::string damaged = {};     // what was wrong with it, with the place; empty: nothing
  int64_t damaged_places = 0;

  bool operator==(const InputState&) const = default;
};

// Sums over all tasks of the application, also of the stages that were not kept.
struct RunTotals {
  int64_t jobs = 0;
  int64_t failed_jobs = 0;
  int64_t stages = 0;
  int64_t tasks = 0;
  int64_t failed_tasks = 0;
  TaskTimes times;
  TaskBytes bytes;

  bool operator==(const RunTotals&) const = default;
};

struct ApplicationRun {
  std::string source;  // the argument that it was read from
  std::string id;      // "application_1..", "spark-..", "local-.."; empty: no log says
  std::string name;
  std::string spark_version_text;       // as written; empty: unknown
  SparkVersion version = kNewestSpark;  // the nearest that is known
  int64_t started = 0;
  int64_t ended = 0;      // of the application's end, else of the last event
  bool finished = false;  // the event log has the application's end
  bool has_event_log = false;
  bool has_text_log = false;
  bool python = false;  // it ran Python workers
  SparkConf conf;       // as the event log's environment has them; empty without one

  std::vector<ExecutorRun> executors;  // in order of appearance; at most kExecutorsKept
  int64_t executors_seen = 0;          // the driver not counted
  int64_t most_executors = 0;          // at once
  int64_t slots = 0;                   // most at once; 0: unknown
  std::vector<StageRun> stages;        // in order of id and attempt; at most kStagesKept
  int64_t deepest_lineage = 0;         // stages, the longest chain of a job
  int64_t deepest_job = -1;
  int64_t first_job = 0;  // when it was submitted
  int64_t last_job_end = 0;

  RunTotals totals;
  Sightings sightings;
  std::vector<InputState> inputs;

  // Local mode has one JVM, the driver, which runs the tasks too.
  bool local() const;
  // How many tasks so many cores run at once, by spark.task.cpus.
  int64_t SlotsOf(int64_t cores) const;
  const ExecutorRun* FindExecutor(std::string_view executor_id) const;
};
inline constexpr size_t kExecutorsKept = 2000;
inline constexpr size_t kStagesKept = 5000;

}  // namespace ballast::policy
