// What one stored application is by the present policy and cluster: what runs against them, what
// was rewritten, and what an exception hides. The verdict is the one that `check` gives to the
// stored object; one that carries a rewrite which policy has nothing against is Rewritten, as
// /mutate says of it when it is applied again. Pure; the time is a value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/evaluate.h"
#include "policy/result.h"
#include "policy/rule.h"
#include "policy/workload.h"
#include "webhook/audit/judge_stored.h"
#include "webhook/audit/stored_application.h"

namespace ballast::webhook {

// What a rule would have done, but for an exception.
struct SkippedFinding {
  policy::Finding finding;  // as it would be: a rewrite or a rejection
  std::string exception;    // its name

  bool operator==(const SkippedFinding&) const = default;
};

struct Audited {
  policy::ResourceRef resource;
  std::optional<policy::Error> unreadable;  // then there is no decision
  policy::Decision decision;                // its findings without those that are skipped
  // The rewrite is still to be made: what runs is what its user wrote. nullopt: not known, since a
  // snapshot holds only that.
  std::optional<bool> outstanding = false;
  std::vector<SkippedFinding> skipped;
  policy::VerdictKind without_exceptions = policy::VerdictKind::kAdmitted;  // what it would be
  std::string policies;                                                     // by which it is judged
};

Audited Audit(const StoredApplication& application, const JudgeBasis& basis);

// Whether there is anything to tell of it: a finding, a rewrite, a rejection.
bool WorthTelling(const Audited& audited);

// Whether what an exception hides is what there is to tell first: where the exception made the
// verdict, or nothing else was found.
bool WorstIsSkipped(const Audited& audited);
// The finding that weighs most, or of those that are skipped the one that would: what is rejected
// before what is rewritten before a warning, then by severity, then the first. nullptr: there is
// none.
const policy::Finding* WorstFinding(const Audited& audited);

}  // namespace ballast::webhook
