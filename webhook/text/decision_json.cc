#include "webhook/text/decision_json.h"

#include <optional>
#include <string_view>

#include "k8s/patch.h"
#include "policy/placement_report.h"
#include "policy/totals.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

json TextOrNull(std::string_view text) { return text.empty() ? json() : json(text); }

json PodOrNull(const policy::Result<policy::PodShape>& shape) {
  return shape.ok() ? PodJson(*shape) : json();
}

json CountJson(const policy::Result<policy::ExecutorCount>& count) {
  if (!count.ok()) return nullptr;
  if (!count->dynamic) return {{"instances", count->instances}};
  return {{"min", count->min}, {"initial", count->initial}, {"max", count->max}};
}

json TotalsJson(const policy::Workload& workload) {
  const std::optional<policy::Totals> totals = policy::TotalsOf(workload);
  if (!totals) return {{"memoryMiB", nullptr}, {"cpuMillis", nullptr}, {"slots", nullptr}};
  const policy::DerivedSizes& sizes = workload.sizes;
  return {{"memoryMiB", totals->memory.mebibytes_ceil()},
          {"cpuMillis", totals->cpu.millis()},
          {"slots", policy::SaturatingMultiply(sizes.executor->slots, sizes.executors->most())}};
}

json PlacementJson(const policy::Workload& workload, const policy::EligibleNodes& nodes) {
  if (!nodes.known() || !workload.sizes.ok()) {
    return {{"eligibleNodes", nullptr},    {"perNode", nullptr},
            {"podsPerNode", nullptr},      {"placeable", nullptr},
            {"takenByDriver", nullptr},    {"strandedCpuMillis", nullptr},
            {"strandedMemoryMiB", nullptr}};
  }
  const policy::PlacementReport report = ReportPlacement(nodes, workload);
  return {{"eligibleNodes", report.eligible_nodes},
          {"perNode", report.per_node},
          {"podsPerNode", report.pods},
          {"placeable", report.placeable},
          {"takenByDriver", report.taken_by_driver},
          {"strandedCpuMillis", report.stranded_cpu.millis()},
          {"strandedMemoryMiB", report.stranded_memory.mebibytes()}};
}

json FindingJson(const policy::Finding& finding, const k8s::Kind* kind, k8s::JsonView object) {
  json paths = json::array();
  for (const std::string& key : finding.settings) {
    if (kind != nullptr) paths.push_back(kind->path_of(object, key));
  }
  return {{"rule", finding.rule},
          {"action", Name(finding.action)},
          {"severity", Name(finding.severity)},
          {"message", finding.message},
          {"paths", std::move(paths)},
          {"before", TextOrNull(finding.before)},
          {"after", TextOrNull(finding.after)}};
}

json ResourceJson(k8s::JsonView object) {
  const auto text = [](k8s::JsonView value, std::string_view otherwise) {
    return std::string(value.string().value_or(otherwise));
  };
  const k8s::JsonView metadata = object["metadata"];
  return {{"apiVersion", text(object["apiVersion"], "")},
          {"kind", text(object["kind"], "")},
          {"namespace", text(metadata["namespace"], "default")},
          {"name", text(metadata["name"], "")}};
}

}  // namespace

json PodJson(const policy::PodShape& shape) {
  return {{"heapMiB", shape.heap.mebibytes()},
          {"overheadMiB", shape.overhead.mebibytes()},
          {"offHeapMiB", shape.off_heap.mebibytes()},
          {"pysparkMiB", shape.pyspark.mebibytes()},
          {"memoryMiB", shape.memory().mebibytes()},
          {"cpuMillis", shape.cpu.millis()},
          {"cpuLimitMillis", shape.cpu_limit ? json(shape.cpu_limit->millis()) : json()},
          {"slots", shape.slots}};
}

json WorkloadJson(const policy::Workload& workload, const policy::EligibleNodes& nodes) {
  return {{"driver", PodOrNull(workload.sizes.driver)},
          {"executor", PodOrNull(workload.sizes.executor)},
          {"executors", CountJson(workload.sizes.executors)},
          {"totals", TotalsJson(workload)},
          {"placement", PlacementJson(workload, nodes)}};
}

json DecisionJson(const policy::Decision& decision, const k8s::Kind* kind, k8s::JsonView object,
                  const k8s::Patch& patch, const std::vector<std::string>& warnings) {
  json findings = json::array();
  for (const policy::Finding& finding : decision.findings) {
    findings.push_back(FindingJson(finding, kind, object));
  }
  const auto sizes = [&](const policy::Workload& workload) {
    return kind == nullptr ? json() : WorkloadJson(workload, decision.executor_nodes);
  };
  return {{"apiVersion", "policy.ballast.dev/v1alpha1"},
          {"kind", "Decision"},
          {"resource", ResourceJson(object)},
          {"verdict", Name(decision.verdict)},
          {"findings", std::move(findings)},
          {"before", sizes(decision.before)},
          {"after", sizes(decision.after)},
          {"patch", k8s::ToJson(patch)},
          {"warnings", warnings}};
}

}  // namespace ballast::webhook
