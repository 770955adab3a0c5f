// A task, or a table of map outputs, is larger than one message may be.
//
//   sees     "Serialized task .. exceeds max allowed: spark.rpc.message.maxSize"
//   proposes the next power of two above it, in MiB without a suffix, 2047 at most
#include <algorithm>

#include "policy/print_value.h"
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kSize = "spark.rpc.message.maxSize";
constexpr int64_t kSparkMost = 2047;  // MiB

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const Sighting& seen = run.sightings.of(Sight::kMessageTooLarge);
  if (!seen.seen()) return {};
  const int64_t now = NumberNow(run, kSize, 128);
  const int64_t needed = Bytes(seen.amount).mebibytes_ceil();
  const int64_t to = std::min(PowerOfTwoAbove(std::max(now, needed)), kSparkMost);
  SymptomFinding finding = {
      .severity = Severity::kHigh,
      .summary = "a message of " + DescribeSize(Bytes(seen.amount)) + " over the limit of " +
                 DescribeSize(seen.limit > 0 ? Bytes(seen.limit) : Mebibytes(now)) +
                 InStages(seen.stages),
      .cause =
          "A serialized task holds data: broadcast it, or read it in the executors. A larger "
          "message only moves "
          "the wall, which is at 2047 MiB.",
      .evidence = EvidenceOf(seen, "messageBytes", "limitBytes")};
  if (to > now) {
    finding.settings.push_back(Propose(run, kSize, std::to_string(to),
                                       "the next power of two, in MiB and without a suffix"));
  }
  return {finding};
}

}  // namespace

const Symptom kMessageTooLarge = {"message-too-large", "a message over spark.rpc.message.maxSize",
                                  Look};

}  // namespace ballast::policy
