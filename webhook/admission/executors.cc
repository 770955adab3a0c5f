#include "webhook/admission/executors.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "k8s/kinds/executor_pod.h"
#include "k8s/patch.h"
#include "policy/quantity.h"
#include "webhook/admission/answer_texts.h"
#include "webhook/admission/application_book.h"
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

// What the application's decision grants each executor: "executors 10 x 36Gi 4 cpu".
struct Granted {
  policy::ByteSize memory;
  policy::MilliCpu cpu;
};

std::optional<Granted> GrantedBy(const KnownApplication& application) {
  const auto summary = nlohmann::json::parse(application.decision, nullptr, false);
  if (!summary.is_object()) return std::nullopt;
  const auto after = summary.find("after");
  if (after == summary.end() || !after->is_string()) return std::nullopt;
  std::string_view text = after->get_ref<const std::string&>();
  const size_t each = text.rfind(" x ");
  if (each == std::string_view::npos) return std::nullopt;
  text.remove_prefix(each + 3);
  const size_t blank = text.find(' ');
  const auto memory = policy::ParseMemoryQuantity(text.substr(0, blank));
  if (blank == std::string_view::npos || !memory) return std::nullopt;
  text.remove_prefix(blank + 1);
  const auto cpu = policy::ParseCpuQuantity(text.substr(0, text.find(' ')));
  if (!cpu) return std::nullopt;
  return Granted{*memory, *cpu};
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
  const auto granted = c.application ? GrantedBy(*c.application) : std::nullopt;
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
