// A record did not fit into Kryo's buffer.
//
//   sees     "Kryo serialization failed: Buffer overflow. Available: .., required: .." of text logs
//            and of failed tasks
//   proposes the next power of two above what the buffer had to hold, below 2048 MiB. "required" is
//            what the next growth asked for, so what the buffer held already is added
//   example  64m held 64 MiB and 1 MiB more was required: 128m
#include <algorithm>

#include "policy/print_value.h"
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kMax = "spark.kryoserializer.buffer.max";
constexpr int64_t kDefaultMax = 64;   // MiB
constexpr int64_t kSparkMost = 2047;  // MiB; KryoSerializer refuses 2048
constexpr int64_t kPractical = 512;   // MiB; a buffer is held by every task, inside the heap
constexpr int64_t kMebi = 1 << 20;

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const Sighting& seen = run.sightings.of(Sight::kKryoOverflow);
  if (!seen.seen()) return {};
  const int64_t now = NumberNow(run, kMax, kDefaultMax);
  const int64_t held = std::max<int64_t>(SaturatingSubtract(Mebibytes(now).bytes(), seen.limit), 0);
  const int64_t needed = DivideCeil(SaturatingAdd(held, seen.amount), kMebi);
  const int64_t to = std::min(PowerOfTwoAbove(std::max(now, needed - 1)), kSparkMost);
  SymptomFinding finding = {
      .severity = Severity::kHigh,
      .summary = Counted(seen.count(), "time") + " a record did not fit into Kryo's buffer of " +
                 DescribeSize(Mebibytes(now)) + "; " + DescribeSize(Bytes(seen.amount)) +
                 " more were required" + InStages(seen.stages),
      .cause =
          "One record, or one broadcast or collected value, is larger than "
          "spark.kryoserializer.buffer.max when it is serialized.",
      .evidence = EvidenceOf(seen, "requiredBytes", "availableBytes")};
  if (to > now) {
    std::string why = "the next power of two above the " + std::to_string(needed) +
                      " MiB that the buffer had to hold at least";
    if (to > kPractical) why += "; above 512m it is better to make the records smaller";
    finding.settings.push_back(Propose(run, kMax, std::to_string(to) + "m", std::move(why)));
  } else {
    finding.cause += " Spark allows no larger buffer: the record has to be split.";
  }
  return {finding};
}

}  // namespace

const Symptom kKryoBufferOverflow = {"kryo-buffer-overflow", "a record larger than Kryo's buffer",
                                     Look};

}  // namespace ballast::policy
