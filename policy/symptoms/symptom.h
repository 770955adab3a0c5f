// What a symptom is, and what it says of a run. The list of all of them is symptoms.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/rule.h"
#include "policy/symptoms/application_run.h"

namespace ballast::policy {

// A setting to change. `from` is what the run had: its own value, or Spark's default, or empty
// where neither is known. `to` is in Spark's spelling.
struct ProposedSetting {
  std::string key;
  std::string from;
  std::string to;
  std::string why;

  bool operator==(const ProposedSetting&) const = default;
};

// What a finding rests on. `numbers` have their unit in the name: "longestMillis", "peakBytes",
// "share" (0..1).
struct Evidence {
  int64_t count = 0;  // of lines, tasks, executors, stages: what the symptom counts
  std::vector<int64_t> stages = {};
  std::vector<std::string> executors = {};
  LogLine first = {};  // of line 0: there is none
  LogLine worst = {};
  std::vector<std::pair<std::string_view, double>> numbers = {};

  bool operator==(const Evidence&) const = default;
};

struct SymptomFinding {
  std::string_view symptom = {};  // its id; static storage
  Severity severity = Severity::kMedium;
  std::string summary = {};  // one line with the numbers: "longest task 41 s, median 2 s (stage 3)"
  std::string cause = {};    // why this happens, and what to do besides the settings
  Evidence evidence = {};
  std::vector<ProposedSetting> settings = {};

  bool operator==(const SymptomFinding&) const = default;
};

struct Symptom {
  std::string_view id;
  std::string_view about;  // one line, for help and documents
  std::vector<SymptomFinding> (*look)(const ApplicationRun& run);
};

// All symptoms, in the order of the list.
std::span<const Symptom* const> AllSymptoms();
const Symptom* FindSymptom(std::string_view id);

// What all symptoms find, the worst first; of equal severity in the order of the list.
std::vector<SymptomFinding> Diagnose(const ApplicationRun& run);

}  // namespace ballast::policy
