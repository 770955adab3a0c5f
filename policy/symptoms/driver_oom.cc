// The driver's heap was full.
//
//   sees     OutOfMemoryError of the driver's threads in text logs; the event log names it nowhere
//   proposes twice the heap, and a spark.driver.maxResultSize of at most half of it
#include <algorithm>

#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kHeap = "spark.driver.memory";
constexpr std::string_view kResult = "spark.driver.maxResultSize";

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const Sighting& seen = run.sightings.of(Sight::kDriverHeap);
  if (!seen.seen()) return {};
  SymptomFinding finding = {
      .severity = Severity::kCritical,
      .summary = "the driver's heap was full (" + Counted(seen.count(), "OutOfMemoryError") + ")",
      .cause =
          "The driver gathered too much: collect() or toPandas() of a large result, a large "
          "broadcast, or the status of very many tasks. Write results instead of collecting them. "
          "Off-heap and PySpark memory are not in the driver's pod.",
      .evidence = EvidenceOf(seen)};
  const int64_t heap = NumberNow(run, kHeap, 1024);
  finding.settings.push_back(
      Propose(run, kHeap, NeatSize(2 * heap), "twice the heap, if the result is really needed"));
  const ByteSize result = Bytes(NumberNow(run, kResult, Gibibytes(1).bytes()));
  if (result <= ByteSize() || result > Mebibytes(heap)) {
    finding.settings.push_back(
        Propose(run, kResult, NeatSize(std::max<int64_t>(heap, 256)),
                "half of that heap: a larger result then fails with its name"));
  }
  return {finding};
}

}  // namespace

const Symptom kDriverOom = {"driver-oom", "a driver whose heap was full", Look};

}  // namespace ballast::policy
