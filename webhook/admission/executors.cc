#include "webhook/admission/executors.h"

#include <string>
#include <utility>

#include "k8s/kinds/executor_pod.h"
#include "k8s/patch.h"
#include "webhook/admission/answer_texts.h"
#include "webhook/admission/mutate.h"

namespace ballast::webhook {
namespace {

using k8s::kMismatchKey;
using policy::Action;
using policy::VerdictKind;

constexpr std::string_view kAnnotations = "/metadata/annotations";
constexpr std::string_view kLabels = "/metadata/labels";

void Mark(const Case& c, const std::string& why, k8s::Patch& patch) {
  k8s::PatchWriter out(c.request.object);
  const auto put = [&](std::string_view map, const std::string& value) {
    std::string path(map);
    k8s::AppendToken(path, kMismatchKey);
    if (c.request.object.At(path).string() != value) out.Put(path, value);
  };
  put(kLabels, "true");
  put(kAnnotations, why);
  patch = std::move(out).Take();
}

// What Enforce would have acted on, which an executor of a decided application never is. The
// others are what the policy only has an opinion of: an executor is not the place to hear it.
std::string WhyMismatched(policy::Decision& decision) {
  std::string why;
  for (policy::Finding& finding : decision.findings) {
    if (finding.action == Action::kWarn) continue;
    if (!why.empty()) why += "; ";
    why += finding.rule;
    why += ": ";
    why += finding.message;
    finding.action = Action::kWarn;
  }
  return why;
}

}  // namespace

AdmissionAnswer NoteExecutor(const Case& c) {
  AdmissionAnswer answer;
  Judged judged = Judge(c, c.request.object);
  if (judged.unreadable) {
    Describe(c, judged, answer);
    answer.warnings.push_back("ballast: not judged: " + judged.unreadable->where + ": " +
                              judged.unreadable->what);
    return answer;
  }
  std::erase_if(judged.decision.findings, [](const policy::Finding& finding) {
    return finding.action == Action::kWarn && finding.severity == policy::Severity::kInfo;
  });
  const std::string why = WhyMismatched(judged.decision);
  judged.decision.verdict = VerdictKind::kAdmitted;
  judged.decision.after = judged.decision.before;
  answer.warnings = WarningsOf(judged.decision);
  if (!why.empty()) {
    answer.mismatch = true;
    k8s::Patch patch;
    Mark(c, why, patch);
    SendProven(c, std::move(patch), &judged.decision.before, judged.decision.after, answer);
  }
  Describe(c, judged, answer);
  answer.decision = std::move(judged.decision);
  return answer;
}

}  // namespace ballast::webhook
