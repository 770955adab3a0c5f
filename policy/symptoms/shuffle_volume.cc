// Much of what is read is moved between executors.
//
//   sees     shuffled bytes over 20 % of the bytes of input (from 64 MiB on), or tasks that wait
//   for the
//            network over 15 % of their time (from 10 s on)
//   proposes AQE where it was switched off, and joins by broadcast up to a larger table
#include "policy/print_value.h"
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

constexpr double kMuch = 0.20;
constexpr double kLongWait = 0.15;
constexpr ByteSize kLeast = Mebibytes(64);
constexpr int64_t kLeastWait = 10'000;  // ms
constexpr std::string_view kThreshold = "spark.sql.autoBroadcastJoinThreshold";
constexpr int64_t kDefaultThreshold = 10 << 20;
constexpr int64_t kTableMost = 32 << 20;

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const TaskBytes& bytes = run.totals.bytes;
  const TaskTimes& times = run.totals.times;
  const double volume = bytes.input <= ByteSize()
                            ? 0
                            : static_cast<double>(bytes.shuffle_written.bytes()) /
                                  static_cast<double>(bytes.input.bytes());
  const double wait =
      times.run <= 0 ? 0 : static_cast<double>(times.fetch_wait) / static_cast<double>(times.run);
  const bool large = volume > kMuch && bytes.shuffle_written >= kLeast;
  const bool slow = wait > kLongWait && times.fetch_wait >= kLeastWait;
  if (!large && !slow) return {};
  SymptomFinding finding = {
      .severity = slow ? Severity::kMedium : Severity::kLow,
      .summary =
          large ? DescribeSize(bytes.shuffle_written) + " were shuffled, " + DescribeShare(volume) +
                      " of the input"
                : DescribeShare(wait) + " of the tasks' time was spent waiting for shuffled blocks",
      .cause =
          "Wide joins and aggregations move most of the data. Join small tables by broadcast, "
          "aggregate before the join, and read only the columns that are needed.",
      .evidence = {.count = run.totals.stages,
                   .numbers = {{"shuffleBytes", static_cast<double>(bytes.shuffle_written.bytes())},
                               {"inputBytes", static_cast<double>(bytes.input.bytes())},
                               {"fetchWaitMillis", static_cast<double>(times.fetch_wait)},
                               {"taskRunMillis", static_cast<double>(times.run)}}}};
  if (SettingNow(run, "spark.sql.adaptive.enabled") == "false") {
    finding.settings.push_back(Propose(run, "spark.sql.adaptive.enabled", "true",
                                       "turns joins into broadcasts where a side proves small"));
  }
  if (NumberNow(run, kThreshold, kDefaultThreshold) < kTableMost) {
    finding.settings.push_back(
        Propose(run, kThreshold, "32m", "a join with a table this small needs no shuffle"));
  }
  return {finding};
}

}  // namespace

const Symptom kShuffleVolume = {"shuffle-volume",
                                "shuffles over 20 % of the input, or long waits for them", Look};

}  // namespace ballast::policy
