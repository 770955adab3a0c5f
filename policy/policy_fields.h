// One table of every field of a policy: where it is written, what it takes, where it is kept, what
// holds without it and who reads it. The YAML reader, the layering, `policy show` and the printed
// schema walk this table, so a field is one row.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "policy/policy.h"

namespace ballast::policy {

// What may be written there. The grammar of each scalar type is in policy_values.h.
enum class FieldType {
  kPolicyMode,      // Enforce, Warn, Audit
  kPriority,        // any whole number
  kSelector,        // a Kubernetes label selector
  kLabels,          // a map of labels
  kTolerations,     // a list of Kubernetes tolerations
  kSidecars,        // {memory, cpu}
  kReserve,         // {cpu, memory, percent}
  kNodePools,       // a list of {name, count, allocatable, labels, taints}
  kCapacitySource,  // Cluster, NodePools, Both
  kSparkSize,       // as Spark writes it: 28g
  kMemory,          // as Kubernetes writes it: 48Gi
  kMemoryPerCore,   // either of the two: 7g or 7Gi
  kCpu,             // as Kubernetes writes it: 4, 500m
  kCount,           // a whole number from 1 on
  kMebibytes,       // a bare number of MiB, as spark.rpc.message.maxSize takes it
  kShare,           // 80 %, over 0 and at most 100 %
  kFraction,        // 0.6, from 0 to 1
  kFactor,          // 0.1, from 0 to 100
  kTime,            // as Spark writes it: 120s
  kDuration,        // the same, in days as a rule: 30d
  kBoolean,         // true, false
  kOverheadScope,   // Computed, All
  kSerializer,      // Any, Kryo
  kRewriteAt,       // Resource, Submission, Auto
  kRuleModes,       // a map of rule ids to Enforce, Warn, Off
  kRuleIds,         // a list of rule ids
  kSettings,        // a list of rows, one a setting
};

// A place inside a Policy, to write and to read.
template <typename T>
struct Access {
  T& (*of)(Policy&);
  const T& (*in)(const Policy&);
};

using FieldAccess =
    std::variant<Access<std::optional<PolicyMode>>, Access<int64_t>, Access<LabelSelector>,
                 Access<std::optional<LabelSelector>>, Access<std::optional<Labels>>,
                 Access<std::optional<std::vector<Toleration>>>, Access<std::optional<PodExtras>>,
                 Access<std::optional<Reserve>>, Access<std::optional<std::vector<NodeClass>>>,
                 Access<std::optional<CapacitySource>>, Access<std::optional<ByteSize>>,
                 Access<std::optional<MilliCpu>>, Access<std::optional<int64_t>>,
                 Access<std::optional<double>>, Access<std::optional<bool>>,
                 Access<std::optional<OverheadScope>>, Access<std::optional<SerializerChoice>>,
                 Access<std::optional<RewriteAt>>, Access<std::optional<std::vector<std::string>>>,
                 Access<std::map<std::string, Mode, std::less<>>>,
                 Access<std::map<std::string, SettingRule, std::less<>>>>;

struct PolicyField {
  std::string_view path;  // under spec: "limits.executor.heap.max"
  FieldType type;
  FieldAccess access;
  std::string_view without;  // what holds when no policy sets it, as it would be written; or "none"
  std::string_view comment;  // a sentence for the user
  std::string_view readers;  // ids of rules, or of kPolicyParts, separated by one space
};

// All fields in the order in which a policy is written.
std::span<const PolicyField> PolicyFields();
// nullptr where there is no such field.
const PolicyField* FindPolicyField(std::string_view path);

// What reads a policy besides rules: the layering itself, the exceptions, the choice of nodes, the
// split's search, and the place where a rewrite is made.
inline constexpr std::string_view kPolicyParts[] = {"layers", "exceptions", "capacity", "split",
                                                    "rewrite"};

// Whether the policy says something there. Of a map or a selector: whether it is not empty.
bool IsSet(const PolicyField& field, const Policy& policy);
// Copies what `from` says there, said or not. Maps are replaced as a whole.
void CopyField(const PolicyField& field, const Policy& from, Policy& to);

}  // namespace ballast::policy
