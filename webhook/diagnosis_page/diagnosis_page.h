// `ballast diagnose -o html`: one page that stands by itself: no script, nothing from elsewhere,
// light and dark.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "policy/run_sizes.h"
#include "policy/symptoms/application_run.h"
#include "policy/symptoms/symptom.h"

namespace ballast::webhook {

// A run and what was found in it; the run outlives it.
struct DiagnosedRun {
  const policy::ApplicationRun* run = nullptr;
  std::vector<policy::SymptomFinding> findings;
};

// The sizes that all runs of one application speak for.
struct SizedApplication {
  std::string name;
  std::vector<policy::SizedSetting> sizes;
};

// Whatever the logs hold, it is text on the page and never markup.
std::string DiagnosisPage(std::span<const DiagnosedRun> runs,
                          std::span<const SizedApplication> sized);

}  // namespace ballast::webhook
