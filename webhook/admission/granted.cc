#include "webhook/admission/granted.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "k8s/json_text.h"

namespace ballast::webhook {
namespace {

using policy::VerdictKind;

// Of the largest, where it is not known which Spark will read the settings.
std::optional<Granted> GrantedIn(const policy::Workload& workload) {
  const auto& shape = workload.sizes.executor;
  if (!shape) return std::nullopt;
  Granted granted{shape->memory(), shape->cpu};
  if (workload.version_known) return granted;
  for (const policy::SparkVersion version : policy::KnownSparkVersions()) {
    const auto other = policy::ExecutorShape(workload.conf, workload.language, version);
    if (!other) continue;
    granted.memory = std::max(granted.memory, other->memory());
    granted.cpu = std::max(granted.cpu, other->cpu);
  }
  return granted;
}

std::string Print(const Granted& granted) {
  return policy::PrintMemoryQuantity(granted.memory) + " " + policy::PrintCpuQuantity(granted.cpu);
}

}  // namespace

std::optional<Granted> GrantedBy(const KnownApplication& application) {
  const auto summary = k8s::ParseJson(application.decision);
  if (!summary.is_object()) return std::nullopt;
  const auto after = summary.find("after");
  if (after == summary.end() || !after->is_string()) return std::nullopt;
  // "executors 10 x 36Gi 4 cpu"
  std::string_view text = after->get_ref<const std::string&>();
  const size_t each = text.rfind(" x ");
  if (each == std::string_view::npos) return std::nullopt;
  text.remove_prefix(each + 3);
  const size_t end = text.find(" cpu");
  return end == std::string_view::npos ? std::nullopt : ReadGranted(text.substr(0, end));
}

std::optional<Granted> ReadGranted(std::string_view text) {
  const size_t blank = text.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const auto memory = policy::ParseMemoryQuantity(text.substr(0, blank));
  const auto cpu = policy::ParseCpuQuantity(text.substr(blank + 1));
  if (!memory || !cpu) return std::nullopt;
  return Granted{*memory, *cpu};
}

bool WriteGranted(policy::Decision& decision) {
  const bool rewritten = decision.verdict == VerdictKind::kRewritten;
  policy::SparkConf& conf = decision.after.conf;
  const auto written = conf.Get(kGrantedSetting);
  if (decision.verdict == VerdictKind::kRejected || (!rewritten && !written)) return false;
  const std::optional<Granted> granted = GrantedIn(decision.after);
  if (granted && written && ReadGranted(*written) == granted) return false;
  if (granted && rewritten) {
    conf.Set(kGrantedSetting, Print(*granted));
    return false;
  }
  if (!written) return false;
  conf.Remove(kGrantedSetting);
  decision.verdict = VerdictKind::kRewritten;
  return true;
}

}  // namespace ballast::webhook
