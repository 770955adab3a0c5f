#include "webhook/snapshot_file/workload_json.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "policy/quantity.h"
#include "webhook/snapshot_file/cluster_json.h"

namespace ballast::webhook {
namespace {

using nlohmann::ordered_json;
using policy::ByteSize;
using policy::Language;
using policy::MilliCpu;
using policy::Placement;
using policy::PodExtras;
using policy::SideContainer;
using policy::Workload;

ordered_json Print(ByteSize size) { return policy::PrintMemoryQuantity(size); }
ordered_json Print(MilliCpu cpu) { return policy::PrintCpuQuantity(cpu); }
template <typename T>
ordered_json Print(const std::optional<T>& amount) {
  return amount ? Print(*amount) : ordered_json(nullptr);
}

ByteSize Memory(const JsonPart& part) { return part.As(policy::ParseMemoryQuantity, ByteSize()); }
MilliCpu Cpu(const JsonPart& part) { return part.As(policy::ParseCpuQuantity, MilliCpu()); }
template <typename T>
std::optional<T> Maybe(const JsonPart& part, T (*read)(const JsonPart&)) {
  return part.exists() ? std::optional<T>(read(part)) : std::nullopt;
}

ordered_json PrintContainer(const SideContainer& container) {
  return {{"name", container.name},
          {"init", container.init},
          {"restartable", container.restartable},
          {"memoryRequest", Print(container.memory_request)},
          {"memoryLimit", Print(container.memory_limit)},
          {"cpuRequest", Print(container.cpu_request)},
          {"cpuLimit", Print(container.cpu_limit)}};
}

SideContainer ReadContainer(const JsonPart& part) {
  SideContainer container;
  container.name = part["name"].Text();
  container.init = part["init"].Flag();
  container.restartable = part["restartable"].Flag();
  container.memory_request = Maybe(part["memoryRequest"], Memory);
  container.memory_limit = Maybe(part["memoryLimit"], Memory);
  container.cpu_request = Maybe(part["cpuRequest"], Cpu);
  container.cpu_limit = Maybe(part["cpuLimit"], Cpu);
  return container;
}

ordered_json PrintExtras(const PodExtras& extras) {
  ordered_json extended = ordered_json::array();
  for (const auto& [resource, count] : extras.extended) {
    extended.push_back({{"resource", resource}, {"count", count}});
  }
  ordered_json containers = ordered_json::array();
  for (const SideContainer& container : extras.containers) {
    containers.push_back(PrintContainer(container));
  }
  return {{"sidecarMemory", Print(extras.sidecar_memory)},
          {"sidecarCpu", Print(extras.sidecar_cpu)},
          {"initMemory", Print(extras.init_memory)},
          {"initCpu", Print(extras.init_cpu)},
          {"extended", extended},
          {"containers", containers},
          {"templateCpuLimit", Print(extras.template_cpu_limit)},
          {"priorityClass", extras.priority_class},
          {"hasDeadline", extras.has_deadline},
          {"crossNamespaceAffinity", extras.cross_namespace_affinity}};
}

PodExtras ReadExtras(const JsonPart& part) {
  PodExtras extras;
  extras.sidecar_memory = Memory(part["sidecarMemory"]);
  extras.sidecar_cpu = Cpu(part["sidecarCpu"]);
  extras.init_memory = Memory(part["initMemory"]);
  extras.init_cpu = Cpu(part["initCpu"]);
  part["extended"].ForEachElement([&](const JsonPart& one) {
    extras.extended.emplace_back(one["resource"].Text(), one["count"].Whole());
  });
  part["containers"].ForEachElement(
      [&](const JsonPart& container) { extras.containers.push_back(ReadContainer(container)); });
  extras.template_cpu_limit = Maybe(part["templateCpuLimit"], Cpu);
  extras.priority_class = part["priorityClass"].Text();
  extras.has_deadline = part["hasDeadline"].Flag();
  extras.cross_namespace_affinity = part["crossNamespaceAffinity"].Flag();
  return extras;
}

// Null where Spark sizes the pod.
ordered_json PrintGiven(const std::optional<policy::GivenPod>& given) {
  if (!given) return nullptr;
  return {{"memoryRequest", Print(given->memory_request)},
          {"memoryLimit", Print(given->memory_limit)},
          {"cpuRequest", Print(given->cpu_request)},
          {"cpuLimit", Print(given->cpu_limit)},
          {"heap", Print(given->heap)},
          {"slots", given->slots}};
}

policy::GivenPod ReadGiven(const JsonPart& part) {
  return {.memory_request = Maybe(part["memoryRequest"], Memory),
          .memory_limit = Maybe(part["memoryLimit"], Memory),
          .cpu_request = Maybe(part["cpuRequest"], Cpu),
          .cpu_limit = Maybe(part["cpuLimit"], Cpu),
          .heap = Maybe(part["heap"], Memory),
          .slots = part["slots"].Whole()};
}

ordered_json PrintPlacement(const Placement& placement) {
  ordered_json terms = ordered_json::array();
  for (const auto& term : placement.affinity_terms) terms.push_back(PrintRequirements(term));
  ordered_json tolerations = ordered_json::array();
  for (const policy::Toleration& toleration : placement.tolerations) {
    tolerations.push_back({{"key", toleration.key},
                           {"operator", toleration.op},
                           {"value", toleration.value},
                           {"effect", toleration.effect}});
  }
  return {{"nodeSelector", PrintLabels(placement.node_selector)},
          {"affinityTerms", terms},
          {"tolerations", tolerations},
          {"nodeName", placement.node_name},
          {"notUnderstood", placement.not_understood}};
}

Placement ReadPlacement(const JsonPart& part) {
  Placement placement;
  placement.node_selector = ReadLabels(part["nodeSelector"]);
  part["affinityTerms"].ForEachElement(
      [&](const JsonPart& term) { placement.affinity_terms.push_back(ReadRequirements(term)); });
  part["tolerations"].ForEachElement([&](const JsonPart& one) {
    placement.tolerations.push_back(
        {one["key"].Text(), one["operator"].Text(), one["value"].Text(), one["effect"].Text()});
  });
  placement.node_name = part["nodeName"].Text();
  placement.not_understood = part["notUnderstood"].Text();
  return placement;
}

std::string_view Name(Language language) {
  if (language == Language::kPython) return "python";
  return language == Language::kR ? "r" : "jvm";
}

Language ReadLanguage(const JsonPart& part) {
  const std::string text = part.Text("jvm");
  if (text == "python") return Language::kPython;
  return text == "r" ? Language::kR : Language::kJvm;
}

policy::SparkVersion ReadVersion(const JsonPart& part) {
  return part.As(policy::ParseSparkVersion, policy::kNewestSpark);
}

policy::SparkConf ReadConf(const JsonPart& part) {
  std::vector<std::pair<std::string, std::string>> texts;
  part.ForEachMember(
      [&](std::string_view key, const JsonPart& value) { texts.emplace_back(key, value.Text()); });
  return policy::SparkConf(
      std::vector<std::pair<std::string_view, std::string_view>>(texts.begin(), texts.end()));
}

}  // namespace

policy::UnknownVersion ReadUnknownVersion(const JsonPart& part) {
  const std::string text = part.Text();
  if (text == kUnknownVersions[1]) return policy::UnknownVersion::kWarn;
  return text == kUnknownVersions[2] ? policy::UnknownVersion::kReject
                                     : policy::UnknownVersion::kAsNearest;
}

ordered_json PrintWorkload(const Workload& workload) {
  ordered_json overridden = ordered_json::array();
  for (const policy::OverriddenValue& value : workload.overridden) {
    overridden.push_back({{"key", value.key},
                          {"losingValue", value.losing_value},
                          {"losingPath", value.losing_path},
                          {"winningValue", value.winning_value},
                          {"winningPath", value.winning_path},
                          {"byShell", value.by_shell}});
  }
  ordered_json conf = ordered_json::object();
  for (const auto& [key, value] : workload.conf.ToMap()) conf[key] = value;
  return {{"apiVersion", workload.resource.api_version},
          {"kind", workload.resource.kind},
          {"namespace", workload.resource.namespace_name},
          {"name", workload.resource.name},
          {"labels", PrintLabels(workload.labels)},
          {"language", Name(workload.language)},
          {"sparkVersion", workload.spark_version_text},
          {"versionKnown", workload.version_known},
          {"unknownVersion", kUnknownVersions[static_cast<size_t>(workload.unknown_version)]},
          {"bySparkSubmit", workload.by_spark_submit},
          {"submitVersion", policy::PrintSparkVersion(workload.versions.submit)},
          {"runtimeVersion", policy::PrintSparkVersion(workload.versions.runtime)},
          {"conf", conf},
          {"overridden", overridden},
          {"claimsPerExecutor", workload.claims_per_executor},
          {"gang", workload.gang},
          {"driver",
           {{"extras", PrintExtras(workload.driver_extras)},
            {"placement", PrintPlacement(workload.driver_placement)},
            {"given", PrintGiven(workload.driver_given)}}},
          {"executor",
           {{"extras", PrintExtras(workload.executor_extras)},
            {"placement", PrintPlacement(workload.executor_placement)},
            {"given", PrintGiven(workload.executor_given)}}}};
}

Workload ReadWorkload(const JsonPart& part) {
  Workload workload;
  workload.resource = {part["apiVersion"].Text(), part["kind"].Text(), part["namespace"].Text(),
                       part["name"].Text()};
  workload.labels = ReadLabels(part["labels"]);
  workload.language = ReadLanguage(part["language"]);
  workload.spark_version_text = part["sparkVersion"].Text();
  workload.version_known = part["versionKnown"].Flag();
  workload.unknown_version = ReadUnknownVersion(part["unknownVersion"]);
  workload.by_spark_submit = part["bySparkSubmit"].Flag(true);
  workload.versions = {ReadVersion(part["submitVersion"]), ReadVersion(part["runtimeVersion"])};
  workload.conf = ReadConf(part["conf"]);
  part["overridden"].ForEachElement([&](const JsonPart& one) {
    workload.overridden.push_back({one["key"].Text(), one["losingValue"].Text(),
                                   one["losingPath"].Text(), one["winningValue"].Text(),
                                   one["winningPath"].Text(), one["byShell"].Flag()});
  });
  workload.claims_per_executor = part["claimsPerExecutor"].Whole();
  workload.gang = part["gang"].Text();
  workload.driver_extras = ReadExtras(part["driver"]["extras"]);
  workload.driver_placement = ReadPlacement(part["driver"]["placement"]);
  workload.executor_extras = ReadExtras(part["executor"]["extras"]);
  workload.executor_placement = ReadPlacement(part["executor"]["placement"]);
  workload.driver_given = Maybe(part["driver"]["given"], ReadGiven);
  workload.executor_given = Maybe(part["executor"]["given"], ReadGiven);
  policy::Derive(workload);
  return workload;
}

}  // namespace ballast::webhook
