// Python's workers take much of the pod, which nothing of the JVM shows.
//
//   sees     Python workers over a quarter of the executor's pod, or over
//            spark.executor.pyspark.memory (where spark.executor.processTreeMetrics.enabled), and
//            MemoryError of workers in text logs and failed tasks
//   proposes PySpark memory of what was seen and half as much again
#include <algorithm>

#include "policy/print_value.h"
#include "policy/spark_memory.h"
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kPySpark = "spark.executor.pyspark.memory";
constexpr int64_t kShare = 4;  // a quarter of the pod

struct Workers {
  ByteSize most;
  std::vector<std::string> executors = {};
};

Workers WorkersOver(const ApplicationRun& run, ByteSize limit) {
  Workers over;
  for (const ExecutorRun& executor : run.executors) {
    const ByteSize python = executor.peak.python_resident;
    over.most = std::max(over.most, python);
    if (python > limit && over.executors.size() < kPlacesKept)
      over.executors.push_back(executor.id);
  }
  return over;
}

// What the workers of an executor may take before they are a finding.
ByteSize LimitOf(const ApplicationRun& run) {
  const auto shape = ExecutorShape(run.conf, Language::kPython, run.version);
  if (!shape.ok() || run.local()) return Gibibytes(1 << 20);
  const ByteSize asked = Mebibytes(NumberNow(run, kPySpark, 0));
  if (asked > ByteSize()) return asked;
  return Bytes(shape->memory().bytes() / kShare);
}

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const Sighting& seen = run.sightings.of(Sight::kPythonMemory);
  const ByteSize limit = LimitOf(run);
  const Workers workers = WorkersOver(run, limit);
  if (!seen.seen() && workers.executors.empty()) return {};
  SymptomFinding finding = {
      .severity = seen.seen() ? Severity::kHigh : Severity::kMedium,
      .summary = seen.seen() ? Counted(seen.count(), "time") + " a Python worker ran out of memory"
                             : "Python's workers took " + DescribeSize(workers.most) +
                                   " of an executor's pod",
      .cause =
          "Pandas and native libraries hold their data in Python's workers, one a task slot, "
          "outside "
          "the heap. Process less at once (spark.sql.execution.arrow.maxRecordsPerBatch, "
          "iterators), "
          "and ask for the memory that they take.",
      .evidence = EvidenceOf(seen)};
  for (const std::string& id : workers.executors) finding.evidence.executors.push_back(id);
  if (!workers.executors.empty()) {
    finding.evidence.count =
        std::max<int64_t>(finding.evidence.count, static_cast<int64_t>(workers.executors.size()));
    finding.evidence.numbers = {{"peakBytes", static_cast<double>(workers.most.bytes())},
                                {"limitBytes", static_cast<double>(limit.bytes())}};
  }
  const int64_t now = NumberNow(run, kPySpark, 0);
  const int64_t heap = NumberNow(run, "spark.executor.memory", 1024);
  const int64_t base = std::max({now, workers.most.mebibytes_ceil(), now > 0 ? 0 : heap / 4});
  finding.settings.push_back(Propose(run, kPySpark, NeatSize(base * 3 / 2),
                                     "counts in the executor's pod, and bounds its workers"));
  return {finding};
}

}  // namespace

const Symptom kPythonMemory = {"python-memory", "Python workers that take much of the pod", Look};

}  // namespace ballast::policy
