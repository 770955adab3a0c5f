// A stage of so many and so short tasks that starting them is most of the work.
//
//   sees     over 1,000 tasks in a stage with a median under 100 ms
//   proposes fewer partitions: shuffled bytes over 128 MiB, two for each slot at least
#include "policy/symptoms/finding.h"
#include "policy/symptoms/partitions.h"
#include "policy/symptoms/symptoms.h"
#include "policy/symptoms/worst_stage.h"

namespace ballast::policy {
namespace {

constexpr int64_t kMany = 1000;
constexpr int64_t kShort = 100;  // ms

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const WorstStage worst = FindWorst(run.stages, [](const StageRun& stage) {
    const Spread& duration = stage.duration;
    return duration.count > kMany && duration.median < kShort ? duration.count : 0;
  });
  if (worst.stage == nullptr) return {};
  const StageRun& stage = *worst.stage;
  SymptomFinding finding = {
      .severity = Severity::kLow,
      .summary = std::to_string(stage.duration.count) + " tasks with a median of " +
                 DescribeMillis(stage.duration.median) + InStages(worst.ids),
      .cause =
          "Too many partitions, or many small files: scheduling a task costs more than it does, "
          "and the "
          "driver remembers every one. Coalesce, write fewer files, let AQE join partitions.",
      .evidence = {.count = worst.count,
                   .stages = worst.ids,
                   .numbers = {{"tasks", static_cast<double>(stage.duration.count)},
                               {"medianMillis", static_cast<double>(stage.duration.median)}}}};
  const bool shuffled = stage.bytes.shuffle_read > ByteSize();
  const int64_t to = FittingPartitions(stage.bytes.shuffle_read + stage.bytes.input, run.slots);
  finding.settings.push_back(
      Propose(run, shuffled ? "spark.sql.shuffle.partitions" : "spark.default.parallelism",
              std::to_string(to), "two for each slot, and none over 128 MiB"));
  if (SettingNow(run, "spark.sql.adaptive.enabled") == "false") {
    finding.settings.push_back(Propose(run, "spark.sql.adaptive.enabled", "true",
                                       "joins small partitions after a shuffle"));
  }
  return {finding};
}

}  // namespace

const Symptom kTooManySmallTasks = {"too-many-small-tasks",
                                    "over 1,000 tasks in a stage, of under 100 ms", Look};

}  // namespace ballast::policy
