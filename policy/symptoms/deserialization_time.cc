// Tasks take long to be deserialized: large closures, or many jars.
//
//   sees     stages whose tasks took over 50 ms each (median) to be deserialized. The first tasks
//            of an executor and of a stage are left out, as they load classes, and so are stages
//            with fewer than four others
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"
#include "policy/symptoms/worst_stage.h"

namespace ballast::policy {
namespace {

constexpr int64_t kMost = 50;    // ms a task
constexpr int64_t kFewest = 4;   // tasks
constexpr double kLeast = 0.02;  // of the stage's task time: less is nobody's trouble

bool Matters(const StageRun& stage) {
  const Spread& spread = stage.deserialization;
  return spread.count >= kFewest && spread.median > kMost &&
         static_cast<double>(spread.sum) > kLeast * static_cast<double>(stage.times.wall);
}

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const WorstStage worst = FindWorst(run.stages, [](const StageRun& stage) {
    return Matters(stage) ? stage.deserialization.median : 0;
  });
  if (worst.stage == nullptr) return {};
  return {
      {.severity = Severity::kMedium,
       .summary = "tasks took " + DescribeMillis(worst.measure) + " (median) to be deserialized" +
                  InStages(worst.ids),
       .cause = "Large closures, or tables inside of them, are read anew for every task. Broadcast "
                "what they hold, and make the functions smaller; many jars cost the first tasks of "
                "an executor.",
       .evidence = {
           .count = worst.count,
           .stages = worst.ids,
           .numbers = {{"medianMillis", static_cast<double>(worst.measure)},
                       {"longestMillis", static_cast<double>(worst.stage->deserialization.most)},
                       {"totalMillis", static_cast<double>(worst.stage->deserialization.sum)}}}}};
}

}  // namespace

const Symptom kDeserializationTime = {"deserialization-time", "over 50 ms to deserialize a task",
                                      Look};

}  // namespace ballast::policy
