// Dynamic allocation sends executors away and asks for them again.
//
//   sees     executors removed as idle, and others added after that within ten minutes, more than
//            half as many as ever ran at once
//   proposes a longer idle time-out, and a minimum
#include <algorithm>

#include "policy/spark_size.h"
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kIdle = "spark.dynamicAllocation.executorIdleTimeout";
constexpr int64_t kSoon = 600'000;    // ms
constexpr int64_t kLongIdle = 60;     // s, Spark's default
constexpr int64_t kLongerIdle = 300;  // s

// Removals that a later executor made good within ten minutes; each new one counts for one of them.
int64_t AskedForAgain(const ApplicationRun& run) {
  std::vector<int64_t> removed;
  std::vector<int64_t> added;
  for (const ExecutorRun& executor : run.executors) {
    if (executor.id == "driver") continue;
    added.push_back(executor.added);
    // Spark's words for an executor that it sent away by itself.
    const bool idle = executor.removal_reason.find("killed by driver") != std::string::npos;
    if (idle && executor.removed > 0) removed.push_back(executor.removed);
  }
  std::sort(removed.begin(), removed.end());
  std::sort(added.begin(), added.end());
  int64_t again = 0;
  size_t next = 0;
  for (const int64_t gone : removed) {
    while (next < added.size() && added[next] < gone) ++next;
    if (next == added.size()) break;
    if (added[next] - gone > kSoon) continue;
    ++again;
    ++next;
  }
  return again;
}

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const int64_t again = AskedForAgain(run);
  if (again == 0 || again * 2 <= run.most_executors) return {};
  SymptomFinding finding = {
      .severity = Severity::kMedium,
      .summary = Counted(again, "executor") + " sent away as idle and asked for again; at most " +
                 std::to_string(run.most_executors) + " ran at once",
      .cause =
          "The idle time-out is shorter than the pauses between jobs, so that pods start, load "
          "classes "
          "and lose their cached blocks over and over.",
      .evidence = {.count = again,
                   .numbers = {{"executorsSeen", static_cast<double>(run.executors_seen)},
                               {"mostAtOnce", static_cast<double>(run.most_executors)}}}};
  const int64_t idle = NumberNow(run, kIdle, kLongIdle);
  finding.settings.push_back(Propose(
      run, kIdle,
      PrintSparkTime((idle < kLongIdle ? kLongIdle : std::max(kLongerIdle, 2 * idle)) * 1000),
      "longer than the pauses between jobs"));
  const int64_t least = NumberNow(run, "spark.dynamicAllocation.minExecutors", 0);
  const int64_t keep = std::max<int64_t>(run.most_executors / 2, 1);
  if (least < keep) {
    finding.settings.push_back(Propose(run, "spark.dynamicAllocation.minExecutors",
                                       std::to_string(keep),
                                       "these stay, for the next job to begin at once"));
  }
  return {finding};
}

}  // namespace

const Symptom kExecutorChurn = {"executor-churn", "executors sent away as idle and asked for again",
                                Look};

}  // namespace ballast::policy
