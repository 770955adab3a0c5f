// What is known of one application, and what is wrong with it: what is left of its logs once they
// are read.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "policy/result.h"
#include "policy/run_sizes.h"
#include "policy/symptoms/symptom.h"

namespace ballast::webhook {

struct Diagnosis {
  std::string source;
  std::string id;
  std::string name;
  std::string spark_version;
  int64_t started = 0;  // ms since 1970; 0: not known
  int64_t ended = 0;
  bool finished = false;
  bool has_event_log = false;
  policy::RunTotals totals;
  int64_t executors = 0;
  std::vector<policy::InputState> inputs;
  std::vector<policy::SymptomFinding> findings;
  policy::RunUses uses;                               // for the sizes of many runs
  std::shared_ptr<const policy::ApplicationRun> run;  // what charts are drawn of, if it is kept
};

// One result for each argument, in their order. Reads several at once, as many as there are cores
// and four at most, and shows a progress bar on a terminal.
std::vector<policy::Result<Diagnosis>> DiagnoseAll(const std::vector<std::string>& arguments,
                                                   bool keep_runs = false);

Diagnosis MakeDiagnosis(const policy::ApplicationRun& run);

}  // namespace ballast::webhook
