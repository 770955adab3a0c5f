// One policy, and the effective one that several make together. A value; shared as a snapshot.
//
// The name, type, default and meaning of every field stand in the table of policy_fields.h, which
// the YAML reader, the layering and `policy show` walk. A field that is left out does not limit.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/capacity.h"
#include "policy/labels.h"
#include "policy/units.h"
#include "policy/workload.h"

namespace ballast::policy {

enum class PolicyMode { kEnforce, kWarn, kAudit };
enum class Mode { kOff, kWarn, kEnforce };  // of a rule; ordered from weak to strong
// "Enforce", "Warn", "Audit"; "Off", "Warn", "Enforce".
std::string_view Name(PolicyMode mode);
std::string_view Name(Mode mode);

template <typename T>
struct Range {
  std::optional<T> min;
  std::optional<T> max;

  bool operator==(const Range&) const = default;
};

struct ShapeLimits {
  Range<ByteSize> heap;
  Range<ByteSize> memory;  // of the pod
  Range<MilliCpu> cores;

  bool operator==(const ShapeLimits&) const = default;
};

enum class OverheadScope { kComputed, kAll };
struct OverheadLimits {
  std::optional<double> min;          // a factor of heap, JVM
  std::optional<double> min_non_jvm;  // Python and R, unless PySpark memory is set
  std::optional<OverheadScope> apply_to;

  bool operator==(const OverheadLimits&) const = default;
};

struct OffHeapLimits {
  Range<ByteSize> size;
  std::optional<ByteSize> heap_ceiling;  // GC: a larger heap is told about
  std::optional<bool> move_rest;         // and what is above the ceiling goes off-heap

  bool operator==(const OffHeapLimits&) const = default;
};

struct ExecutorLimits : ShapeLimits {
  OverheadLimits overhead_factor;
  OffHeapLimits off_heap;
  Range<ByteSize> memory_per_core;

  bool operator==(const ExecutorLimits&) const = default;
};

struct ApplicationLimits {
  std::optional<double> memory_share;  // 0..1 of the eligible nodes' memory
  std::optional<double> cpu_share;
  std::optional<double> pod_share;
  Range<int64_t> executors;

  bool operator==(const ApplicationLimits&) const = default;
};

enum class SerializerChoice { kAny, kKryo };
struct SerializerLimits {
  std::optional<SerializerChoice> require;
  std::optional<bool> registration_required;
  std::optional<bool> unsafe;
  std::optional<bool> reference_tracking;
  Range<int64_t> object_stream_reset;

  bool operator==(const SerializerLimits&) const = default;
};

struct ParallelismLimits {
  Range<int64_t> shuffle_partitions;
  Range<ByteSize> max_partition_bytes;
  std::optional<ByteSize> broadcast_threshold;  // of autoBroadcastJoinThreshold
  std::optional<double> broadcast_heap_share;   // 0..1 of executor heap

  bool operator==(const ParallelismLimits&) const = default;
};

struct Limits {
  ShapeLimits driver;
  ExecutorLimits executor;
  ApplicationLimits application;
  std::optional<ByteSize> kryo_buffer_max;
  std::optional<double> kryo_heap_share;  // 0..1 of heap per task slot
  Range<double> memory_fraction;
  Range<double> storage_fraction;
  SerializerLimits serializer;
  std::optional<int64_t> rpc_message_max;  // MiB
  std::optional<ByteSize> direct_result_max;
  std::optional<double> result_heap_share;  // 0..1 of the driver's heap
  Range<int64_t> network_timeout;           // ms
  Range<int64_t> rpc_ask_timeout;           // ms
  ParallelismLimits parallelism;
  std::optional<double> stranded_share;  // 0..1: how much may be stranded before it is told

  bool operator==(const Limits&) const = default;
};

struct SplitLimits {
  std::optional<ByteSize> min_heap;
  std::optional<int64_t> min_cores;
  std::optional<int64_t> max_factor;

  bool operator==(const SplitLimits&) const = default;
};

enum class CapacitySource { kCluster, kNodePools, kBoth };
struct CapacityOptions {
  std::optional<CapacitySource> source;
  std::optional<Reserve> reserve;
  std::optional<std::vector<NodeClass>> node_pools;
  // What others add to the pods later (another webhook, the namespace's defaults).
  std::optional<Labels> assume_node_selector;
  std::optional<std::vector<Toleration>> assume_tolerations;
  std::optional<PodExtras> assume_sidecars;
  std::optional<LabelSelector> exclude;  // nodes that never count

  bool operator==(const CapacityOptions&) const = default;
};

// One row of the operator's own list of settings.
struct SettingRule {
  enum class Type { kSize, kTime, kNumber, kBoolean, kText };
  std::string key;
  Type type = Type::kText;
  std::string min, max;              // as written, in the type's grammar; empty: none
  std::vector<std::string> allowed;  // empty: any
  std::string default_value;         // set where the application says nothing; empty: none
  bool required = false;
  bool forbidden = false;

  bool operator==(const SettingRule&) const = default;
};

enum class RewriteAt { kAuto, kResource, kSubmission };

struct ExceptionRights {
  std::optional<LabelSelector> namespace_selector;  // which namespaces may hold exceptions
  std::optional<std::vector<std::string>> rules;    // which rules they may lift
  std::optional<int64_t> max_duration_seconds;

  bool operator==(const ExceptionRights&) const = default;
};

struct Policy {
  std::string name;
  int64_t generation = 0;          // metadata.generation; 0 for a file
  std::optional<PolicyMode> mode;  // left out: Enforce
  int64_t priority = 0;            // the higher one decides; among equals the name that sorts first
  LabelSelector namespace_selector;
  LabelSelector object_selector;

  CapacityOptions capacity;
  Limits limits;
  SplitLimits split;
  std::optional<RewriteAt> rewrite_at;
  std::map<std::string, Mode, std::less<>> rules;            // id -> mode
  std::map<std::string, SettingRule, std::less<>> settings;  // by key
  ExceptionRights exceptions;

  bool operator==(const Policy&) const = default;
};

// SparkPolicyException: lifts rules for some objects of its namespace until a date.
struct PolicyException {
  std::string name;
  std::string namespace_name;
  std::vector<std::string> rules;
  LabelSelector object_selector;
  std::string reason;
  std::string requester;
  int64_t created_seconds = 0;  // Unix time; 0: not known (a file says nothing of it)
  int64_t expires_seconds = 0;  // it lifts nothing from this second on

  bool operator==(const PolicyException&) const = default;
};

// The built-in policy that stands behind all: facts are enforced, opinions warn. Every rule has its
// default mode here (rule_defaults.h), and every field that rules need a value of has one; nothing
// limits. The law of it: a job whose pods run on this cluster today is admitted unchanged.
const Policy& BuiltInPolicy();
// The name of the built-in policy where one is asked for: "built-in".
inline constexpr std::string_view kBuiltInName = "built-in";

}  // namespace ballast::policy
