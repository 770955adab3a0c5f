// Execution found no room in memory and wrote to disk.
//
//   sees     bytes spilled in the event log, "spilling .. to disk" in text logs. Any is told; over
//            20 % of the shuffled bytes weigh more
//   proposes more partitions, and more memory per slot: outside the heap where that is on
#include <algorithm>

#include "policy/print_value.h"
#include "policy/symptoms/finding.h"
#include "policy/symptoms/partitions.h"
#include "policy/symptoms/symptoms.h"
#include "policy/symptoms/worst_stage.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kPartitions = "spark.sql.shuffle.partitions";
constexpr std::string_view kOffHeap = "spark.memory.offHeap.size";
constexpr double kMuch = 0.20;
constexpr int64_t kMostPartitions = 10000;

// Where memory outside the heap is on, SQL executes there, and a larger heap would not help.
ProposedSetting MoreMemory(const ApplicationRun& run) {
  constexpr const char* kWhy = "more execution memory for each task slot";
  const ByteSize off_heap = Bytes(NumberNow(run, kOffHeap, 0));
  if (SettingNow(run, "spark.memory.offHeap.enabled") != "true" || off_heap <= ByteSize()) {
    return ProposeHeap(run, 1.5, kWhy);
  }
  return Propose(run, kOffHeap, NeatSize(off_heap.mebibytes_ceil() * 3 / 2), kWhy);
}

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const Sighting& seen = run.sightings.of(Sight::kSpill);
  const ByteSize disk = run.totals.bytes.spilled_disk;
  if (!seen.seen() && disk <= ByteSize()) return {};
  const ByteSize memory = std::max(run.totals.bytes.spilled_memory, Bytes(seen.amount));
  const ByteSize shuffled =
      std::max(run.totals.bytes.shuffle_read, run.totals.bytes.shuffle_written);
  const bool much =
      static_cast<double>(disk.bytes()) > kMuch * static_cast<double>(shuffled.bytes());
  const WorstStage worst = FindWorst(
      run.stages, [](const StageRun& stage) { return stage.bytes.spilled_memory.bytes(); });
  SymptomFinding finding = {
      .severity = much && disk > ByteSize() ? Severity::kMedium : Severity::kLow,
      .summary = DescribeSize(memory) + " of tasks' memory went to disk" +
                 (disk > ByteSize() ? ", " + DescribeSize(disk) + " there" : "") +
                 InStages(worst.ids),
      .cause =
          "A task's share of execution memory is smaller than its partition. Smaller partitions, "
          "or "
          "fewer tasks at once on an executor, keep it in memory.",
      .evidence = EvidenceOf(seen)};
  finding.evidence.stages = worst.ids.empty() ? seen.stages : worst.ids;
  finding.evidence.count = std::max({seen.count(), worst.count, int64_t{1}});
  finding.evidence.numbers = {{"memoryBytes", static_cast<double>(memory.bytes())},
                              {"diskBytes", static_cast<double>(disk.bytes())},
                              {"shuffleBytes", static_cast<double>(shuffled.bytes())}};
  const int64_t now = NumberNow(run, kPartitions, 200);
  const int64_t had = worst.stage == nullptr ? now : std::min(now, worst.stage->planned_tasks);
  const int64_t to = std::clamp(std::max(2 * had, FittingPartitions(memory, run.slots)), int64_t{1},
                                kMostPartitions);
  if (to > now) {
    finding.settings.push_back(
        Propose(run, kPartitions, std::to_string(to), "smaller partitions need less memory each"));
  }
  finding.settings.push_back(MoreMemory(run));
  return {finding};
}

}  // namespace

const Symptom kSpill = {"spill", "memory of tasks written to disk", Look};

}  // namespace ballast::policy
