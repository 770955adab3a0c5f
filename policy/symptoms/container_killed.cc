// Kubernetes killed a container because it took more memory than its limit: the heap is inside of
// it, so what grew is outside of the heap.
//
//   sees     exit code 137, OOMKilled, in text logs and in the reasons of lost executors
//   proposes more overhead: 15 % of the heap, 40 % for Python, and half as much again as there was
#include <algorithm>

#include "policy/print_value.h"
#include "policy/spark_memory.h"
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kOverhead = "spark.executor.memoryOverhead";
constexpr std::string_view kPySpark = "spark.executor.pyspark.memory";

ProposedSetting ProposeOverhead(const ApplicationRun& run) {
  const auto shape =
      ExecutorShape(run.conf, run.python ? Language::kPython : Language::kJvm, run.version);
  const int64_t heap = shape.ok() ? shape->heap.mebibytes() : 1024;
  const int64_t now = shape.ok() ? shape->overhead.mebibytes() : 384;
  const int64_t share = run.python ? heap * 2 / 5 : heap * 3 / 20;
  ProposedSetting proposed = Propose(run, kOverhead, NeatSize(std::max(now * 3 / 2, share)),
                                     "room outside the heap, which is what the limit cut off");
  if (proposed.from.empty()) proposed.from = std::to_string(now) + "m";
  return proposed;
}

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const Sighting& killed = run.sightings.of(Sight::kContainerKilled);
  const Sighting& direct = run.sightings.of(Sight::kDirectMemory);
  if (!killed.seen()) return {};
  SymptomFinding finding = {
      .severity = Severity::kCritical,
      .summary = Counted(killed.count(), "time") + " a container was killed (137)",
      .cause =
          std::string(
              "The container took more memory than its limit, or something else killed it. ") +
          (run.python
               ? "Python's workers are outside the heap, and so are native libraries and buffers. "
               : "Native libraries, direct buffers and threads are outside the heap. ") +
          "A larger heap alone makes it worse. Fetch failures and lost tasks follow from it.",
      .evidence = EvidenceOf(Together(killed, direct))};
  finding.settings.push_back(ProposeOverhead(run));
  if (run.python && SettingNow(run, kPySpark).empty()) {
    const int64_t heap = NumberNow(run, "spark.executor.memory", 1024);
    finding.settings.push_back(Propose(run, kPySpark, NeatSize(heap * 2 / 5),
                                       "counts in the pod, and bounds each Python worker"));
  }
  return {finding};
}

}  // namespace

const Symptom kContainerKilled = {"container-killed", "a container killed for its memory (137)",
                                  Look};

}  // namespace ballast::policy
