// Memory that was not enough, and memory that was too much.
#include "tests/policy/symptoms/symptom_case.h"

namespace ballast::policy {
namespace {

constexpr int64_t kMebi = 1 << 20;

void OffHeap(ApplicationRun& run, int64_t mebibytes) {
  run.conf.Set("spark.memory.offHeap.enabled", "true");
  run.conf.Set("spark.memory.offHeap.size", "1000m");
  AddExecutor(run, "1").peak.off_execution = Mebibytes(mebibytes);
}
void Heap(ApplicationRun& run, int64_t mebibytes, int64_t work = 10'000) {
  run.conf.Set("spark.executor.memory", "10g");
  ExecutorRun& executor = AddExecutor(run, "1");
  executor.peak.heap = Mebibytes(mebibytes);
  executor.task_time = work;
}
// 400 MiB of tasks' memory, in a job that more partitions would not help.
void Spill(ApplicationRun& run, int64_t disk_mebibytes) {
  run.conf.Set("spark.sql.shuffle.partitions", "10000");
  run.totals.bytes.spilled_disk = Mebibytes(disk_mebibytes);
  run.totals.bytes.spilled_memory = Mebibytes(400);
}

const SymptomCase kCases[] = {
    {"ExecutorsHeap", &kExecutorOom,
     [](ApplicationRun& run) {
       run.conf.Set("spark.executor.cores", "4");
       run.conf.Set("spark.executor.memory", "8g");
       See(run, {.sight = Sight::kExecutorHeap, .stage = 2, .executor = "1"});
       See(run, {.sight = Sight::kExecutorExit52, .executor = "1"});
     },
     "critical: 2 times an executor's heap was full (stage 2) [spark.executor.cores: 4 -> 2] "
     "[spark.executor.memory: 8g -> 12g]"},
    {"HeapInLocalMode", &kExecutorOom,
     [](ApplicationRun& run) {
       run.conf.Set("spark.master", "local[2]");
       See(run, {.sight = Sight::kExecutorHeap});
     },
     "critical: 1 time an executor's heap was full [spark.driver.memory: 1g -> 1536m]"},
    {"DriversHeap", &kDriverOom,
     [](ApplicationRun& run) { See(run, {.sight = Sight::kDriverHeap}); },
     "critical: the driver's heap was full (1 OutOfMemoryError) [spark.driver.memory: 1g -> 2g]"},
    {"DriversHeapWithoutALimitOfResults", &kDriverOom,
     [](ApplicationRun& run) {
       run.conf.Set("spark.driver.maxResultSize", "0");
       See(run, {.sight = Sight::kDriverHeap});
     },
     "critical: the driver's heap was full (1 OutOfMemoryError) [spark.driver.memory: 1g -> 2g] "
     "[spark.driver.maxResultSize: 0 -> 1g]"},
    {"ContainerKilled", &kContainerKilled,
     [](ApplicationRun& run) {
       run.conf.Set("spark.executor.memory", "8g");
       See(run, {.sight = Sight::kContainerKilled, .executor = "1"});
     },
     "critical: 1 time a container was killed (137) [spark.executor.memoryOverhead: 819m -> "
     "1280m]"},
    {"PythonsContainerKilled", &kContainerKilled,
     [](ApplicationRun& run) {
       run.python = true;
       run.conf.Set("spark.executor.memory", "8g");
       run.conf.Set("spark.executor.pyspark.memory", "1g");
       run.conf.Set("spark.executor.memoryOverhead", "1g");
       See(run, {.sight = Sight::kContainerKilled, .executor = "1"});
     },
     "critical: 1 time a container was killed (137) [spark.executor.memoryOverhead: 1g -> 3328m]"},
    {"PythonAtAQuarter", &kPythonMemory,
     [](ApplicationRun& run) {
       run.conf.Set("spark.executor.memory", "4g");
       run.conf.Set("spark.executor.memoryOverhead", "0");
       AddExecutor(run, "1").peak.python_resident = Gibibytes(1);
     },
     ""},
    {"PythonOverAQuarter", &kPythonMemory,
     [](ApplicationRun& run) {
       run.conf.Set("spark.executor.memory", "4g");
       run.conf.Set("spark.executor.memoryOverhead", "0");
       AddExecutor(run, "1").peak.python_resident = Gibibytes(1) + Bytes(1);
     },
     "medium: Python's workers took 1 GiB of an executor's pod [spark.executor.pyspark.memory:  -> "
     "1792m]"},
    {"PythonsMemoryError", &kPythonMemory,
     [](ApplicationRun& run) {
       run.conf.Set("spark.executor.pyspark.memory", "512m");
       See(run, {.sight = Sight::kPythonMemory, .executor = "1"});
     },
     "high: 1 time a Python worker ran out of memory [spark.executor.pyspark.memory: 512m -> "
     "768m]"},
    {"OffHeapAtNinety", &kOffHeapFull, [](ApplicationRun& run) { OffHeap(run, 900); }, ""},
    {"OffHeapOverNinety", &kOffHeapFull, [](ApplicationRun& run) { OffHeap(run, 950); },
     "medium: 95 % of 1000 MiB outside the heap was used [spark.memory.offHeap.size: 1000m -> "
     "1536m]"},
    {"Evicted", &kStorageEvicted,
     [](ApplicationRun& run) {
       See(run, {.sight = Sight::kEvicted});
       See(run, {.sight = Sight::kNotStored});
     },
     "medium: 1 block dropped from the cache, 1 time there was no room to cache one "
     "[spark.memory.storageFraction: 0.5 -> 0.7] [spark.executor.memory: 1g -> 1536m]"},
    {"NeverStored", &kStorageEvicted,
     [](ApplicationRun& run) { See(run, {.sight = Sight::kNotStored}); },
     "medium: 1 time there was no room to cache one "
     "[spark.memory.storageFraction: 0.5 -> 0.7] [spark.executor.memory: 1g -> 1536m]"},
    {"NoSpill", &kSpill, [](ApplicationRun&) {}, ""},
    {"SpillThatALineTells", &kSpill,
     [](ApplicationRun& run) { See(run, {.sight = Sight::kSpill, .amount = 512 * kMebi}); },
     "low: 512 MiB of tasks' memory went to disk [spark.sql.shuffle.partitions: 200 -> 400] "
     "[spark.executor.memory: 1g -> 1536m]"},
    {"SpillOfAFifth", &kSpill,
     [](ApplicationRun& run) {
       run.totals.bytes.shuffle_written = Mebibytes(1000);
       Spill(run, 200);
     },
     "low: 400 MiB of tasks' memory went to disk, 200 MiB there [spark.executor.memory: 1g -> "
     "1536m]"},
    {"SpillOfMore", &kSpill,
     [](ApplicationRun& run) {
       run.totals.bytes.shuffle_written = Mebibytes(1000);
       Spill(run, 201);
     },
     "medium: 400 MiB of tasks' memory went to disk, 201 MiB there [spark.executor.memory: 1g -> "
     "1536m]"},
    {"SpillOutsideTheHeap", &kSpill,
     [](ApplicationRun& run) {
       run.conf.Set("spark.memory.offHeap.enabled", "true");
       run.conf.Set("spark.memory.offHeap.size", "64m");
       Spill(run, 200);
     },
     "medium: 400 MiB of tasks' memory went to disk, 200 MiB there [spark.memory.offHeap.size: 64m "
     "-> 96m]"},
    {"SpillOutsideTheHeapThatIsOff", &kSpill,
     [](ApplicationRun& run) {
       run.conf.Set("spark.memory.offHeap.size", "64m");
       Spill(run, 200);
     },
     "medium: 400 MiB of tasks' memory went to disk, 200 MiB there [spark.executor.memory: 1g -> "
     "1536m]"},
    {"HeapWellUsed", &kUnusedMemory, [](ApplicationRun& run) { Heap(run, 6144); }, ""},
    {"HeapUnused", &kUnusedMemory, [](ApplicationRun& run) { Heap(run, 6143); },
     "low: executors used at most 5.9 GiB of a heap of 10 GiB [spark.executor.memory: 10g -> 8g]"},
    {"HeapUnusedForAMoment", &kUnusedMemory, [](ApplicationRun& run) { Heap(run, 1000, 9'999); },
     ""},
    {"SmallHeapUnused", &kUnusedMemory,
     [](ApplicationRun& run) {
       Heap(run, 100);
       run.conf.Set("spark.executor.memory", "1g");
     },
     ""},
    {"ShuffleOfAFifth", &kShuffleVolume,
     [](ApplicationRun& run) {
       run.totals.stages = 2;
       run.totals.bytes.input = Mebibytes(1000);
       run.totals.bytes.shuffle_written = Mebibytes(200);
     },
     ""},
    {"ShuffleOfMore", &kShuffleVolume,
     [](ApplicationRun& run) {
       run.totals.stages = 2;
       run.totals.bytes.input = Mebibytes(1000);
       run.totals.bytes.shuffle_written = Mebibytes(201);
     },
     "low: 201 MiB were shuffled, 20.1 % of the input [spark.sql.autoBroadcastJoinThreshold: 10MB "
     "-> "
     "32m]"},
};

class Memory : public testing::TestWithParam<SymptomCase> {};
TEST_P(Memory, IsHeldAgainstWhatWasAsked) { Check(GetParam()); }
INSTANTIATE_TEST_SUITE_P(Rows, Memory, testing::ValuesIn(kCases), NameOf);

}  // namespace
}  // namespace ballast::policy
