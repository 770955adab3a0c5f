#include "k8s/kinds/spark_cluster.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "k8s/kinds/gang_minimum.h"
#include "k8s/kinds/object_head.h"
#include "k8s/kinds/pod_spec.h"
#include "k8s/patch.h"
#include "policy/java_number.h"
#include "policy/spark_size.h"

namespace ballast::k8s {
namespace {

using policy::ByteSize;
using policy::Workload;

// clang-format off
constexpr Field kFields[] = {
    {.pointer = "/spec/clusterTolerations/instanceConfig/initWorkers",
     .key = policy::kInitWorkersKey, .spelling = Spelling::kWhole, .least = 0, .otherwise = "0"},
    {.pointer = "/spec/clusterTolerations/instanceConfig/minWorkers",
     .key = policy::kMinWorkersKey, .spelling = Spelling::kWhole, .least = 0},
    {.pointer = "/spec/clusterTolerations/instanceConfig/maxWorkers",
     .key = policy::kMaxWorkersKey, .spelling = Spelling::kWhole, .least = 0},
};
// clang-format on

// The version that is stored comes first.
constexpr std::string_view kVersions[] = {"v1", "v1beta1"};
constexpr std::string_view kMayMake[] = {"/metadata/annotations", "/spec/clusterTolerations",
                                         "/spec/clusterTolerations/instanceConfig"};
constexpr std::string_view kSpecNames[] = {"clusterTolerations", "masterSpec", "runtimeVersions",
                                           "sparkConf", "workerSpec"};
constexpr std::string_view kVersionNames[] = {"jdkVersion", "scalaVersion", "sparkVersion"};
constexpr std::string_view kMasterNames[] = {"serviceMetadata", "serviceSpec",
                                             "statefulSetMetadata", "statefulSetSpec"};
constexpr std::string_view kWorkerNames[] = {"horizontalPodAutoscalerSpec", "serviceMetadata",
                                             "serviceSpec", "statefulSetMetadata",
                                             "statefulSetSpec"};
constexpr std::string_view kStatefulSetNames[] = {"minReadySeconds",
                                                  "ordinals",
                                                  "persistentVolumeClaimRetentionPolicy",
                                                  "podManagementPolicy",
                                                  "replicas",
                                                  "revisionHistoryLimit",
                                                  "selector",
                                                  "serviceName",
                                                  "template",
                                                  "updateStrategy",
                                                  "volumeClaimTemplates"};
constexpr std::string_view kTolerationNames[] = {"instanceConfig"};
constexpr std::string_view kInstanceNames[] = {"initWorkers", "maxWorkers", "minWorkers"};
constexpr FieldNames kNames[] = {{"/spec", kSpecNames},
                                 {"/spec/runtimeVersions", kVersionNames},
                                 {"/spec/masterSpec", kMasterNames},
                                 {"/spec/masterSpec/statefulSetSpec", kStatefulSetNames},
                                 {"/spec/workerSpec", kWorkerNames},
                                 {"/spec/workerSpec/statefulSetSpec", kStatefulSetNames},
                                 {"/spec/clusterTolerations", kTolerationNames},
                                 {"/spec/clusterTolerations/instanceConfig", kInstanceNames}};

// Of the master, and of what a worker keeps for itself: SPARK_DAEMON_MEMORY's default.
constexpr ByteSize kDaemonMemory = policy::Gibibytes(1);

struct RoleOfCluster {
  std::string_view container;  // "worker"
  std::string pointer;         // of the pod template's spec
  JsonView pod_spec = {};
};

RoleOfCluster RoleAt(JsonView spec, std::string_view container, std::string_view member) {
  RoleOfCluster role{container, "/spec/" + std::string(member) + "/statefulSetSpec/template/spec"};
  role.pod_spec = spec[member]["statefulSetSpec"]["template"]["spec"];
  return role;
}

// The value of an environment variable that is written in the template.
std::optional<std::string_view> Environment(JsonView container, std::string_view name) {
  std::optional<std::string_view> value;
  container["env"].ForEachElement([&](JsonView variable) {
    if (variable["name"].string() == name) value = variable["value"].string();
  });
  return value;
}

std::optional<ByteSize> SizeIn(JsonView container, std::string_view name) {
  const auto text = Environment(container, name);
  if (!text) return std::nullopt;
  const auto size = policy::ByteStringAs(*text, policy::ByteUnit::kMiB, policy::kNewestSpark);
  if (!size.ok()) return std::nullopt;
  return policy::Mebibytes(*size);
}

// What a worker offers to executors, as it finds it out itself: all that it has but 1 GiB, and a
// core for each that it sees. Without a limit that is the node's, which is not known here.
void ReadOffer(JsonView container, policy::GivenPod& given) {
  const ByteSize memory =
      given.memory_limit ? *given.memory_limit : given.memory_request.value_or(ByteSize());
  given.heap = SizeIn(container, "SPARK_WORKER_MEMORY")
                   .value_or(std::max(ByteSize(), memory - kDaemonMemory));
  const auto cores = Environment(container, "SPARK_WORKER_CORES");
  const auto number = cores ? policy::JavaInt(*cores) : policy::Result<int64_t>(int64_t{0});
  const policy::MilliCpu cpu =
      given.cpu_limit ? *given.cpu_limit : given.cpu_request.value_or(policy::MilliCpu());
  given.slots = number.ok() && *number > 0 ? *number : cpu.cores_ceil();
}

// One role's pod; the container of that name is Spark's.
policy::GivenPod ReadRole(const RoleOfCluster& role, policy::PodExtras& extras,
                          policy::Placement& placement, JsonView& spark_container,
                          Mistake& mistake) {
  PodContainers containers(mistake);
  containers.AddTemplate(role.pod_spec["containers"], role.pointer + "/containers", role.container);
  containers.AddInitContainers(role.pod_spec["initContainers"], role.pointer + "/initContainers");
  extras = containers.Extras();
  ReadQuotaScopes(role.pod_spec, role.pod_spec["affinity"], extras);
  ReadPlacement(role.pod_spec, role.pointer, placement, mistake);
  ReadAffinity(role.pod_spec["affinity"], role.pointer + "/affinity", placement, mistake);
  spark_container = containers.spark_container();
  return containers.ReadGiven();
}

policy::SparkConf ReadCounts(JsonView object, Texts& texts, Mistake& mistake) {
  policy::SparkConf conf;
  for (const Field& field : kFields) {
    const auto text = ReadField(field, object.At(field.pointer), texts, mistake);
    const std::string_view value = text.value_or(field.otherwise);
    if (!value.empty()) conf.Set(std::string(field.key), std::string(value));
  }
  return conf;
}

policy::Result<Workload> Normalise(JsonView object, const ReadOptions& options) {
  if (!object.is_object()) return policy::Error{"", "must be an object"};
  const JsonView spec = object["spec"];
  if (!spec.is_object()) return policy::Error{"/spec", "must be there and be an object"};
  Workload workload;
  Mistake mistake;
  Texts texts;
  ReadHead(object, workload, mistake);
  constexpr std::string_view kVersion = "/spec/runtimeVersions/sparkVersion";
  ReadVersions(ReadText(object.At(kVersion), kVersion, mistake).value_or(""), options, workload);
  workload.conf = ReadCounts(object, texts, mistake);
  JsonView container;
  workload.driver_given = ReadRole(RoleAt(spec, "master", "masterSpec"), workload.driver_extras,
                                   workload.driver_placement, container, mistake);
  workload.driver_given->heap = SizeIn(container, "SPARK_DAEMON_MEMORY").value_or(kDaemonMemory);
  workload.executor_given = ReadRole(RoleAt(spec, "worker", "workerSpec"), workload.executor_extras,
                                     workload.executor_placement, container, mistake);
  ReadOffer(container, *workload.executor_given);
  spec["workerSpec"]["statefulSetSpec"]["volumeClaimTemplates"].ForEachElement(
      [&](JsonView) { ++workload.claims_per_executor; });
  GangMinimum gang;
  for (const char* member : {"masterSpec", "workerSpec"}) {
    gang.LookInTemplate(spec[member]["statefulSetSpec"]["template"],
                        "/spec/" + std::string(member) + "/statefulSetSpec/template");
  }
  workload.gang = gang.text();
  if (mistake.first()) return *mistake.first();
  return workload;
}

const Field* FieldOf(std::string_view key) {
  const auto field = std::ranges::find(kFields, key, &Field::key);
  return field == std::end(kFields) ? nullptr : &*field;
}

std::string PathOf(JsonView, std::string_view key) {
  if (const Field* field = FieldOf(key)) return std::string(field->pointer);
  std::string pointer = "/spec/sparkConf";
  AppendToken(pointer, key);
  return pointer;
}

Patch Render(JsonView object, const Workload& before, const Workload& after) {
  PatchWriter out(object);
  for (const auto& change : policy::SparkConf::Difference(before.conf, after.conf)) {
    const Field* field = FieldOf(change.key);
    if (field == nullptr) continue;
    const auto spelled = change.value ? PrintField(*field, *change.value) : std::nullopt;
    if (spelled) {
      out.Put(field->pointer, *spelled);
    } else {
      out.Remove(field->pointer);
    }
  }
  return std::move(out).Take();
}

bool MayPatch(std::string_view path) {
  constexpr std::string_view kOurs = "/metadata/annotations/ballast.dev~1";
  return std::ranges::find(kFields, path, &Field::pointer) != std::end(kFields) ||
         (path.starts_with(kOurs) && path.find('/', kOurs.size()) == std::string_view::npos);
}

}  // namespace

constinit const Kind kSparkCluster = {
    .group = "spark.apache.org",
    .versions = kVersions,
    .kind = "SparkCluster",
    .normalise = Normalise,
    .path_of = PathOf,
    .render = Render,
    .may_patch = MayPatch,
    .may_make = kMayMake,
    .names = kNames,
    .fields = [] { return std::span<const Field>(kFields); },
};

}  // namespace ballast::k8s
