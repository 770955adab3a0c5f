// Somebody did not answer in time.
//
//   sees     executors removed for want of heartbeats, and RPCs that timed out
//   proposes longer time-outs, which help where the pause itself cannot be cured
#include <algorithm>

#include "policy/spark_size.h"
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kTimeout = "spark.network.timeout";
constexpr std::string_view kInterval = "spark.executor.heartbeatInterval";
constexpr int64_t kLongTimeout = 600;       // s
constexpr int64_t kLongInterval = 20'000;   // ms
constexpr int64_t kMostInterval = 120'000;  // ms

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const Sighting& lost = run.sightings.of(Sight::kHeartbeatLost);
  const Sighting& timed_out = run.sightings.of(Sight::kRpcTimeout);
  if (!lost.seen() && !timed_out.seen()) return {};
  const Sighting seen = Together(lost, timed_out);
  SymptomFinding finding = {
      .severity = lost.seen() ? Severity::kHigh : Severity::kMedium,
      .summary = lost.seen() ? Counted(lost.count(), "time") + " an executor sent no heartbeat" +
                                   (lost.amount > 0 ? " for " + DescribeMillis(lost.amount) : "")
                             : Counted(timed_out.count(), "call") + " timed out",
      .cause =
          "An executor, or the driver, stood still: a long garbage collection, a machine that was "
          "overloaded or swapped, a network that was cut. Spark blames the application, though it "
          "may have done nothing. Cure the pause first.",
      .evidence = EvidenceOf(seen, "silentMillis", "limitMillis")};
  const int64_t now = NumberNow(run, kTimeout, 120);
  finding.settings.push_back(Propose(run, kTimeout,
                                     PrintSparkTime(std::max(kLongTimeout, 2 * now) * 1000),
                                     "has to exceed the heartbeat, and 60s"));
  const int64_t interval = NumberNow(run, kInterval, 10'000);
  if (interval < kLongInterval || interval > kMostInterval) {
    finding.settings.push_back(Propose(run, kInterval, PrintSparkTime(kLongInterval),
                                       "fewer messages to an overloaded driver"));
  }
  return {finding};
}

}  // namespace

const Symptom kHeartbeatTimeout = {"heartbeat-timeout", "heartbeats or calls that timed out", Look};

}  // namespace ballast::policy
