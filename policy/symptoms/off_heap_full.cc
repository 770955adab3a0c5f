// Spark's memory outside the heap is used up.
//
//   sees     executors whose execution and storage outside the heap together reached 90 % of
//            spark.memory.offHeap.size
//   proposes one and a half of it. It counts towards the executors' pods, never the driver's
#include <algorithm>

#include "policy/print_value.h"
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kSize = "spark.memory.offHeap.size";
constexpr double kMost = 0.90;

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const ByteSize size = Bytes(NumberNow(run, kSize, 0));
  if (size <= ByteSize()) return {};
  ByteSize most;
  std::vector<std::string> full;
  for (const ExecutorRun& executor : run.executors) {
    const ByteSize used = executor.peak.off_execution + executor.peak.off_storage;
    if (static_cast<double>(used.bytes()) <= kMost * static_cast<double>(size.bytes())) continue;
    most = std::max(most, used);
    if (full.size() < kPlacesKept) full.push_back(executor.id);
  }
  if (full.empty()) return {};
  const double share = static_cast<double>(most.bytes()) / static_cast<double>(size.bytes());
  SymptomFinding finding = {
      .severity = Severity::kMedium,
      .summary = DescribeShare(std::min(share, 1.0)) + " of " + DescribeSize(size) +
                 " outside the heap was used",
      .cause =
          "Execution and cached blocks fill the memory outside the heap, so they spill or are "
          "dropped "
          "from here on. It counts towards an executor's pod, and never towards the driver's.",
      .evidence = {.count = static_cast<int64_t>(full.size()),
                   .executors = full,
                   .numbers = {{"peakBytes", static_cast<double>(most.bytes())},
                               {"limitBytes", static_cast<double>(size.bytes())}}}};
  finding.settings.push_back(Propose(run, kSize, NeatSize(size.mebibytes_ceil() * 3 / 2),
                                     "half as much again; the pod grows by the difference"));
  return {finding};
}

}  // namespace

const Symptom kOffHeapFull = {"off-heap-full", "over 90 % of the off-heap memory used", Look};

}  // namespace ballast::policy
