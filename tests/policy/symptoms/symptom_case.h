// A row of a table of symptoms: what was observed, and what is said of it.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "policy/symptoms/symptoms.h"

namespace ballast::policy {

struct SymptomCase {
  std::string name;
  const Symptom* symptom;
  void (*observe)(ApplicationRun& run);
  // "severity: summary [key: from -> to] [..]"; empty: nothing is found.
  std::string want;
};

void PrintTo(const SymptomCase& row, std::ostream* out);
std::string NameOf(const ::testing::TestParamInfo<SymptomCase>& row);

// Holds the row to what the symptom says, and what is said to what holds of every finding.
void Check(const SymptomCase& row);

// What many rows observe.
void See(ApplicationRun& run, const Seen& seen, const std::string& text = "a line");
ExecutorRun& AddExecutor(ApplicationRun& run, const std::string& id, int64_t cores = 1);
// A stage with `tasks` tasks of `median` ms each, the longest of `longest` ms.
StageRun& AddStage(ApplicationRun& run, int64_t tasks, int64_t median, int64_t longest);

}  // namespace ballast::policy
