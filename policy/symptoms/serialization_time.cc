// Results take long to be serialized: Java's serializer, or graphs of many objects.
//
//   sees     stages whose tasks took over 100 ms each (median) to serialize their result, the first
//            ones of a stage and of an executor left out
//   proposes Kryo; without references for results that are trees
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"
#include "policy/symptoms/worst_stage.h"

namespace ballast::policy {
namespace {

constexpr int64_t kMost = 100;   // ms a task
constexpr int64_t kLeast = 500;  // ms a stage: less is one cold start
constexpr std::string_view kKryo = "org.apache.spark.serializer.KryoSerializer";

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const WorstStage worst = FindWorst(run.stages, [](const StageRun& stage) {
    return stage.serialization.median > kMost && stage.serialization.sum >= kLeast
               ? stage.serialization.median
               : 0;
  });
  if (worst.stage == nullptr) return {};
  SymptomFinding finding = {
      .severity = Severity::kMedium,
      .summary = "tasks took " + DescribeMillis(worst.measure) + " (median) to serialize a result" +
                 InStages(worst.ids),
      .cause =
          "Java's serializer, or a result of many small objects. Return less, or flatter objects.",
      .evidence = {
          .count = worst.count,
          .stages = worst.ids,
          .numbers = {{"medianMillis", static_cast<double>(worst.measure)},
                      {"longestMillis", static_cast<double>(worst.stage->serialization.most)},
                      {"totalMillis", static_cast<double>(worst.stage->serialization.sum)}}}};
  ProposeUnlessSet(finding.settings, run, "spark.serializer", std::string(kKryo),
                   "faster and smaller than Java's serializer");
  if (finding.settings.empty()) {
    ProposeUnlessSet(finding.settings, run, "spark.kryo.referenceTracking", "false",
                     "spares the look-ups, where no object is reached twice");
  }
  return {finding};
}

}  // namespace

const Symptom kSerializationTime = {"serialization-time",
                                    "over 100 ms a task to serialize its result", Look};

}  // namespace ballast::policy
