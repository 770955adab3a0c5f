// Executors held cores that ran nothing.
//
//   sees     over half of the slots' time idle between the first job's begin and the last one's end
//            (from 20 s of it, and a minute of idle slots on)
//   proposes as many executors as the tasks could keep busy
#include <algorithm>

#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

constexpr double kMost = 0.50;
constexpr int64_t kLeastSpan = 20'000;  // ms
constexpr int64_t kLeastIdle = 60'000;  // ms of one slot

// The time that slots were there, within the jobs' time.
int64_t SlotTime(const ApplicationRun& run) {
  int64_t sum = 0;
  for (const ExecutorRun& executor : run.executors) {
    if (executor.cores <= 0) continue;
    const int64_t from = std::max(executor.added, run.first_job);
    const int64_t to =
        executor.removed == 0 ? run.last_job_end : std::min(executor.removed, run.last_job_end);
    sum += std::max<int64_t>(to - from, 0) * run.SlotsOf(executor.cores);
  }
  return sum;
}

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  if (run.first_job == 0 || run.last_job_end - run.first_job < kLeastSpan) return {};
  const int64_t there = SlotTime(run);
  const int64_t busy = std::min(run.totals.times.wall, there);
  if (there <= 0 || there - busy < kLeastIdle) return {};
  const double idle = 1 - static_cast<double>(busy) / static_cast<double>(there);
  if (idle <= kMost) return {};
  SymptomFinding finding = {
      .severity = Severity::kLow,
      .summary = DescribeShare(idle) + " of the slots' time nothing ran (" +
                 Counted(run.slots, "slot") + ")",
      .cause =
          "Too few partitions, stragglers that everybody waits for, or a driver that works alone "
          "between "
          "jobs. More partitions, or fewer executors for the same time.",
      .evidence = {.count = run.slots,
                   .numbers = {{"share", idle},
                               {"idleMillis", static_cast<double>(there - busy)},
                               {"slotMillis", static_cast<double>(there)}}}};
  const int64_t executors = run.most_executors;
  const auto busy_ones =
      static_cast<int64_t>(static_cast<double>(executors) * (1 - idle) * 1.25) + 1;
  if (!run.local() && busy_ones < executors) {
    const bool dynamic = SettingNow(run, "spark.dynamicAllocation.enabled") == "true";
    finding.settings.push_back(
        Propose(run, dynamic ? "spark.dynamicAllocation.maxExecutors" : "spark.executor.instances",
                std::to_string(busy_ones), "as many as were kept busy, and a quarter more"));
    if (finding.settings.back().from.empty())
      finding.settings.back().from = std::to_string(executors);
  }
  return {finding};
}

}  // namespace

const Symptom kIdleCores = {"idle-cores", "over half of the slots' time idle", Look};

}  // namespace ballast::policy
