#include "webhook/audit/audit.h"

#include <algorithm>
#include <utility>

namespace ballast::webhook {
namespace {

using policy::Action;
using policy::Decision;
using policy::Finding;
using policy::VerdictKind;
using policy::Workload;

bool Holds(VerdictKind verdict) {
  return verdict == VerdictKind::kAdmitted || verdict == VerdictKind::kExempt;
}

// Which of its two texts was judged, and what came of it.
struct Judgement {
  Decision decision;
  const Workload* judged = nullptr;
  bool outstanding = false;
};

// Where what runs is what policy and cluster would make of the user's text today, or holds before
// them as it is, the record is followed, as at admission; otherwise what runs is judged as a text
// of its own.
Judgement JudgeTexts(const StoredApplication& application, const JudgeBasis& basis) {
  const Workload& runs = *application.runs;
  if (application.asked) {
    Decision again = JudgeStored(*application.asked, basis);
    if (again.verdict == VerdictKind::kRewritten && again.after.conf == runs.conf) {
      return {std::move(again), &*application.asked, false};
    }
  }
  Decision as_it_runs = JudgeStored(runs, basis);
  if (application.asked && Holds(as_it_runs.verdict)) {
    as_it_runs.verdict = VerdictKind::kRewritten;
    as_it_runs.before = *application.asked;
    return {std::move(as_it_runs), &runs, false};
  }
  const bool outstanding = as_it_runs.verdict == VerdictKind::kRewritten;
  return {std::move(as_it_runs), &runs, outstanding};
}

// Parts what exceptions lift from the findings, and asks what it would be without them.
void PartSkipped(const Workload& judged, const JudgeBasis& basis, Audited& audited) {
  const std::vector<std::string> lifted = LiftedRules(judged, basis);
  if (lifted.empty()) return;
  const auto is_lifted = [&](const Finding& finding) {
    return std::find(lifted.begin(), lifted.end(), finding.rule) != lifted.end();
  };
  Decision bare = JudgeStored(judged, basis, Exceptions::kIgnored);
  for (Finding& finding : bare.findings) {
    if (finding.action == Action::kWarn || !is_lifted(finding)) continue;
    std::string exception = ExceptionFor(judged, finding.rule, basis);
    audited.skipped.push_back({std::move(finding), std::move(exception)});
  }
  if (audited.skipped.empty()) return;
  audited.without_exceptions = bare.verdict;
  std::erase_if(audited.decision.findings, [&](const Finding& finding) {
    return std::any_of(audited.skipped.begin(), audited.skipped.end(),
                       [&](const SkippedFinding& one) { return one.finding.rule == finding.rule; });
  });
}

bool Weighs(const Finding& a, const Finding& b) {
  return a.action != b.action ? a.action > b.action : a.severity > b.severity;
}

}  // namespace

Audited Audit(const StoredApplication& application, const JudgeBasis& basis) {
  Audited audited;
  audited.resource = application.resource;
  if (!application.runs) {
    audited.unreadable = application.runs.error();
    return audited;
  }
  Judgement judgement = JudgeTexts(application, basis);
  audited.decision = std::move(judgement.decision);
  audited.outstanding = judgement.outstanding;
  if (application.only_asked && judgement.outstanding) audited.outstanding = std::nullopt;
  audited.without_exceptions = audited.decision.verdict;
  audited.policies = PoliciesFor(*judgement.judged, basis);
  PartSkipped(*judgement.judged, basis, audited);
  return audited;
}

bool WorthTelling(const Audited& audited) {
  return audited.unreadable || audited.decision.verdict != VerdictKind::kAdmitted ||
         !audited.decision.findings.empty() || !audited.skipped.empty();
}

bool WorstIsSkipped(const Audited& audited) {
  if (audited.skipped.empty()) return false;
  return audited.decision.verdict == VerdictKind::kExempt || audited.decision.findings.empty();
}

const Finding* WorstFinding(const Audited& audited) {
  const Finding* worst = nullptr;
  const auto look = [&](const Finding& finding) {
    if (worst == nullptr || Weighs(finding, *worst)) worst = &finding;
  };
  if (WorstIsSkipped(audited)) {
    for (const SkippedFinding& skipped : audited.skipped) look(skipped.finding);
  } else {
    for (const Finding& finding : audited.decision.findings) look(finding);
  }
  return worst;
}

}  // namespace ballast::webhook
