#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "webhook/admission/answer_texts.h"
#include "webhook/admission/mutate.h"
#include "webhook/admission/pinned.h"
#include "webhook/admission/planned.h"
#include "webhook/admission/restore.h"

namespace ballast::webhook {
namespace {

using k8s::JsonView;
using policy::Action;
using policy::VerdictKind;

// What these rewrite follows from the cluster as it is seen at that moment; the others hold to
// fixed limits.
constexpr std::array<std::string_view, 5> kFromCapacity = {"executor-fits-node", "driver-fits-node",
                                                           "cluster-share", "stranded-capacity",
                                                           "namespace-quota"};

bool FromCapacity(const policy::Finding& finding) {
  return std::find(kFromCapacity.begin(), kFromCapacity.end(), finding.rule) != kFromCapacity.end();
}

// Whether the object is just what the stored decision made of it.
bool IsRecorded(const Case& c) {
  const auto planned = c.own.ours.find(kPlanned);
  if (planned != c.own.ours.end()) {
    const auto stored = c.stored.ours.find(kPlanned);
    return c.update && stored != c.stored.ours.end() && stored->second == planned->second &&
           !c.asks_again() && HoldsPlan(c.request.object, planned->second);
  }
  const std::optional<Record> stored = StoredRecord(c);
  if (!stored || c.own.original() != c.stored.original()) return false;
  return HoldsRecorded(c.request.object, *stored) &&
         StillHolds(c, *stored, JsonView(UserText(c, *stored, true)));
}

AdmissionAnswer AnswerRecorded(const Case& c) {
  AdmissionAnswer answer;
  answer.recorded = true;
  Judged judged;
  if (policy::Result<policy::Workload> workload = ReadWorkload(c, c.request.object)) {
    judged.decision.verdict = VerdictKind::kRewritten;
    judged.decision.after = std::move(*workload);
    judged.decision.before = judged.decision.after;
  }
  Describe(c, judged, answer);
  answer.decision = std::move(judged.decision);
  return answer;
}

// A rewrite that is still to be made: /mutate was skipped, or saw another cluster.
void AnswerOutstanding(policy::Decision& decision, AdmissionAnswer& answer) {
  std::string message = "ballast: the rewrite did not run, submit again: ";
  bool fixed = false;
  answer.warnings.clear();
  for (policy::Finding& finding : decision.findings) {
    std::string line(finding.rule);
    line += ": ";
    line += finding.message;
    if (finding.action != Action::kRewrite) {
      answer.warnings.push_back(std::move(line));
    } else if (FromCapacity(finding)) {
      answer.warnings.push_back("not rewritten: " + line);
      finding.action = Action::kWarn;
    } else {
      if (fixed) message += "; ";
      message += line;
      fixed = true;
      finding.action = Action::kReject;
    }
  }
  decision.verdict = fixed ? VerdictKind::kRejected : VerdictKind::kAdmitted;
  decision.after = decision.before;
  if (fixed) Refuse(answer, std::move(message));
}

// The plan that the object carries and that was made of just this text.
std::optional<std::string_view> PlanCarried(const Case& c) {
  const auto planned = c.own.ours.find(kPlanned);
  if (planned == c.own.ours.end() || !HoldsPlan(c.request.object, planned->second)) {
    return std::nullopt;
  }
  return planned->second;
}

// What the policies' fixed limits have against a plan that is another than what is decided here.
// nullopt where it keeps them, as one by another view of the cluster does, or there is none.
std::optional<policy::Decision> JudgePlan(const Case& c, const policy::Decision& here) {
  const std::optional<std::string_view> plan = PlanCarried(c);
  if (!plan || PrintPlan(here, DigestOfAsked(c.request.object)) == *plan) return std::nullopt;
  std::optional<policy::Workload> result = ResultOfPlan(*plan, here.before);
  if (!result) return std::nullopt;
  policy::Decision held = JudgeByLimits(c, *std::move(result));
  std::erase_if(held.findings,
                [](const policy::Finding& finding) { return finding.action == Action::kWarn; });
  // What it rejects is the plan, and not the text: of that /mutate makes another.
  if (held.findings.empty()) return std::nullopt;
  for (policy::Finding& finding : held.findings) finding.action = Action::kRewrite;
  held.verdict = VerdictKind::kRewritten;
  held.before = here.before;
  held.after = here.before;
  return held;
}

// Whether the submission will be given what is decided here: not where the object still carries the
// plan of another text, which /mutate would have taken away.
bool MadeAtSubmission(const Case& c, const Judged& judged) {
  const bool other = c.own.ours.contains(kPlanned) && !PlanCarried(c);
  return !other && RewrittenAtSubmission(c, judged.policy->policy);
}

void AnswerUnreadable(const Case& c, const policy::Error& error, AdmissionAnswer& answer) {
  const std::string place = error.where + ": " + error.what;
  if (c.snapshot.on_unreadable == OnUnreadable::kReject) {
    Refuse(answer, "ballast: cannot be judged: " + place);
    answer.decision.verdict = VerdictKind::kRejected;
  } else {
    answer.warnings.push_back("ballast: not judged: " + place);
  }
}

}  // namespace

AdmissionAnswer Validate(const Case& c) {
  AdmissionAnswer answer;
  if (std::string forged = ForgedBecause(c); !forged.empty()) {
    answer.judged = true;
    answer.decision.verdict = VerdictKind::kRejected;
    Refuse(answer, "ballast: forged annotation: " + forged +
                       "; leave out what is under ballast.dev/ but rewrite and rejudge");
    return answer;
  }
  if (IsRecorded(c)) return AnswerRecorded(c);

  Judged judged = Judge(c, c.request.object);
  if (judged.unreadable) {
    Describe(c, judged, answer);
    AnswerUnreadable(c, *judged.unreadable, answer);
    return answer;
  }
  bool at_submission = MadeAtSubmission(c, judged);
  if (at_submission && judged.decision.verdict != VerdictKind::kRejected) {
    if (auto plan = JudgePlan(c, judged.decision)) {
      judged.decision = *std::move(plan);
      at_submission = false;
    }
  }
  const std::string unplannable = at_submission ? WhyNoPlan(c, judged.decision) : std::string();
  answer.warnings = WarningsOf(judged.decision);
  answer.warnings.insert(answer.warnings.end(), judged.notices.begin(), judged.notices.end());
  if (judged.decision.verdict == VerdictKind::kRejected) {
    Refuse(answer, RejectionText(judged.decision));
  } else if (!unplannable.empty()) {
    Refuse(answer, unplannable);
    judged.decision.verdict = VerdictKind::kRejected;
  } else if (judged.decision.verdict == VerdictKind::kRewritten && at_submission) {
    TellPlan(judged.decision, answer);
  } else if (judged.decision.verdict == VerdictKind::kRewritten) {
    AnswerOutstanding(judged.decision, answer);
  }
  Describe(c, judged, answer);
  answer.decision = std::move(judged.decision);
  return answer;
}

}  // namespace ballast::webhook
