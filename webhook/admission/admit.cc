#include "webhook/admission/admit.h"

#include <utility>

#include "webhook/admission/answer_texts.h"
#include "webhook/admission/mutate.h"
#include "webhook/admission/policy_admission.h"
#include "webhook/admission/record.h"
#include "webhook/admission/submission.h"
#include "webhook/admission/unknown_kind.h"
#include "webhook/policy_file/policy_object.h"

namespace ballast::webhook {
namespace {

// What the webhook configuration's matchConditions leave out already, and must never be touched
// even where they are missing: finalizers, labels and status work whatever Ballast thinks.
bool NothingToJudge(const Case& c) {
  const AdmissionRequest& request = c.request;
  if (!request.object.is_object() || !request.sub_resource.empty()) return true;
  if (c.update ? !request.old_object.is_object() : request.operation != "CREATE") return true;
  // A pod keeps its sizes (resizing is a subresource), a driver's ConfigMap is immutable.
  if (c.update && c.kind.of_submission()) return true;
  if (request.object["metadata"]["deletionTimestamp"].string()) return true;
  return c.update && SameOwn(c.own, c.stored) && SameAsked(request.object, request.old_object);
}

AdmissionAnswer AnswerAt(Endpoint endpoint, const Case& c) {
  if (!c.kind.of_submission()) return endpoint == Endpoint::kMutate ? Mutate(c) : Validate(c);
  // What a submission makes is rewritten and refused in one call: a driver is about to start.
  if (endpoint == Endpoint::kValidate) return {};
  return AnswerSubmission(c);
}

}  // namespace

AdmissionAnswer Admit(const AdmissionRequest& request, Endpoint endpoint, const Snapshot& snapshot,
                      int64_t now_seconds) {
  AdmissionAnswer answer;
  const k8s::Kind* kind = k8s::FindKind(request.api_version, request.kind, request.object);
  if (kind != nullptr) {
    const bool update = request.operation == "UPDATE";
    const Case c{.request = request,
                 .snapshot = snapshot,
                 .kind = *kind,
                 .now_seconds = now_seconds,
                 .update = update,
                 .own = ReadAnnotations(request.object),
                 .stored = update ? ReadAnnotations(request.old_object) : OwnAnnotations{}};
    if (!NothingToJudge(c)) {
      answer = AnswerAt(endpoint, c);
      FitWarnings(answer.warnings);
    }
  } else if (const k8s::Kind* known = KnownOtherwise(request)) {
    answer = AnswerUnknownVersion(request, *known, snapshot);
    FitWarnings(answer.warnings);
  } else if (IsPolicyKind(request.api_version, request.kind)) {
    answer = AdmitPolicyObject(request, endpoint, snapshot, now_seconds);
    FitWarnings(answer.warnings);
  }
  answer.uid = request.uid;
  return answer;
}

}  // namespace ballast::webhook
