// One Spark application, whatever it was submitted as: what Spark will get, and where its pods may
// run.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "policy/given_pod.h"
#include "policy/keys_read.h"
#include "policy/labels.h"
#include "policy/result.h"
#include "policy/spark_conf.h"
#include "policy/spark_memory.h"
#include "policy/spark_startup.h"
#include "policy/units.h"

namespace ballast::policy {

// Which object it is, for texts, logs and selectors.
struct ResourceRef {
  std::string api_version;
  std::string kind;
  std::string namespace_name = "default";
  std::string name;

  bool operator==(const ResourceRef&) const = default;
};

// A container beside Spark's own, by itself: quotas and LimitRanges look at each.
struct SideContainer {
  std::string name;
  bool init = false;
  bool restartable = false;  // an init container that stays
  std::optional<ByteSize> memory_request = {};
  std::optional<ByteSize> memory_limit = {};
  std::optional<MilliCpu> cpu_request = {};
  std::optional<MilliCpu> cpu_limit = {};

  bool operator==(const SideContainer&) const = default;
};

// What a pod has besides Spark's own container.
struct PodExtras {
  ByteSize sidecar_memory;  // containers (and restartable init containers) running beside Spark
  MilliCpu sidecar_cpu;
  ByteSize init_memory;  // the largest of the init containers, which run before: the pod needs at
                         // least this
  MilliCpu init_cpu;
  std::vector<std::pair<std::string, int64_t>>
      extended;  // of Spark's container: "nvidia.com/gpu" -> 1

  // What only a namespace's quota and LimitRanges look at.
  std::vector<SideContainer> containers = {};       // those that the sums above are of
  std::optional<MilliCpu> template_cpu_limit = {};  // of Spark's container, in the pod template
  std::string priority_class = {};                  // empty: none is named
  bool has_deadline = false;                        // activeDeadlineSeconds
  bool cross_namespace_affinity = false;            // to pods of other namespaces

  bool operator==(const PodExtras&) const = default;
};

// Where the pods may run: what is required, never what is preferred.
struct Placement {
  Labels node_selector;
  // Required node affinity: one of the terms must hold, all requirements of a term together. Empty:
  // no constraint.
  std::vector<std::vector<Requirement>> affinity_terms;
  std::vector<Toleration> tolerations;
  std::string node_name;       // the pod is pinned to it
  std::string not_understood;  // a constraint that Ballast cannot judge: the capacity rules abstain
                               // and say it

  bool operator==(const Placement&) const = default;
};

// How many executors there will be. With dynamic allocation: min, initial, max; otherwise
// instances.
struct ExecutorCount {
  bool dynamic = false;
  int64_t instances = 0;
  int64_t min = 0;
  int64_t initial = 0;
  int64_t max = 0;

  // The most that will ever run at once.
  int64_t most() const { return dynamic ? max : instances; }
  bool operator==(const ExecutorCount&) const = default;
};

// The same number said twice, differently: a field of the resource and a setting, or two spellings.
// Or one that a shell on its way to Spark takes apart; then nothing is known of what wins.
struct OverriddenValue {
  std::string key;  // the setting's key
  std::string losing_value;
  std::string losing_path;  // JSON pointer
  std::string winning_value;
  std::string winning_path;
  bool by_shell = false;

  bool operator==(const OverriddenValue&) const = default;
};

// How much of an application stands in the object that was read.
enum class Extent {
  kWhole,          // everything, before any pod is made
  kStartedDriver,  // its settings, once the driver's pod is made: of that only less can be asked
  kDriverPod,      // the driver's pod, and nothing of its settings
  kExecutorPod,    // one executor's pod, of a driver that runs
};

// What follows from conf; filled by Derive. A part that Spark could not compute is an error with
// its reason.
struct DerivedSizes {
  Result<PodShape> driver = PodShape{};
  Result<PodShape> executor = PodShape{};
  Result<ExecutorCount> executors = ExecutorCount{};
  // The settings that were looked at for each; before Derive nobody knows.
  KeysRead driver_keys = KeysRead::All();
  KeysRead executor_keys = KeysRead::All();
  KeysRead executors_keys = KeysRead::All();

  bool ok() const { return driver.ok() && executor.ok() && executors.ok(); }
  // Of what the object holds.
  bool ok(Extent extent) const;
};

struct Workload {
  ResourceRef resource;
  Extent extent = Extent::kWhole;
  Labels labels;  // of the object, for policy selectors
  Language language = Language::kJvm;
  std::string spark_version_text;  // as written; empty when unset
  SparkVersions versions;          // resolved (NearestKnown), with the named options where unset
  bool version_known = true;       // false: unset, so every version may run it
  // What is to be said of a version that was named and is none of the known; else kAsNearest.
  UnknownVersion unknown_version = UnknownVersion::kAsNearest;

  // Whether it is made by spark-submit, which checks its arguments before anything is asked for.
  bool by_spark_submit = true;

  SparkConf conf;  // the truth about sizes and settings: every rule reads it and changes only it
  PodExtras driver_extras;
  PodExtras executor_extras;
  Placement driver_placement;
  Placement executor_placement;
  std::vector<OverriddenValue> overridden;
  int64_t claims_per_executor = 0;  // persistent volume claims made for each executor

  // Where the user wrote down for a gang scheduler how many pods of which size start together, in
  // words; empty: nowhere.
  std::string gang;

  // Pods that their templates size, not Spark.
  std::optional<GivenPod> driver_given;    // a server, or a master
  std::optional<GivenPod> executor_given;  // a worker

  // A cluster that stands: masters and workers, whose settings are those of the applications that
  // will come. Its conf holds how many workers there are, and nothing of Spark's.
  bool standing() const { return executor_given.has_value(); }

  DerivedSizes sizes;  // of conf; see Derive

  bool operator==(const Workload& other) const;  // all but `sizes`, which follow
};

// Recomputes workload.sizes from its conf; all of them, or what may have become another since they
// were computed, by a change of these keys alone.
void Derive(Workload& workload);
void Derive(Workload& workload, std::span<const std::string> changed);

// The driver's pod if these were the settings.
Result<PodShape> DriverShapeOf(const Workload& workload, const SparkConf& conf);

// How many workers a standing cluster has: at first, and the bounds between which its autoscaler
// works. They are no settings of Spark's, but changed like them.
inline constexpr std::string_view kInitWorkersKey = "cluster.initWorkers";
inline constexpr std::string_view kMinWorkersKey = "cluster.minWorkers";
inline constexpr std::string_view kMaxWorkersKey = "cluster.maxWorkers";

// The executors that Spark will ask for, or the workers. Fails as Spark's config entries do.
Result<ExecutorCount> CountExecutors(const SparkConf& conf, SparkVersion version);

// What the whole pod asks of a node: Spark's container with its sidecars, or its init containers
// where those are larger.
ByteSize PodMemory(const PodShape& shape, const PodExtras& extras);
MilliCpu PodCpu(const PodShape& shape, const PodExtras& extras);

}  // namespace ballast::policy
