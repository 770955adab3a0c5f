// A task that is large on the wire was given data that belongs into storage or a broadcast.
//
//   sees     "Stage N contains a task of very large size" of text logs (over 1000 KiB)
//   grave    from half of spark.rpc.message.maxSize on, where Spark refuses the task
//   proposes Kryo where data of a local collection is serialized by Java, not by Python
#include "policy/print_value.h"
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kKryo = "org.apache.spark.serializer.KryoSerializer";
constexpr int64_t kDefaultMessage = 128;  // MiB

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const Sighting& seen = run.sightings.of(Sight::kLargeTask);
  if (!seen.seen()) return {};
  const ByteSize wall = Mebibytes(NumberNow(run, "spark.rpc.message.maxSize", kDefaultMessage));
  SymptomFinding finding = {
      .severity = Bytes(seen.amount) * 2 >= wall ? Severity::kHigh : Severity::kMedium,
      .summary = Counted(seen.count(), "stage") + " with tasks over 1000 KiB, the largest " +
                 DescribeSize(Bytes(seen.amount)) + InStages(seen.stages),
      .cause =
          "Data captured in a closure, or a large local collection, travels with every task. "
          "Broadcast it, or read it in the executors; a larger spark.rpc.message.maxSize only "
          "moves the wall.",
      .evidence = EvidenceOf(seen, "largestBytes")};
  // Python's data is pickled before Spark's serializer sees it.
  if (run.python) return {finding};
  ProposeUnlessSet(finding.settings, run, "spark.serializer", std::string(kKryo),
                   "Kryo with registered classes writes a local collection smaller than Java does");
  return {finding};
}

}  // namespace

const Symptom kLargeTask = {"large-task", "a task larger than 1000 KiB", Look};

}  // namespace ballast::policy
