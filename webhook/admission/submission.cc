#include "webhook/admission/submission.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "k8s/json_text.h"
#include "k8s/kinds/executor_pod.h"
#include "k8s/patch.h"
#include "webhook/admission/answer_texts.h"
#include "webhook/admission/application_book.h"
#include "webhook/admission/executors.h"
#include "webhook/admission/granted.h"
#include "webhook/admission/mutate.h"
#include "webhook/admission/pinned.h"
#include "webhook/admission/planned.h"

namespace ballast::webhook {
namespace {

using policy::Action;
using policy::Extent;
using policy::Workload;

// Whether these settings have every value that the record says Ballast wrote. What the operator
// makes no setting of (a pod's limit) is not in them.
bool Conforms(const policy::SparkConf& conf, const k8s::Kind& kind, const Record& record) {
  for (const RecordedPath& path : record.paths) {
    if (!path.now || path.now->is_structured()) continue;
    const auto keys = kind.touched->named({{"replace", path.path, *path.now}});
    // Several where one field decides about others, too.
    if (!keys || keys->size() != 1 || !keys->front().starts_with("spark.")) continue;
    if (conf.Get(keys->front()) != k8s::TextOrJson(*path.now)) return false;
  }
  return true;
}

// Says of what policy or cluster would have now, that it was left.
AdmissionAnswer LeaveAsDecided(const Case& c) {
  AdmissionAnswer answer;
  answer.recorded = true;
  Judged judged = Judge(c, c.request.object);
  std::erase_if(judged.decision.findings,
                [](const policy::Finding& finding) { return finding.action == Action::kWarn; });
  for (policy::Finding& finding : judged.decision.findings) {
    finding.action = Action::kWarn;
    answer.warnings.push_back("left as it was decided before: " + std::string(finding.rule) + ": " +
                              finding.message);
  }
  judged.decision.verdict = policy::VerdictKind::kAdmitted;
  judged.decision.after = judged.decision.before;
  Describe(c, judged, answer);
  answer.decision = std::move(judged.decision);
  return answer;
}

// Whether this asks for no more than was decided of the application: who labels a submission as one
// of its gets its sizes, and not any other. Ballast never writes a record without a decision.
bool IsGranted(const KnownApplication& application, const Workload& workload) {
  const std::optional<GrantedSizes> granted = GrantedSizesOf(application);
  return granted && KeepsTo(*granted, workload);
}

// Whether the application's record is of what arrives here.
bool IsDecided(const KnownApplication& application, const Workload& workload) {
  if (application.original.empty()) return false;
  const policy::Result<Record> record = ReadRecordFor(*application.kind, application.original);
  if (!record) return false;
  // A driver's pod says nothing of its settings: they follow in the ConfigMap.
  if (workload.extent == Extent::kStartedDriver &&
      !Conforms(workload.conf, *application.kind, *record)) {
    return false;
  }
  return IsGranted(application, workload);
}

// Whether the policies were others when the application was written: it was judged by those, since
// /validate fails closed. Moments are whole seconds: of the same one it is not known which was
// first.
bool IsOlderThanPolicies(const Case& c, const KnownApplication& application) {
  return application.written_seconds < c.snapshot.policies_changed_seconds;
}

// Whether this very spec was submitted before.
bool HasRun(const KnownApplication& application) {
  return application.submitted_seconds >= application.written_seconds;
}

// Whether the policies' limits alone, with the exceptions of its day, have nothing against it. What
// they would have changed never passed them: that one's /mutate was skipped, and each of its runs
// is caught as the first was.
bool KeepsLimits(const Case& c, const KnownApplication& application) {
  Case in_its_day = c;
  in_its_day.limits_alone = true;
  in_its_day.exceptions_of = application.written_seconds;
  const Judged judged = Judge(in_its_day, c.request.object);
  return !judged.unreadable && judged.decision.verdict != policy::VerdictKind::kRewritten &&
         judged.decision.verdict != policy::VerdictKind::kRejected;
}

// An application without a record was either admitted as it is, or never judged. Any other than
// these is judged anew at its submission, which gives the same, or catches it.
bool WasAdmittedAsItIs(const Case& c, const KnownApplication& application) {
  if (application.decided() || application.written_seconds == 0) return false;
  if (IsOlderThanPolicies(c, application)) return true;
  // That an executor fits nowhere any more is worth telling, and changes nothing.
  const bool executor = &c.kind == &k8s::kExecutorPod;
  return !executor && HasRun(application) && KeepsLimits(c, application);
}

// What was planned when the application was judged, whatever policy and cluster say by now; nothing
// where the plan is of other values than stand here, or is not all that it would take.
std::optional<AdmissionAnswer> CarryOut(const Case& c, const KnownApplication& application,
                                        const Workload& workload) {
  if (application.planned.empty()) return std::nullopt;
  std::optional<Workload> after = CarriedOut(application, workload);
  if (!after || !IsGranted(application, *after)) return std::nullopt;
  const bool changed = after->conf != workload.conf;
  // Called again on a result of its own: what tells of it stays. That of a judgement, which the
  // plan had no part in, is Mutate's.
  if (ClaimedRecord(c).ok()) {
    if (changed) return std::nullopt;
    return LeaveAsDecided(c);
  }
  Judged judged = Judge(c, c.request.object);
  judged.decision.verdict =
      changed ? policy::VerdictKind::kRewritten : policy::VerdictKind::kAdmitted;
  judged.decision.findings.clear();
  judged.decision.before = workload;
  judged.decision.after = *std::move(after);
  judged.patch.clear();
  if (changed) {
    judged.patch = c.kind.render(c.request.object, judged.decision.before, judged.decision.after);
    judged.notices.push_back("ballast: as planned for " + application.name + ": " +
                             SizesInBrief(judged.decision.after));
  }
  AdmissionAnswer answer = AnswerDecided(c, std::move(judged));
  answer.recorded = true;
  answer.audit_annotations["recorded"] = "true";
  return answer;
}

}  // namespace

AdmissionAnswer AnswerSubmission(const Case& c) {
  const bool executor = &c.kind == &k8s::kExecutorPod;
  const auto& book = c.snapshot.applications;
  std::shared_ptr<const KnownApplication> application;
  policy::Result<Workload> workload = policy::Error{};
  if (book) {
    workload = ReadWorkload(c, c.request.object);
    if (workload) application = book->FindFor(workload->resource.namespace_name, workload->labels);
  }
  Case of_application = c;
  of_application.application = application.get();
  if (application && WasAdmittedAsItIs(of_application, *application)) {
    return LeaveAsDecided(of_application);
  }
  if (executor) {
    if (application && HasRun(*application)) {
      of_application.exceptions_of = application->written_seconds;
    }
    return NoteExecutor(of_application);
  }
  if (application && IsDecided(*application, *workload)) return LeaveAsDecided(of_application);
  if (application) {
    if (auto answer = CarryOut(of_application, *application, *workload)) return *std::move(answer);
  }
  AdmissionAnswer answer = Mutate(of_application);
  // An application that was admitted as it is, and counted then.
  if (application && answer.allowed && answer.patch.empty()) answer.recorded = true;
  return answer;
}

}  // namespace ballast::webhook
