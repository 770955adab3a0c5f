#include "webhook/admission/mutate.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "k8s/patch.h"
#include "webhook/admission/answer_texts.h"
#include "webhook/admission/difference.h"
#include "webhook/admission/pinned.h"
#include "webhook/admission/planned.h"
#include "webhook/admission/restore.h"
#include "webhook/admission/settings_text.h"

namespace ballast::webhook {
namespace {

using k8s::JsonView;
using nlohmann::json;
using policy::VerdictKind;
using Wanted = std::map<std::string, std::string>;

// What stands under ballast.dev/ besides the record stays as it was stored.
Wanted KeptAnnotations(const Case& c, bool with_record) {
  Wanted wanted;
  for (const auto& [key, value] : c.stored.ours) {
    const bool record = key == kOriginal || key == kPlanned || key == kDecision;
    if (with_record || !record) wanted.emplace(key, value);
  }
  return wanted;
}

Record RecordOf(const Case& c, const Judged& judged, JsonView text) {
  if (c.kind.settings_text.empty()) return MakeRecord(text, judged.patch, DigestOfAsked(text));
  // Of what such a file says, since how it was spelled is not given back.
  const policy::SparkConf& before = judged.decision.before.conf;
  const json asked = before.ToMap();
  return MakeSettingsRecord(c.kind, before, judged.decision.after.conf,
                            DigestOfAsked(JsonView(asked)));
}

// What is written on an object that is left as it is, since its submission is what is rewritten.
// Nothing where the submission has none of it.
std::optional<Wanted> PlanInstead(const Case& c, const Judged& judged, JsonView text) {
  if (!RewrittenAtSubmission(c, judged.policy->policy)) return std::nullopt;
  std::string plan = PrintPlan(judged.decision, DigestOfAsked(text));
  if (plan.empty()) return std::nullopt;
  Wanted wanted = KeptAnnotations(c, false);
  wanted.insert_or_assign(std::string(kPlanned), std::move(plan));
  wanted.insert_or_assign(std::string(kDecision),
                          DecisionSummary(judged, c.snapshot.engine_version));
  return wanted;
}

// Why a rewrite is refused instead of made: the object asks for that, or its submission cannot be
// given what belongs there. Empty where it is made, or there is none.
std::string RefusalOfRewrite(const Case& c, const Judged& judged) {
  if (judged.decision.verdict != VerdictKind::kRewritten) return {};
  if (c.refuses_rewrites()) return RefusedRewriteText(c.kind, judged.decision, judged.patch);
  if (RewrittenAtSubmission(c, judged.policy->policy)) return WhyNoPlan(c, judged.decision);
  return {};
}

// What stands under ballast.dev/ with a rewrite, or without one.
Wanted AnnotationsOf(const Case& c, const Judged& judged, JsonView text) {
  Wanted wanted = KeptAnnotations(c, false);
  if (judged.decision.verdict != VerdictKind::kRewritten) return wanted;
  wanted.insert_or_assign(std::string(kOriginal), PrintRecord(RecordOf(c, judged, text)));
  wanted.insert_or_assign(std::string(kDecision),
                          DecisionSummary(judged, c.snapshot.engine_version));
  return wanted;
}

// Sends what was decided: the rewrite, or the plan of one.
void SendDecided(const Case& c, Judged& judged, JsonView text, const json* restored,
                 AdmissionAnswer& answer) {
  Wanted wanted = AnnotationsOf(c, judged, text);
  if (judged.decision.verdict == VerdictKind::kRewritten) {
    if (auto plan = PlanInstead(c, judged, text)) {
      wanted = *std::move(plan);
      TellPlan(judged.decision, answer);
      judged.patch.clear();
    }
  }
  k8s::Patch patch = std::move(judged.patch);
  if (restored != nullptr) {
    const policy::Result<json> result = k8s::ApplyPatch(*restored, patch);
    patch = AskedDifference(c.request.object.Copy(), result.ok() ? *result : *restored);
  }
  AppendAnnotationChanges(patch, c.own, wanted);
  SendProven(c, std::move(patch), restored == nullptr ? &judged.decision.before : nullptr,
             judged.decision.after, answer);
}

// The answer to a judged text. `text` is what was judged: the object itself, or (then
// `restored` is set) the object with what Ballast wrote given back.
AdmissionAnswer AnswerJudged(const Case& c, Judged judged, JsonView text, const json* restored) {
  AdmissionAnswer answer;
  Describe(c, judged, answer);
  if (judged.unreadable) {
    answer.warnings.push_back("ballast: not judged: " + judged.unreadable->where + ": " +
                              judged.unreadable->what);
    return answer;
  }
  answer.warnings = WarningsOf(judged.decision);
  answer.warnings.insert(answer.warnings.end(), judged.notices.begin(), judged.notices.end());
  if (judged.decision.verdict == VerdictKind::kRejected) {
    Refuse(answer, RejectionText(judged.decision));
  } else if (std::string why = RefusalOfRewrite(c, judged); !why.empty()) {
    Refuse(answer, std::move(why));
    judged.decision.verdict = VerdictKind::kRejected;
    answer.audit_annotations["verdict"] = Name(VerdictKind::kRejected);
  } else {
    SendDecided(c, judged, text, restored, answer);
  }
  answer.decision = std::move(judged.decision);
  return answer;
}

// What was recorded is given again, whatever policy, cluster and version say by now.
std::optional<AdmissionAnswer> GiveAgain(const Case& c, const Record& record, const json& text) {
  json result = text;
  ApplyRecord(result, record);
  policy::Result<policy::Workload> before = ReadWorkload(c, JsonView(text));
  policy::Result<policy::Workload> after = ReadWorkload(c, JsonView(result));
  if (!before.ok() || !after.ok()) return std::nullopt;

  Judged judged;
  judged.decision.verdict = VerdictKind::kRewritten;
  judged.decision.before = std::move(*before);
  judged.decision.after = std::move(*after);
  AdmissionAnswer answer;
  answer.recorded = true;
  Describe(c, judged, answer);
  k8s::Patch patch = AskedDifference(c.request.object.Copy(), result);
  if (!patch.empty()) {
    answer.warnings.push_back("ballast: the recorded rewrite was given again: " +
                              SizesInBrief(judged.decision.after));
  }
  AppendAnnotationChanges(patch, c.own, KeptAnnotations(c, true));
  SendProven(c, std::move(patch), nullptr, judged.decision.after, answer);
  answer.decision = std::move(judged.decision);
  return answer;
}

// Called again on a result of its own, the answer is that result.
std::optional<AdmissionAnswer> AnswerClaim(const Case& c) {
  const policy::Result<Record> claim = ClaimedRecord(c);
  if (!claim.ok()) return std::nullopt;
  const json text = UserText(c, *claim, false);
  Judged judged = Judge(c, JsonView(text));
  if (judged.unreadable || judged.decision.verdict != VerdictKind::kRewritten) return std::nullopt;
  const policy::Result<json> result = k8s::ApplyPatch(text, judged.patch);
  if (!result.ok() || !AskedDifference(c.request.object.Copy(), *result).empty()) {
    return std::nullopt;
  }
  return AnswerJudged(c, std::move(judged), JsonView(text), &text);
}

// The plan that the stored object carries stands as long as nothing else is asked for.
std::optional<AdmissionAnswer> KeepPlan(const Case& c) {
  const auto planned = c.stored.ours.find(kPlanned);
  if (planned == c.stored.ours.end() || c.asks_again() || c.refuses_rewrites() ||
      !HoldsPlan(c.request.object, planned->second)) {
    return std::nullopt;
  }
  policy::Result<policy::Workload> workload = ReadWorkload(c, c.request.object);
  if (!workload) return std::nullopt;
  Judged judged;
  judged.decision.before = *workload;
  judged.decision.after = *std::move(workload);
  AdmissionAnswer answer;
  answer.recorded = true;
  Describe(c, judged, answer);
  k8s::Patch patch;
  AppendAnnotationChanges(patch, c.own, KeptAnnotations(c, true));
  SendProven(c, std::move(patch), &judged.decision.before, judged.decision.after, answer);
  answer.decision = std::move(judged.decision);
  return answer;
}

AdmissionAnswer AnswerAsWritten(const Case& c) {
  if (c.update) {
    if (std::optional<AdmissionAnswer> kept = KeepPlan(c)) return std::move(*kept);
  }
  return AnswerJudged(c, Judge(c, c.request.object), c.request.object, nullptr);
}

AdmissionAnswer AnswerRestored(const Case& c, const Record& record) {
  const bool only_annotations = SameAsked(c.request.object, c.request.old_object);
  // Without its record the object is a text of the user's own, every number of it, unless the
  // record alone was taken away.
  const bool own_words = c.own.original().empty() && !only_annotations;
  const json text = own_words ? c.request.object.Copy() : UserText(c, record, true);
  if (StillHolds(c, record, JsonView(text))) {
    if (std::optional<AdmissionAnswer> again = GiveAgain(c, record, text)) {
      return std::move(*again);
    }
  }
  return AnswerJudged(c, Judge(c, JsonView(text)), JsonView(text), &text);
}

}  // namespace

void SendProven(const Case& c, k8s::Patch patch, const policy::Workload* before,
                const policy::Workload& after, AdmissionAnswer& answer) {
  if (patch.empty()) return;
  const auto& options = c.snapshot.read_options;
  const policy::Result<bool> proven =
      before != nullptr ? k8s::ProvePatch(c.kind, c.request.object, patch, *before, after, options)
                        : k8s::ProvePatch(c.kind, c.request.object, patch, after, options);
  if (proven.ok()) {
    answer.patch = std::move(patch);
    return;
  }
  answer.patch_failure = proven.error().where + ": " + proven.error().what;
  answer.warnings.insert(answer.warnings.begin(),
                         "ballast: a defect of Ballast: its rewrite was not applied");
}

void Refuse(AdmissionAnswer& answer, std::string message) {
  answer.allowed = false;
  answer.code = 422;
  answer.message = std::move(message);
}

AdmissionAnswer AnswerDecided(const Case& c, Judged judged) {
  return AnswerJudged(c, std::move(judged), c.request.object, nullptr);
}

void TellPlan(policy::Decision& decision, AdmissionAnswer& answer) {
  answer.warnings.clear();
  for (policy::Finding& finding : decision.findings) {
    const bool planned = finding.action == policy::Action::kRewrite;
    answer.warnings.push_back((planned ? "at its submission: " : "") + std::string(finding.rule) +
                              ": " + finding.message);
    if (planned) finding.action = policy::Action::kWarn;
  }
  decision.verdict = VerdictKind::kAdmitted;
  decision.after = decision.before;
  answer.audit_annotations["rewriteAt"] = "Submission";
  answer.audit_annotations["verdict"] = Name(decision.verdict);
}

AdmissionAnswer Mutate(const Case& c) {
  const std::optional<Record> stored = StoredRecord(c);
  const bool claims = !c.own.original().empty() && c.own.original() != c.stored.original();
  if (claims) {
    if (std::optional<AdmissionAnswer> again = AnswerClaim(c)) return std::move(*again);
  }
  AdmissionAnswer answer = stored ? AnswerRestored(c, *stored) : AnswerAsWritten(c);
  if (claims) {
    answer.warnings.insert(
        answer.warnings.begin(),
        "ballast: ballast.dev/original is Ballast's to write; yours was ignored");
  }
  return answer;
}

}  // namespace ballast::webhook
