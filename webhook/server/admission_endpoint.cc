#include "webhook/server/admission_endpoint.h"

#include <chrono>
#include <ctime>
#include <string>
#include <utility>
#include <variant>

#include "policy/evaluate.h"
#include "policy/totals.h"
#include "webhook/admission/review.h"

namespace ballast::webhook {
namespace {

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string_view PathOf(Endpoint endpoint) {
  return endpoint == Endpoint::kMutate ? "/mutate" : "/validate";
}

// An application is counted once: where it is decided, and not when what was decided is checked,
// given again, or only tried; and never by its pods, of which each is a part.
void CountDecision(const AdmissionRequest& request, const AdmissionAnswer& answer,
                   const AdmissionContext& context) {
  if (!answer.judged || answer.recorded || request.dry_run) return;
  const policy::Decision& decision = answer.decision;
  const policy::Extent extent = decision.before.extent;
  if (extent == policy::Extent::kDriverPod || extent == policy::Extent::kExecutorPod) return;
  context.tally.Count(answer.policy_names, decision.verdict);
  const auto asked = policy::TotalsOf(decision.before);
  if (!asked) return;
  policy::Totals granted;
  if (decision.verdict != policy::VerdictKind::kRejected) {
    granted = policy::TotalsOf(decision.after).value_or(*asked);
  }
  context.metrics.Sizes(request.namespace_name, *asked, granted);
}

void Count(const AdmissionRequest& request, const AdmissionAnswer& answer, double seconds,
           Metrics& metrics) {
  AdmissionSample sample;
  sample.kind = request.kind;
  sample.operation = request.operation;
  sample.outcome = answer.judged          ? OutcomeOf(answer.decision.verdict)
                   : !answer.allowed      ? Outcome::kRejected
                   : answer.policy_object ? Outcome::kAdmitted
                                          : Outcome::kIgnored;
  sample.dry_run = request.dry_run;
  sample.seconds = seconds;
  metrics.Admission(sample);
  for (const policy::Finding& finding : answer.decision.findings) {
    metrics.Finding(finding.rule, finding.action);
  }
  for (const ShadowFinding& shadow : answer.shadows) {
    metrics.ShadowFinding(shadow.policy, shadow.rule, shadow.action);
  }
  if (!answer.patch_failure.empty()) metrics.PatchNotProven();
  if (answer.unknown_version) metrics.UnknownKindVersion(answer.allowed);
  if (answer.mismatch && !request.dry_run) metrics.ExecutorMismatch();
}

std::string_view VerdictOf(const AdmissionAnswer& answer) {
  if (answer.judged) return policy::Name(answer.decision.verdict);
  if (!answer.policy_object && answer.allowed) return "Ignored";
  return answer.allowed ? "Admitted" : "Rejected";
}

// By what it was judged, and what became of it, as in the audit annotations.
void AddJudgement(const AdmissionAnswer& answer, JsonLine& line) {
  for (const char* key : {"policy", "capacity", "engine", "before", "after"}) {
    const auto found = answer.audit_annotations.find(key);
    if (found != answer.audit_annotations.end()) line.Text(key, found->second);
  }
}

void WriteLine(Endpoint endpoint, const AdmissionRequest& request, const AdmissionAnswer& answer,
               double seconds, Log& log) {
  const LogLevel level = answer.patch_failure.empty() ? LogLevel::kInfo : LogLevel::kError;
  if (!log.enabled(level)) return;
  JsonLine line(Name(level), "admission");
  line.Text("path", PathOf(endpoint))
      .Text("uid", request.uid)
      .Text("operation", request.operation)
      .Text("apiVersion", request.api_version)
      .Text("kind", request.kind)
      .Text("namespace", request.namespace_name)
      .Text("name", request.name)
      .Text("user", request.user)
      .Flag("dryRun", request.dry_run)
      .Text("verdict", VerdictOf(answer))
      .Flag("allowed", answer.allowed)
      .Number("code", answer.code);
  if (answer.recorded) line.Flag("recorded", true);
  AddJudgement(answer, line);
  if (!answer.decision.findings.empty()) {
    line.BeginList("findings");
    for (const policy::Finding& finding : answer.decision.findings) {
      std::string item(finding.rule);
      item += ':';
      item += policy::Name(finding.action);
      line.Item(item);
    }
    line.EndList();
  }
  if (!answer.shadows.empty()) {
    line.BeginList("shadow");
    for (const ShadowFinding& shadow : answer.shadows) {
      line.Item(shadow.policy + "/" + shadow.rule + ":" + std::string(policy::Name(shadow.action)));
    }
    line.EndList();
  }
  if (!answer.allowed) line.Text("message", answer.message);
  if (!answer.patch_failure.empty()) line.Text("patchFailure", answer.patch_failure);
  line.Number("patchOperations", static_cast<int64_t>(answer.patch.size()))
      .Number("durationMicros", static_cast<int64_t>(seconds * 1e6));
  log.Write(level, line);
}

void AnswerBadReview(Endpoint endpoint, const BadReview& bad, const AdmissionContext& context,
                     HttpResponse& response) {
  context.metrics.MalformedReview();
  JsonLine line("warn", "malformed review");
  line.Text("path", PathOf(endpoint)).Text("where", bad.error.where).Text("what", bad.error.what);
  if (!bad.uid.empty()) line.Text("uid", bad.uid);
  context.log.Write(LogLevel::kWarn, line);
  if (bad.uid.empty()) {
    response.status = 400;
    response.body = bad.error.where.empty() ? bad.error.what + "\n"
                                            : bad.error.where + ": " + bad.error.what + "\n";
    return;
  }
  response.content_type = "application/json";
  response.body = EncodeReview(RefuseBadReview(bad));
}

// Once an application: where it is decided, or where it is refused although it was not there.
void Remember(Endpoint endpoint, const AdmissionRequest& request, const AdmissionAnswer& answer,
              const AdmissionContext& context) {
  if (context.recent == nullptr || !answer.judged) return;
  if (endpoint == Endpoint::kValidate && answer.allowed) return;
  // Pods of an application follow from it, and come by the hundred.
  const bool changed =
      !answer.allowed || answer.decision.verdict == policy::VerdictKind::kRewritten;
  if (request.kind == "Pod" && !changed) return;
  context.recent->Add(MakeRecentDecision(request, answer, std::time(nullptr)));
}

void Handle(Endpoint endpoint, const AdmissionContext& context, const HttpRequest& request,
            HttpResponse& response) {
  thread_local ReviewReader reader;
  const auto read = reader.Read(request.body);
  if (const auto* bad = std::get_if<BadReview>(&read)) {
    AnswerBadReview(endpoint, *bad, context, response);
    reader.Release();
    return;
  }
  const auto& review = std::get<AdmissionRequest>(read);
  const AdmissionAnswer answer =
      Admit(review, endpoint, *context.snapshot.Current(), std::time(nullptr));
  response.content_type = "application/json";
  response.body = EncodeReview(answer);
  const double seconds = SecondsSince(request.arrival);
  Count(review, answer, seconds, context.metrics);
  if (endpoint == Endpoint::kMutate) CountDecision(review, answer, context);
  WriteLine(endpoint, review, answer, seconds, context.log);
  Remember(endpoint, review, answer, context);
  reader.Release();
}

}  // namespace

HttpHandler MakeAdmissionHandler(Endpoint endpoint, AdmissionContext context) {
  return [endpoint, context](const HttpRequest& request, HttpResponse& response) {
    Handle(endpoint, context, request, response);
  };
}

}  // namespace ballast::webhook
