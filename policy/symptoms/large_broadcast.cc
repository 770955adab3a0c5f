// A broadcast is held by the driver and by every executor: a large one is paid for as often.
//
//   sees     broadcast values and tables over 4 MiB, in text logs at INFO and in the event log's
//            query metrics; broadcasts that Spark refused
//   grave    where Spark refused it, or from 256 MiB on
//   proposes a lower threshold for joins, for a table; -1 where it was refused
#include "policy/print_value.h"
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kThreshold = "spark.sql.autoBroadcastJoinThreshold";
constexpr int64_t kDefaultThreshold = 10 << 20;
constexpr int64_t kLowThreshold = 4 << 20;
constexpr ByteSize kGrave = Mebibytes(256);

std::vector<SymptomFinding> Refused(const ApplicationRun& run, const Sighting& seen) {
  SymptomFinding finding = {
      .severity = Severity::kHigh,
      .summary = "Spark could not broadcast a table: " + seen.first.text.substr(0, 120),
      .cause =
          "A table to be joined by broadcast is too large for it, or for the driver's heap, in "
          "which it "
          "is gathered first. Join it by sorting instead, or broadcast fewer columns and rows.",
      .evidence = EvidenceOf(seen)};
  ProposeUnlessSet(finding.settings, run, kThreshold, "-1",
                   "joins are then made by sorting, which needs no table in one piece");
  return {finding};
}

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const Sighting& refused = run.sightings.of(Sight::kBroadcastRefused);
  if (refused.seen()) return Refused(run, refused);
  const Sighting& seen = run.sightings.of(Sight::kLargeBroadcast);
  if (!seen.seen()) return {};
  const ByteSize largest = Bytes(seen.amount);
  SymptomFinding finding = {
      .severity = largest >= kGrave ? Severity::kHigh : Severity::kLow,
      .summary = "broadcasts over 4 MiB, the largest " + DescribeSize(largest),
      .cause =
          "Every executor, and the driver, holds a copy of a broadcast until it is unpersisted: "
          "splitting executors multiplies it. Broadcast fewer and smaller objects, and "
          "unpersist them when they are done with.",
      .evidence = EvidenceOf(seen, "largestBytes")};
  if (seen.name == "table" && NumberNow(run, kThreshold, kDefaultThreshold) > kLowThreshold) {
    finding.settings.push_back(Propose(
        run, kThreshold, "4m", "a join then broadcasts only what is small on disk as well"));
  }
  return {finding};
}

}  // namespace

const Symptom kLargeBroadcast = {"large-broadcast",
                                 "a broadcast over 4 MiB, or one that Spark refused", Look};

}  // namespace ballast::policy
