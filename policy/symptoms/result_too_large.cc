// The results of a job together are larger than the driver was told to take.
//
//   sees     "Total size of serialized results of .. is bigger than spark.driver.maxResultSize"
//   proposes the next power of two above twice what was there when Spark gave up, and a heap of
//            four times as much
#include <algorithm>

#include "policy/print_value.h"
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kResult = "spark.driver.maxResultSize";
constexpr std::string_view kHeap = "spark.driver.memory";

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const Sighting& seen = run.sightings.of(Sight::kResultTooLarge);
  if (!seen.seen()) return {};
  const int64_t there = Bytes(seen.amount).mebibytes_ceil();
  const int64_t to = PowerOfTwoAbove(std::max<int64_t>(there * 2 - 1, 1));
  SymptomFinding finding = {
      .severity = Severity::kHigh,
      .summary = "results of " + DescribeSize(Bytes(seen.amount)) +
                 " and more, over the limit of " + DescribeSize(Bytes(seen.limit)) +
                 InStages(seen.stages),
      .cause =
          "collect() or toPandas() brings the whole result to the driver. Write it instead, or "
          "aggregate before; if it has to be collected, the limit and the driver's heap grow "
          "together.",
      .evidence = EvidenceOf(seen, "resultBytes", "limitBytes")};
  finding.settings.push_back(
      Propose(run, kResult, NeatSize(to),
              "twice what was there when Spark gave up; the whole may be more"));
  if (finding.settings.back().from.empty())
    finding.settings.back().from = PrintExactSize(Bytes(seen.limit));
  if (NumberNow(run, kHeap, 1024) < 4 * to) {
    finding.settings.push_back(
        Propose(run, kHeap, NeatSize(4 * to), "a result takes several times its serialized size"));
  }
  return {finding};
}

}  // namespace

const Symptom kResultTooLarge = {"result-too-large", "results over spark.driver.maxResultSize",
                                 Look};

}  // namespace ballast::policy
