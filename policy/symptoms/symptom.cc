#include "policy/symptoms/symptom.h"

#include <algorithm>

namespace ballast::policy {

const Symptom* FindSymptom(std::string_view id) {
  const auto all = AllSymptoms();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Symptom* one) { return one->id == id; });
  return found == all.end() ? nullptr : *found;
}

std::vector<SymptomFinding> Diagnose(const ApplicationRun& run) {
  std::vector<SymptomFinding> findings;
  for (const Symptom* symptom : AllSymptoms()) {
    for (SymptomFinding& finding : symptom->look(run)) {
      finding.symptom = symptom->id;
      findings.push_back(std::move(finding));
    }
  }
  std::stable_sort(findings.begin(), findings.end(), [](const auto& one, const auto& other) {
    return one.severity > other.severity;
  });
  return findings;
}

}  // namespace ballast::policy
