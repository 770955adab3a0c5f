// Executors asked for memory that they never used.
//
//   sees     a highest heap under 60 % of the heap asked for, in executors that reported it through
//   a
//            minute of work; off-heap memory the same. Executors of local mode asked for nothing
//   proposes the peak and 20 %, and never less than 1 GiB of heap
#include <algorithm>

#include "policy/print_value.h"
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kHeap = "spark.executor.memory";
constexpr std::string_view kOffHeap = "spark.memory.offHeap.size";
constexpr double kMost = 0.60;        // of what was asked for; more is well used
constexpr int64_t kLeastHeap = 1024;  // MiB
constexpr int64_t kLeastWork =
    10'000;  // ms of tasks, all executors together: too short a run says nothing

struct Peaks {
  ByteSize heap;
  ByteSize off_heap;
  int64_t reported = 0;  // executors
  int64_t task_time = 0;
};

Peaks PeaksOf(const ApplicationRun& run) {
  Peaks peaks;
  for (const ExecutorRun& executor : run.executors) {
    if (executor.id == "driver" || executor.peak.heap <= ByteSize()) continue;
    ++peaks.reported;
    peaks.task_time += executor.task_time;
    peaks.heap = std::max(peaks.heap, executor.peak.heap);
    peaks.off_heap =
        std::max(peaks.off_heap, executor.peak.off_execution + executor.peak.off_storage);
  }
  return peaks;
}

// The peak and 20 % of it, in MiB.
int64_t WithMargin(ByteSize peak) { return (peak.mebibytes_ceil() * 6 + 4) / 5; }

bool Unused(ByteSize peak, ByteSize asked) {
  return static_cast<double>(peak.bytes()) < kMost * static_cast<double>(asked.bytes());
}

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const Peaks peaks = PeaksOf(run);
  if (run.local() || peaks.reported == 0 || peaks.task_time < kLeastWork) return {};
  const ByteSize heap = Mebibytes(NumberNow(run, kHeap, kLeastHeap));
  const ByteSize off_heap = Bytes(NumberNow(run, kOffHeap, 0));
  const int64_t enough = std::max(WithMargin(peaks.heap), kLeastHeap);
  SymptomFinding finding = {
      .severity = Severity::kLow,
      .cause =
          "The settings were copied, or the data became smaller. Memory that is asked for is taken "
          "from "
          "every other job, used or not. Hold the highest of several runs against it before going "
          "down.",
      .evidence = {.count = peaks.reported,
                   .numbers = {{"peakHeapBytes", static_cast<double>(peaks.heap.bytes())},
                               {"heapBytes", static_cast<double>(heap.bytes())}}}};
  if (Unused(peaks.heap, heap) && Mebibytes(enough) < heap) {
    finding.summary = "executors used at most " + DescribeSize(peaks.heap) + " of a heap of " +
                      DescribeSize(heap);
    ProposedSetting proposed =
        Propose(run, kHeap, NeatSize(enough), "the highest that was used, and 20 %");
    if (proposed.to != proposed.from) finding.settings.push_back(std::move(proposed));
  }
  const bool on =
      SettingNow(run, "spark.memory.offHeap.enabled") == "true" && off_heap > ByteSize();
  if (on && Unused(peaks.off_heap, off_heap)) {
    if (finding.summary.empty()) {
      finding.summary = "executors used at most " + DescribeSize(peaks.off_heap) + " of " +
                        DescribeSize(off_heap) + " outside the heap";
    }
    finding.evidence.numbers.push_back(
        {"peakOffHeapBytes", static_cast<double>(peaks.off_heap.bytes())});
    finding.settings.push_back(Propose(run, kOffHeap,
                                       NeatSize(std::max<int64_t>(WithMargin(peaks.off_heap), 256)),
                                       "the highest that was used, and 20 %"));
  }
  if (finding.settings.empty()) return {};
  return {finding};
}

}  // namespace

const Symptom kUnusedMemory = {"unused-memory", "memory that was asked for and never used", Look};

}  // namespace ballast::policy
