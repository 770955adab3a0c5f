#include "k8s/kinds/spark_pod.h"

#include <algorithm>
#include <utility>

#include "k8s/kinds/pod_spec.h"
#include "policy/quantity.h"
#include "policy/spark_version.h"

namespace ballast::k8s {
namespace {

using policy::ByteSize;
using policy::MilliCpu;

constexpr std::string_view kContainers = "/spec/containers";
// Ballast's own labels on a pod say nothing about it.
constexpr std::string_view kOwnLabels = "ballast.dev/";

template <typename T>
std::optional<T> Amount(JsonView resources, std::string_view kind, std::string_view resource,
                        policy::Result<T> (*parse)(std::string_view), const std::string& pointer,
                        Mistake& mistake) {
  const JsonView quantity = resources[kind][resource];
  if (!quantity.exists() || quantity.is_null()) return std::nullopt;
  const auto parsed = parse(QuantityText(quantity));
  if (parsed.ok()) return *parsed;
  mistake.Add(pointer + "/" + std::string(kind) + "/" + std::string(resource), parsed.error().what);
  return std::nullopt;
}

// What the pod as a whole takes besides Spark's container, where it says that itself: a request of
// the pod stands for the sum of its containers.
template <typename T>
void TakePodLevel(JsonView spec, std::string_view resource,
                  policy::Result<T> (*parse)(std::string_view), T own, T& beside, T& init,
                  Mistake& mistake) {
  constexpr const char* kPointer = "/spec/resources";
  const JsonView resources = spec["resources"];
  auto whole = Amount(resources, "requests", resource, parse, kPointer, mistake);
  if (!whole) whole = Amount(resources, "limits", resource, parse, kPointer, mistake);
  if (whole) {
    beside = std::max(*whole - own, T());
    init = T();
  }
  // What a RuntimeClass takes for itself comes on top.
  const JsonView overhead = spec["overhead"][resource];
  if (!overhead.exists() || overhead.is_null()) return;
  if (const auto parsed = parse(QuantityText(overhead)); parsed.ok()) {
    beside += *parsed;
    if (init > T()) init += *parsed;
  }
}

void ReadMetadata(JsonView object, policy::Workload& workload, Mistake& mistake) {
  const JsonView metadata = object["metadata"];
  policy::ResourceRef& resource = workload.resource;
  resource.api_version = object["apiVersion"].string().value_or("");
  resource.kind = object["kind"].string().value_or("");
  resource.name = metadata["name"].string().value_or("");
  if (resource.name.empty()) resource.name = metadata["generateName"].string().value_or("");
  if (const auto space = metadata["namespace"].string(); space && !space->empty()) {
    resource.namespace_name = *space;
  }
  ReadLabels(metadata["labels"], "/metadata/labels", workload.labels, mistake);
  std::erase_if(workload.labels,
                [](const auto& label) { return label.first.starts_with(kOwnLabels); });
}

// The label is of the Spark that made the pod.
void ReadVersion(const ReadOptions& options, policy::Workload& workload) {
  const auto label = workload.labels.find("spark-version");
  if (label != workload.labels.end()) workload.spark_version_text = label->second;
  const auto parsed = policy::ParseSparkVersion(workload.spark_version_text);
  workload.version_known = parsed.ok();
  workload.versions.submit = policy::NearestKnown(parsed.ok() ? *parsed : options.unset_version);
  workload.versions.runtime = workload.versions.submit;
}

bool IsExecutor(JsonView container) {
  bool is_one = false;
  container["env"].ForEachElement([&](JsonView variable) {
    is_one = is_one || variable["name"].string() == "SPARK_EXECUTOR_ID";
  });
  return is_one;
}

// The one of this name, else the executor's (Spark leaves its container the name that it has in a
// pod template), else the first.
void FindContainer(JsonView containers, std::string_view name, SparkPod& pod) {
  enum Fit { kNone, kFirst, kExecutor, kNamed };
  Fit best = kNone;
  size_t index = 0;
  containers.ForEachElement([&](JsonView container) {
    const size_t at = index++;
    if (best == kNamed) return;
    Fit fit = at == 0 ? kFirst : kNone;
    if (container["name"].string() == name) {
      fit = kNamed;
    } else if (IsExecutor(container)) {
      fit = kExecutor;
    }
    if (fit <= best) return;
    best = fit;
    pod.container = container;
    pod.pointer = std::string(kContainers) + "/" + std::to_string(at);
  });
}

void ReadContainer(SparkPod& pod, Mistake& mistake) {
  const JsonView resources = pod.container["resources"];
  const std::string pointer = pod.pointer + "/resources";
  const auto memory = [&](std::string_view kind) {
    return Amount(resources, kind, "memory", policy::ParseMemoryQuantity, pointer, mistake);
  };
  const auto cpu = [&](std::string_view kind) {
    return Amount(resources, kind, "cpu", policy::ParseCpuQuantity, pointer, mistake);
  };
  const auto memory_request = memory("requests");
  pod.memory = memory_request ? *memory_request : memory("limits").value_or(ByteSize());
  const auto cpu_request = cpu("requests");
  const auto cpu_limit = cpu("limits");
  pod.cpu = cpu_request ? *cpu_request : cpu_limit.value_or(MilliCpu());
  if (cpu_request) pod.cpu_limit = cpu_limit;
}

}  // namespace

policy::Result<SparkPod> ReadSparkPod(JsonView object, std::string_view container,
                                      const ReadOptions& options) {
  if (!object.is_object()) return policy::Error{"", "must be an object"};
  const JsonView spec = object["spec"];
  if (!spec.is_object()) return policy::Error{"/spec", "must be there and be an object"};
  Mistake mistake;
  SparkPod pod;
  ReadMetadata(object, pod.workload, mistake);
  ReadVersion(options, pod.workload);
  FindContainer(spec["containers"], container, pod);
  if (!pod.container.is_object()) {
    return policy::Error{std::string(kContainers), "must hold Spark's container"};
  }
  ReadContainer(pod, mistake);
  PodContainers containers(mistake);
  containers.AddTemplate(spec["containers"], std::string(kContainers),
                         pod.container["name"].string().value_or(""));
  containers.AddInitContainers(spec["initContainers"], "/spec/initContainers");
  pod.extras = containers.Extras();
  TakePodLevel(spec, "memory", policy::ParseMemoryQuantity, pod.memory, pod.extras.sidecar_memory,
               pod.extras.init_memory, mistake);
  TakePodLevel(spec, "cpu", policy::ParseCpuQuantity, pod.cpu, pod.extras.sidecar_cpu,
               pod.extras.init_cpu, mistake);
  ReadPlacement(spec, "/spec", pod.placement, mistake);
  ReadAffinity(spec["affinity"], "/spec/affinity", pod.placement, mistake);
  ReadQuotaScopes(spec, spec["affinity"], pod.extras);
  if (mistake.first()) return *mistake.first();
  return pod;
}

bool HasSparkRole(JsonView object, std::string_view role) {
  return object["metadata"]["labels"]["spark-role"].string() == role;
}

std::string MebibyteText(ByteSize size) { return std::to_string(size.mebibytes_ceil()) + "m"; }

}  // namespace ballast::k8s
