#include "k8s/kinds/driver_pod.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "k8s/kinds/spark_pod.h"
#include "policy/quantity.h"
#include "policy/spark_memory.h"
#include "policy/spark_size.h"

namespace ballast::k8s {
namespace {

using policy::ByteSize;
using policy::MilliCpu;
using policy::Workload;

constexpr std::string_view kContainer = "spark-kubernetes-driver";
constexpr std::string_view kHeap = "spark.driver.memory";
constexpr std::string_view kOverhead = "spark.driver.memoryOverhead";
constexpr std::string_view kRequest = "spark.kubernetes.driver.request.cores";
constexpr std::string_view kLimit = "spark.kubernetes.driver.limit.cores";
constexpr std::string_view kContainers = "/spec/containers/";

bool IsOne(JsonView object) { return HasSparkRole(object, "driver"); }

// What the arguments say of themselves: `driver --conf k=v --class C RESOURCE ...`. Everything
// behind the resource is the application's.
struct Arguments {
  std::string_view resource;
  std::string_view heap;  // of the last --conf spark.driver.memory=...
};

Arguments ReadArguments(JsonView args) {
  Arguments read;
  bool first = true;
  std::string_view option;
  args.ForEachElement([&](JsonView element) {
    const std::string_view text = element.string().value_or("");
    if (std::exchange(first, false) || !read.resource.empty()) return;
    if (!option.empty()) {
      const bool heap = option == "--conf" && text.starts_with(kHeap) &&
                        text.substr(kHeap.size()).starts_with('=');
      if (heap) read.heap = text.substr(kHeap.size() + 1);
      option = {};
    } else if (!text.starts_with("--")) {
      read.resource = text;
    } else if (text != "--verbose" && text != "--supervise") {
      option = text;
    }
  });
  return read;
}

policy::Language LanguageOf(std::string_view resource) {
  if (resource.ends_with(".py")) return policy::Language::kPython;
  if (resource.ends_with(".R") || resource.ends_with(".r")) return policy::Language::kR;
  return policy::Language::kJvm;
}

// The heap that the arguments name, in whole MiB. Nearly always none do: then it is not known here.
ByteSize HeapOf(std::string_view text, policy::SparkVersion version) {
  if (text.empty()) return ByteSize();
  const policy::SparkConf conf = {{kHeap, text}};
  const auto shape = policy::DriverShape(conf, policy::Language::kJvm, version);
  return shape.ok() ? shape->heap : ByteSize();
}

// The path of an amount of this container.
std::string PathTo(const SparkPod& pod, std::string_view kind, std::string_view resource) {
  return pod.pointer + "/resources/" + std::string(kind) + "/" + std::string(resource);
}

// Finding texts name settings; of a pod each is the amount of its container.
std::string PathOf(JsonView object, std::string_view key) {
  const auto pod = ReadSparkPod(object, kContainer, {});
  const std::string at = pod ? pod->pointer : std::string(kContainers) + "0";
  if (key == kLimit) return at + "/resources/limits/cpu";
  const bool cpu = key == kRequest || key == "spark.driver.cores";
  return at + "/resources/requests/" + (cpu ? "cpu" : "memory");
}

constexpr std::string_view kVersions[] = {"v1"};
constexpr std::string_view kMayMake[] = {"/metadata/annotations"};

}  // namespace

policy::Result<Workload> NormaliseDriverPod(JsonView object, const ReadOptions& options) {
  policy::Result<SparkPod> read = ReadSparkPod(object, kContainer, options);
  if (!read) return read.error();
  SparkPod& pod = *read;
  Workload workload = std::move(pod.workload);
  workload.extent = policy::Extent::kDriverPod;
  const Arguments arguments = ReadArguments(pod.container["args"]);
  workload.language = LanguageOf(arguments.resource);
  const ByteSize heap = HeapOf(arguments.heap, workload.versions.submit);
  const int64_t rest = pod.memory.mebibytes_ceil() - heap.mebibytes();
  workload.conf.Set(kHeap, MebibyteText(heap));
  // Spelled as rules spell it, so that a pod that was lowered reads as what they wrote.
  workload.conf.Set(kOverhead, rest < 0 ? std::to_string(rest) + "m"
                                        : policy::PrintSparkSize(policy::Mebibytes(rest)));
  workload.conf.Set(kRequest, policy::PrintCpuQuantity(pod.cpu));
  if (pod.cpu_limit) workload.conf.Set(kLimit, policy::PrintCpuQuantity(*pod.cpu_limit));
  workload.driver_extras = std::move(pod.extras);
  workload.driver_placement = std::move(pod.placement);
  return workload;
}

Patch RenderDriverPod(JsonView object, const Workload& before, const Workload& after) {
  const policy::Result<SparkPod> pod = ReadSparkPod(object, kContainer, {});
  const auto was = policy::DriverShape(before.conf, before.language, before.versions.submit);
  const auto is = policy::DriverShape(after.conf, after.language, after.versions.submit);
  if (!pod || !was || !is) return {};
  // Amounts stand in a list, where nothing can be made on the way.
  Patch patch;
  const auto put = [&](std::string_view kind, std::string_view resource, const std::string& to) {
    std::string path = PathTo(*pod, kind, resource);
    if (object.At(path).exists()) patch.push_back({"replace", std::move(path), to});
  };
  if (was->memory() != is->memory()) {
    const std::string memory = policy::PrintMemoryQuantity(is->memory());
    put("requests", "memory", memory);
    put("limits", "memory", memory);
  }
  if (was->cpu != is->cpu) {
    const bool requested = object.At(PathTo(*pod, "requests", "cpu")).exists();
    put(requested ? "requests" : "limits", "cpu", policy::PrintCpuQuantity(is->cpu));
  }
  return patch;
}

bool MayPatchDriverPod(std::string_view path) {
  constexpr std::string_view kOwn = "/metadata/annotations/ballast.dev~1";
  if (path.starts_with(kOwn)) {
    return path.size() > kOwn.size() && path.find('/', kOwn.size()) == std::string_view::npos;
  }
  if (!path.starts_with(kContainers)) return false;
  path.remove_prefix(kContainers.size());
  const size_t digits = std::min(path.find_first_not_of("0123456789"), path.size());
  static constexpr std::array<std::string_view, 4> kAmounts = {
      "/resources/requests/memory", "/resources/limits/memory", "/resources/requests/cpu",
      "/resources/limits/cpu"};
  path.remove_prefix(digits);
  return digits > 0 && std::find(kAmounts.begin(), kAmounts.end(), path) != kAmounts.end();
}

const Kind kDriverPod = {
    .group = "",
    .versions = kVersions,
    .kind = "Pod",
    .normalise = NormaliseDriverPod,
    .path_of = PathOf,
    .render = RenderDriverPod,
    .may_patch = MayPatchDriverPod,
    .may_make = kMayMake,
    .is_one = IsOne,
};

}  // namespace ballast::k8s
