#include "webhook/admission/executors.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "k8s/kinds/executor_pod.h"
#include "k8s/patch.h"
#include "policy/quantity.h"
#include "webhook/admission/answer_texts.h"
#include "webhook/admission/granted.h"
#include "webhook/admission/mutate.h"

namespace ballast::webhook {
namespace {

using k8s::JsonView;
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

// Whether the application's code gave it a resource profile of its own, other than what its
// settings ask for.
bool OfOtherProfile(JsonView executor) {
  const auto profile = executor["metadata"]["labels"]["spark-exec-resourceprofile-id"].string();
  return profile && *profile != "0";
}

// nullopt where nothing was decided, or nobody can tell any more.
std::optional<Granted> GrantedTo(const Case& c) {
  if (OfOtherProfile(c.request.object)) return std::nullopt;
  if (c.application != nullptr && c.application->decided()) return GrantedBy(*c.application);
  const auto told = c.own.ours.find(kGranted);
  return told == c.own.ours.end() ? std::nullopt : ReadGranted(told->second);
}

// Holds the pod against what was decided of its application, which then counts instead of what the
// policy says by now. Empty: it is what was granted, or less.
std::string WhyMoreThanGranted(const Granted& granted, const policy::Decision& decision) {
  const auto& shape = decision.before.sizes.executor;
  if (!shape || (shape->memory() <= granted.memory && shape->cpu <= granted.cpu)) return "";
  return "decided were executors of " + policy::PrintMemoryQuantity(granted.memory) + " and " +
         policy::PrintCpuQuantity(granted.cpu) + " cpu, this one has " +
         policy::PrintMemoryQuantity(shape->memory()) + " and " +
         policy::PrintCpuQuantity(shape->cpu) + " cpu";
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
  std::string why = WhyMismatched(judged.decision);
  const std::optional<Granted> granted = GrantedTo(c);
  if (granted) why = WhyMoreThanGranted(*granted, judged.decision);
  if (judged.decision.verdict == VerdictKind::kRewritten) {
    judged.decision.after = judged.decision.before;
  }
  judged.decision.verdict = VerdictKind::kAdmitted;
  answer.warnings = WarningsOf(judged.decision);
  if (granted && !why.empty()) answer.warnings.insert(answer.warnings.begin(), why);
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
