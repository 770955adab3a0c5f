// The closure of a stage is large: it holds data, which every executor fetches and every task
// reads.
//
//   sees     "Broadcasting large task binary with size" of text logs (over 1000 KiB)
#include "policy/print_value.h"
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const Sighting& seen = run.sightings.of(Sight::kLargeTaskBinary);
  if (!seen.seen()) return {};
  return {{.severity = Severity::kMedium,
           .summary = Counted(seen.count(), "stage") +
                      " with a task binary over 1000 KiB, the largest " +
                      DescribeSize(Bytes(seen.amount)),
           .cause =
               "The function of a stage, or the chain of its RDDs, holds a large object (a lookup "
               "table, a model, a long query plan), and every task deserializes all of it. "
               "Broadcast the object, "
               "and checkpoint where the chain is long.",
           .evidence = EvidenceOf(seen, "largestBytes")}};
}

}  // namespace

const Symptom kLargeTaskBinary = {"large-task-binary", "a stage's closure larger than 1000 KiB",
                                  Look};

}  // namespace ballast::policy
