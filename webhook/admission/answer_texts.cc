#include "webhook/admission/answer_texts.h"

#include <algorithm>

#include "policy/describe_pod.h"
#include "policy/quantity.h"
#include "webhook/text/append_json.h"
#include "webhook/text/byte_words.h"

namespace ballast::webhook {
namespace {

using policy::Action;
using policy::Finding;

constexpr size_t kWarningCharacters = 120;
constexpr size_t kWarningsBytes = 4096;
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

bool Acted(const Finding& finding) { return finding.action != Action::kWarn; }

void AppendLine(std::string& text, const Finding& finding) {
  text.reserve(text.size() + finding.rule.size() + 2 + finding.message.size());
  text += finding.rule;
  text += ": ";
  text += finding.message;
}

void AppendShape(std::string& text, const policy::Result<policy::PodShape>& shape,
                 const policy::PodExtras& extras) {
  if (!shape.ok()) {
    text += '?';
    return;
  }
  const policy::ByteSize memory = PodMemory(*shape, extras);
  const policy::MilliCpu cpu = PodCpu(*shape, extras);
  if (memory == policy::ByteSize() && cpu == policy::MilliCpu()) {
    text += "without requests";
    return;
  }
  text += PrintMemoryQuantity(memory);
  text += ' ';
  text += PrintCpuQuantity(cpu);
  text += " cpu";
}

bool BeginsCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

void CutTo(std::string& text, size_t characters) {
  if (text.size() <= characters) return;
  if (byte_words::IsAscii(std::string_view(text).substr(0, characters + 1))) {
    text.resize(characters - 1);
    text += kEllipsis;
    return;
  }
  size_t seen = 0;
  size_t last = 0;  // where the last character that may stay before an ellipsis ends
  for (size_t i = 0; i < text.size(); ++i) {
    if (!BeginsCharacter(text[i])) continue;
    if (seen + 1 == characters) last = i;
    if (++seen > characters) {
      text.resize(last);
      text += kEllipsis;
      return;
    }
  }
}

// The settings that differ, and no other: the rest of such a file is nobody's business.
std::string ChangedSettings(const policy::Decision& decision) {
  std::string text;
  for (const policy::SettingChange& change :
       policy::SparkConf::Difference(decision.before.conf, decision.after.conf)) {
    text += change.value ? change.key + "=" + *change.value : "without " + change.key;
    text += '\n';
  }
  return text;
}

}  // namespace

std::string SizesInBrief(const policy::Workload& workload) {
  std::string text;
  text.reserve(96);
  if (workload.extent == policy::Extent::kExecutorPod) {
    text += "executor ";
    AppendShape(text, workload.sizes.executor, workload.executor_extras);
    return text;
  }
  text += policy::DriverNoun(workload);
  text += ' ';
  AppendShape(text, workload.sizes.driver, workload.driver_extras);
  if (workload.extent == policy::Extent::kDriverPod) return text;
  text += ", ";
  text += policy::ExecutorNoun(workload);
  text += "s ";
  if (workload.sizes.executors.ok()) {
    const policy::ExecutorCount& count = *workload.sizes.executors;
    if (count.dynamic) {
      text += std::to_string(count.min);
      text += "..";
    }
    text += std::to_string(count.most());
  } else {
    text += '?';
  }
  text += " x ";
  AppendShape(text, workload.sizes.executor, workload.executor_extras);
  return text;
}

std::string RulesOf(const policy::Decision& decision, bool acted_only) {
  std::string rules;
  const auto& findings = decision.findings;
  for (auto finding = findings.begin(); finding != findings.end(); ++finding) {
    if (acted_only && !Acted(*finding)) continue;
    const bool told = std::any_of(findings.begin(), finding, [&](const Finding& earlier) {
      return earlier.rule == finding->rule && (!acted_only || Acted(earlier));
    });
    if (told) continue;
    if (!rules.empty()) rules += ',';
    rules += finding->rule;
  }
  return rules;
}

std::vector<std::string> WarningsOf(const policy::Decision& decision) {
  std::vector<std::string> warnings;
  warnings.reserve(decision.findings.size());
  for (const Finding& finding : decision.findings) {
    if (finding.action == Action::kReject) continue;
    AppendLine(warnings.emplace_back(), finding);
  }
  return warnings;
}

void FitWarnings(std::vector<std::string>& warnings) {
  size_t bytes = 0;
  for (size_t i = 0; i < warnings.size(); ++i) {
    std::string& warning = warnings[i];
    if (byte_words::HasControl(warning)) {
      std::replace_if(warning.begin(), warning.end(), byte_words::IsControl, ' ');
    }
    CutTo(warning, kWarningCharacters);
    bytes += warning.size();
    if (bytes > kWarningsBytes - 40 && i + 1 < warnings.size()) {
      warning = "and " + std::to_string(warnings.size() - i) + " more findings";
      warnings.resize(i + 1);
    }
  }
}

std::string RejectionText(const policy::Decision& decision) {
  std::string text = "ballast: rejected: ";
  bool first = true;
  for (const Finding& finding : decision.findings) {
    if (finding.action != Action::kReject) continue;
    if (!first) text += "; ";
    AppendLine(text, finding);
    first = false;
  }
  return text;
}

std::string RefusedRewriteText(const k8s::Kind& kind, const policy::Decision& decision,
                               const k8s::Patch& patch) {
  std::string text = "ballast: ballast.dev/rewrite is Refuse, and this would be rewritten: ";
  bool first = true;
  for (const Finding& finding : decision.findings) {
    if (!Acted(finding)) continue;
    if (!first) text += "; ";
    AppendLine(text, finding);
    first = false;
  }
  text += ". Write this instead:\n";
  text += kind.settings_text.empty() ? ManifestPart(patch) : ChangedSettings(decision);
  return text;
}

std::string DecisionSummary(const Judged& judged, std::string_view engine_version) {
  std::string text;
  text.reserve(384);
  text += R"({"verdict":)";
  AppendJsonString(text, Name(judged.decision.verdict));
  text += R"(,"rules":)";
  AppendJsonString(text, RulesOf(judged.decision, true));
  text += R"(,"policy":)";
  AppendJsonString(text, judged.policy->versions);
  text += R"(,"engine":)";
  AppendJsonString(text, engine_version);
  text += R"(,"before":)";
  AppendJsonString(text, SizesInBrief(judged.decision.before));
  text += R"(,"after":)";
  AppendJsonString(text, SizesInBrief(judged.decision.after));
  text += '}';
  return text;
}

void Describe(const Case& c, const Judged& judged, AdmissionAnswer& answer) {
  answer.judged = true;
  answer.shadows = judged.shadows;
  auto& audit = answer.audit_annotations;
  audit["engine"] = c.snapshot.engine_version;
  if (!c.snapshot.capacity_id.empty()) audit["capacity"] = c.snapshot.capacity_id;
  if (answer.recorded) audit["recorded"] = "true";  // what was decided before, given again
  if (!c.request.user.empty()) audit["user"] = c.request.user;
  if (c.snapshot.stale_since != 0) {
    audit["stale"] = std::to_string(std::max<int64_t>(0, c.now_seconds - c.snapshot.stale_since));
  }
  if (judged.policy) {
    answer.policy_names = judged.policy->names;
    audit["policy"] = judged.policy->versions;
  }
  if (judged.unreadable) {
    audit["verdict"] = "Unreadable";
    return;
  }
  audit["verdict"] = Name(judged.decision.verdict);
  audit["before"] = SizesInBrief(judged.decision.before);
  audit["after"] = SizesInBrief(judged.decision.after);
  if (std::string rules = RulesOf(judged.decision, false); !rules.empty()) {
    audit["rules"] = std::move(rules);
  }
}

}  // namespace ballast::webhook
