// The cache is larger than the memory for it.
//
//   sees     blocks that were dropped from memory, or found no room, in text logs (and in the event
//            log where spark.eventLog.logBlockUpdates.enabled)
//   proposes a larger protected share, and more heap
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

std::string SummaryOf(int64_t evicted, int64_t not_stored) {
  std::string summary;
  if (evicted > 0) summary = Counted(evicted, "block") + " dropped from the cache";
  if (not_stored > 0) {
    summary += (summary.empty() ? "" : ", ") + Counted(not_stored, "time") +
               " there was no room to cache one";
  }
  return summary;
}

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const Sighting& evicted = run.sightings.of(Sight::kEvicted);
  const Sighting& not_stored = run.sightings.of(Sight::kNotStored);
  if (!evicted.seen() && !not_stored.seen()) return {};
  const Sighting seen = Together(not_stored, evicted);
  SymptomFinding finding = {
      .severity = Severity::kMedium,
      .summary = SummaryOf(evicted.count(), not_stored.count()),
      .cause =
          "What is cached is larger than the storage region. Cache less, or serialized "
          "(MEMORY_AND_DISK_SER), and unpersist what is done with; a dropped block is computed "
          "again or "
          "read from disk each time.",
      .evidence = EvidenceOf(seen)};
  ProposeUnlessSet(finding.settings, run, "spark.memory.storageFraction", "0.7",
                   "cached blocks within this share are not driven out by execution");
  finding.settings.push_back(ProposeHeap(run, 1.5, "the storage region grows with the heap"));
  return {finding};
}

}  // namespace

const Symptom kStorageEvicted = {"storage-evicted", "cached blocks that found no room", Look};

}  // namespace ballast::policy
