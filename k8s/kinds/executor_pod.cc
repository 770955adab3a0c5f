#include "k8s/kinds/executor_pod.h"

#include <string>
#include <utility>

#include "k8s/kinds/spark_pod.h"
#include "policy/quantity.h"
#include "policy/spark_settings.h"

namespace ballast::k8s {
namespace {

using policy::ByteSize;
using policy::Workload;

constexpr std::string_view kContainer = "spark-kubernetes-executor";
constexpr std::string_view kHeap = "spark.executor.memory";
constexpr std::string_view kCores = "spark.executor.cores";
constexpr std::string_view kRequest = "spark.kubernetes.executor.request.cores";
constexpr std::string_view kLimit = "spark.kubernetes.executor.limit.cores";

bool IsOne(JsonView object) { return HasSparkRole(object, "executor"); }

// What the environment of Spark's container says as Spark writes it; empty: nothing.
struct Environment {
  std::string_view memory;
  std::string_view cores;
};

Environment ReadEnvironment(JsonView container) {
  Environment environment;
  container["env"].ForEachElement([&](JsonView variable) {
    std::string_view name, value;
    variable.ForEachMember([&](std::string_view key, JsonView member) {
      if (key == "name") name = member.string().value_or("");
      if (key == "value") value = member.string().value_or("");
    });
    if (name == "SPARK_EXECUTOR_MEMORY") environment.memory = value;
    if (name == "SPARK_EXECUTOR_CORES") environment.cores = value;
  });
  return environment;
}

// In whole MiB; nothing where the environment does not say it as Spark does.
ByteSize HeapOf(std::string_view text, policy::SparkVersion version) {
  if (text.empty()) return ByteSize();
  const auto mebibytes = policy::ReadInteger({{kHeap, text}}, kHeap, version);
  return mebibytes.ok() && *mebibytes >= 0 ? policy::Mebibytes(*mebibytes) : ByteSize();
}

std::string PathOf(JsonView object, std::string_view key) {
  const auto pod = ReadSparkPod(object, kContainer, {});
  const std::string at = pod ? pod->pointer : "/spec/containers/0";
  if (key == kLimit) return at + "/resources/limits/cpu";
  const bool cpu = key == kRequest || key == kCores;
  return at + "/resources/requests/" + (cpu ? "cpu" : "memory");
}

// A pod is never changed by what a policy says.
Patch Render(JsonView, const Workload&, const Workload&) { return {}; }

bool MayPatch(std::string_view path) {
  return path == "/metadata/labels/ballast.dev~1mismatch" ||
         path == "/metadata/annotations/ballast.dev~1mismatch";
}

constexpr std::string_view kVersions[] = {"v1"};
constexpr std::string_view kMayMake[] = {"/metadata/annotations", "/metadata/labels"};

}  // namespace

policy::Result<Workload> NormaliseExecutorPod(JsonView object, const ReadOptions& options) {
  policy::Result<SparkPod> read = ReadSparkPod(object, kContainer, options);
  if (!read) return read.error();
  SparkPod& pod = *read;
  Workload workload = std::move(pod.workload);
  workload.extent = policy::Extent::kExecutorPod;
  const Environment environment = ReadEnvironment(pod.container);
  const ByteSize heap = HeapOf(environment.memory, workload.versions.runtime);
  const int64_t rest = pod.memory.mebibytes_ceil() - heap.mebibytes();
  workload.conf.Set(kHeap, MebibyteText(heap));
  workload.conf.Set("spark.executor.memoryOverhead", std::to_string(rest) + "m");
  if (!environment.cores.empty()) workload.conf.Set(kCores, environment.cores);
  workload.conf.Set(kRequest, policy::PrintCpuQuantity(pod.cpu));
  if (pod.cpu_limit) workload.conf.Set(kLimit, policy::PrintCpuQuantity(*pod.cpu_limit));
  workload.executor_extras = std::move(pod.extras);
  workload.executor_placement = std::move(pod.placement);
  return workload;
}

const Kind kExecutorPod = {
    .group = "",
    .versions = kVersions,
    .kind = "Pod",
    .normalise = NormaliseExecutorPod,
    .path_of = PathOf,
    .render = Render,
    .may_patch = MayPatch,
    .may_make = kMayMake,
    .is_one = IsOne,
};

}  // namespace ballast::k8s
