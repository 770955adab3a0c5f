// A closure holds an object that cannot be sent to an executor.
//
//   sees     "Task not serializable" and NotSerializableException of text logs; the event log has
//            no trace of it, as no job begins
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const Sighting& seen = run.sightings.of(Sight::kNotSerializable);
  if (!seen.seen()) return {};
  return {
      {.severity = Severity::kHigh,
       .summary = "a task could not be serialized" + (seen.name.empty() ? "" : ": " + seen.name),
       .cause = "A function that runs in the executors captured an object that is not "
                "Serializable, often by way of the class around it. Copy the fields that it needs "
                "into local values, make the object in the executors (mapPartitions), or mark it "
                "@transient lazy. No setting helps.",
       .evidence = EvidenceOf(seen)}};
}

}  // namespace

const Symptom kNotSerializable = {"not-serializable", "a closure that cannot be serialized", Look};

}  // namespace ballast::policy
