// One task of a stage takes much longer than the others, because one key has most of the data.
//
//   sees     a longest task over 5 times the median and over 5 s, with bytes or records that agree
//            (twice the median's) where they are known. The ratio alone says nothing: first tasks
//            on a cold JVM reach 10, tiny tasks 200. A first task of which no bytes are known has
//            to take 30 s: Python workers were seen to take 13 s to start on a busy machine
//   grave    from 30 s on
//   proposes AQE's skew join; more memory does not cure it
#include <algorithm>

#include "policy/print_value.h"
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"
#include "policy/symptoms/worst_stage.h"

namespace ballast::policy {
namespace {

constexpr int64_t kRatio = 5;
constexpr int64_t kLong = 5'000;       // ms
constexpr int64_t kLongCold = 30'000;  // ms, of a first task of which no bytes are known
constexpr int64_t kGrave = 30'000;     // ms
constexpr int64_t kAgree = 2;          // times the median's bytes or records
constexpr int64_t kFewestTasks = 3;

bool DataAgrees(const StageRun& stage) {
  const bool bytes_known = stage.task_bytes.most > 0;
  const bool records_known = stage.task_records.most > 0;
  if (!bytes_known && !records_known) return true;
  return (bytes_known &&
          stage.longest.bytes >= kAgree * std::max<int64_t>(stage.task_bytes.median, 1)) ||
         (records_known &&
          stage.longest.records >= kAgree * std::max<int64_t>(stage.task_records.median, 1));
}

bool DataKnown(const StageRun& stage) {
  return stage.task_bytes.most > 0 || stage.task_records.most > 0;
}

bool Skewed(const StageRun& stage) {
  const int64_t least = stage.longest.cold && !DataKnown(stage) ? kLongCold : kLong;
  return stage.duration.count >= kFewestTasks && stage.longest.duration > least &&
         stage.longest.duration > kRatio * stage.duration.median && DataAgrees(stage);
}

void ProposeSkewJoin(const ApplicationRun& run, SymptomFinding& finding) {
  auto& settings = finding.settings;
  const auto off = [&](std::string_view key) { return SettingNow(run, key) == "false"; };
  if (off("spark.sql.adaptive.enabled")) {
    settings.push_back(Propose(run, "spark.sql.adaptive.enabled", "true",
                               "AQE splits skewed partitions of joins"));
  }
  if (off("spark.sql.adaptive.skewJoin.enabled")) {
    settings.push_back(Propose(run, "spark.sql.adaptive.skewJoin.enabled", "true",
                               "splits skewed partitions of joins"));
  }
  ProposeUnlessSet(settings, run, "spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes",
                   "64m", "a partition counts as skewed from this size on (default 256m)");
}

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const WorstStage worst = FindWorst(
      run.stages, [](const StageRun& stage) { return Skewed(stage) ? stage.longest.duration : 0; });
  if (worst.stage == nullptr) return {};
  const StageRun& stage = *worst.stage;
  SymptomFinding finding = {
      .severity = worst.measure >= kGrave ? Severity::kHigh : Severity::kMedium,
      .summary = "longest task " + DescribeMillis(worst.measure) + ", median " +
                 DescribeMillis(stage.duration.median) + InStages(worst.ids),
      .cause =
          "One key, or one partition, has most of the data, and everybody waits for its task. Salt "
          "the "
          "key, aggregate before the join, or split the key apart; more memory does not cure it.",
      .evidence = {.count = worst.count,
                   .stages = worst.ids,
                   .numbers = {{"longestMillis", static_cast<double>(worst.measure)},
                               {"medianMillis", static_cast<double>(stage.duration.median)},
                               {"longestBytes", static_cast<double>(stage.longest.bytes)},
                               {"medianBytes", static_cast<double>(stage.task_bytes.median)},
                               {"longestRecords", static_cast<double>(stage.longest.records)},
                               {"medianRecords", static_cast<double>(stage.task_records.median)},
                               {"task", static_cast<double>(stage.longest.id)}}}};
  if (!stage.longest.executor.empty()) finding.evidence.executors.push_back(stage.longest.executor);
  ProposeSkewJoin(run, finding);
  return {finding};
}

}  // namespace

const Symptom kSkew = {"skew", "one task that takes 5 times as long as the others", Look};

}  // namespace ballast::policy
