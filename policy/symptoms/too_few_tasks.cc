// A long stage of so few tasks that most slots look on.
//
//   sees     a stage over 10 s with fewer tasks than half of the slots
//   proposes two partitions for each slot
#include "policy/symptoms/finding.h"
#include "policy/symptoms/partitions.h"
#include "policy/symptoms/symptoms.h"
#include "policy/symptoms/worst_stage.h"

namespace ballast::policy {
namespace {

constexpr int64_t kLong = 10'000;  // ms

int64_t LengthOf(const StageRun& stage) {
  if (stage.submitted == 0 || stage.completed == 0) return 0;
  return stage.completed - stage.submitted;
}

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const WorstStage worst = FindWorst(run.stages, [&](const StageRun& stage) {
    const bool few = stage.planned_tasks > 0 && stage.planned_tasks * 2 < run.slots;
    return few && LengthOf(stage) > kLong ? LengthOf(stage) : 0;
  });
  if (worst.stage == nullptr) return {};
  const StageRun& stage = *worst.stage;
  SymptomFinding finding = {
      .severity = Severity::kMedium,
      .summary = "a stage of " + DescribeMillis(worst.measure) + " had " +
                 Counted(stage.planned_tasks, "task") + " for " + std::to_string(run.slots) +
                 " slots" + InStages(worst.ids),
      .cause =
          "Few partitions, or an input that cannot be split (gzip, one large file). Repartition "
          "after reading, or write the input in a format that can be split.",
      .evidence = {.count = worst.count,
                   .stages = worst.ids,
                   .numbers = {{"tasks", static_cast<double>(stage.planned_tasks)},
                               {"slots", static_cast<double>(run.slots)},
                               {"stageMillis", static_cast<double>(worst.measure)}}}};
  const bool shuffled = stage.bytes.shuffle_read > ByteSize();
  const int64_t to = FittingPartitions(stage.bytes.shuffle_read + stage.bytes.input, run.slots);
  finding.settings.push_back(
      Propose(run, shuffled ? "spark.sql.shuffle.partitions" : "spark.default.parallelism",
              std::to_string(to), "at least two for each slot"));
  return {finding};
}

}  // namespace

const Symptom kTooFewTasks = {"too-few-tasks", "a long stage with fewer tasks than half the slots",
                              Look};

}  // namespace ballast::policy
