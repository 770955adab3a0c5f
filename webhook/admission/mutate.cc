#include "webhook/admission/mutate.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "k8s/patch.h"
#include "webhook/admission/answer_texts.h"
#include "webhook/admission/difference.h"
#include "webhook/admission/pinned.h"
#include "webhook/admission/restore.h"

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
    if (with_record || (key != kOriginal && key != kDecision)) wanted.emplace(key, value);
  }
  return wanted;
}

// Sends the patch only if it is proven; what is admitted without one is admitted as it was written.
// `before` is what was read of the object that came, or null where something else was judged.
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
  const bool rewritten = judged.decision.verdict == VerdictKind::kRewritten;
  if (judged.decision.verdict == VerdictKind::kRejected) {
    Refuse(answer, RejectionText(judged.decision));
  } else if (rewritten && c.refuses_rewrites()) {
    Refuse(answer, RefusedRewriteText(judged.decision, judged.patch));
    judged.decision.verdict = VerdictKind::kRejected;
    answer.audit_annotations["verdict"] = Name(VerdictKind::kRejected);
  } else {
    Wanted wanted = KeptAnnotations(c, false);
    if (rewritten) {
      const Record record = MakeRecord(text, judged.patch, DigestOfAsked(text));
      wanted.insert_or_assign(std::string(kOriginal), PrintRecord(record));
      wanted.insert_or_assign(std::string(kDecision),
                              DecisionSummary(judged, c.snapshot.engine_version));
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

AdmissionAnswer AnswerAsWritten(const Case& c) {
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

void Refuse(AdmissionAnswer& answer, std::string message) {
  answer.allowed = false;
  answer.code = 422;
  answer.message = std::move(message);
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
