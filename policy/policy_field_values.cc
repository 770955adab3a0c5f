// Reads and prints one field of a policy by its type (policy_values.h).
#include <cassert>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>

#include "policy/policy_values.h"
#include "policy/quantity.h"
#include "policy/spark_size.h"

namespace ballast::policy {
namespace {

template <typename T>
using Choices = std::span<const std::pair<std::string_view, T>>;

constexpr std::pair<std::string_view, PolicyMode> kPolicyModes[] = {
    {"Enforce", PolicyMode::kEnforce}, {"Warn", PolicyMode::kWarn}, {"Audit", PolicyMode::kAudit}};
constexpr std::pair<std::string_view, CapacitySource> kSources[] = {
    {"Cluster", CapacitySource::kCluster},
    {"NodePools", CapacitySource::kNodePools},
    {"Both", CapacitySource::kBoth}};
constexpr std::pair<std::string_view, OverheadScope> kScopes[] = {
    {"Computed", OverheadScope::kComputed}, {"All", OverheadScope::kAll}};
constexpr std::pair<std::string_view, SerializerChoice> kSerializers[] = {
    {"Any", SerializerChoice::kAny}, {"Kryo", SerializerChoice::kKryo}};
constexpr std::pair<std::string_view, RewriteAt> kRewriteAts[] = {
    {"Resource", RewriteAt::kResource},
    {"Submission", RewriteAt::kSubmission},
    {"Auto", RewriteAt::kAuto}};

Choices<PolicyMode> ChoicesOf(PolicyMode) { return kPolicyModes; }
Choices<CapacitySource> ChoicesOf(CapacitySource) { return kSources; }
Choices<OverheadScope> ChoicesOf(OverheadScope) { return kScopes; }
Choices<SerializerChoice> ChoicesOf(SerializerChoice) { return kSerializers; }
Choices<RewriteAt> ChoicesOf(RewriteAt) { return kRewriteAts; }

template <typename T>
Result<T> ReadChoice(std::string_view text) {
  std::string names;
  const Choices<T> choices = ChoicesOf(T{});
  for (size_t i = 0; i < choices.size(); ++i) {
    if (choices[i].first == text) return choices[i].second;
    if (i > 0) names += i + 1 == choices.size() ? " or " : ", ";
    names += choices[i].first;
  }
  return Error{"", "'" + std::string(text) + "' is not known here; write " + names};
}

Result<ByteSize> ReadMemoryPerCore(std::string_view text) {
  if (Result<ByteSize> spark = ReadSparkSize(text); spark.ok()) return spark;
  if (Result<ByteSize> quantity = ReadMemory(text); quantity.ok()) return quantity;
  return Error{"", "'" + std::string(text) + "' is no size; write 7g or 7Gi"};
}

constexpr int64_t kMostCount = std::numeric_limits<int32_t>::max();  // Spark counts in Int

Result<ByteSize> Read(FieldType type, std::string_view text, ByteSize) {
  if (type == FieldType::kMemory) return ReadMemory(text);
  if (type == FieldType::kMemoryPerCore) return ReadMemoryPerCore(text);
  return ReadSparkSize(text);
}
Result<MilliCpu> Read(FieldType, std::string_view text, MilliCpu) { return ReadCpu(text); }
Result<int64_t> Read(FieldType type, std::string_view text, int64_t) {
  switch (type) {
    case FieldType::kPriority:
      return ReadWhole(text, -kMostCount, kMostCount);
    case FieldType::kMebibytes:
      if (const Result<ByteSize> size = ReadSparkSize(text); size.ok()) {
        return Error{"", "'" + std::string(text) +
                             "' has a unit; write a bare number of MiB, as Spark takes it: " +
                             std::to_string(size->mebibytes_ceil())};
      }
      return ReadWhole(text, 1, 2047);
    case FieldType::kTime:
      return ReadTime(text);
    case FieldType::kDuration:
      return ReadDuration(text);
    default:
      return ReadWhole(text, 1, kMostCount);
  }
}
Result<double> Read(FieldType type, std::string_view text, double) {
  if (type == FieldType::kShare) return ReadShare(text);
  return ReadNumber(text, type == FieldType::kFraction ? 1 : 100);
}
Result<bool> Read(FieldType, std::string_view text, bool) { return ReadTruth(text); }
template <typename T>
requires std::is_enum_v<T> Result<T> Read(FieldType, std::string_view text, T) {
  return ReadChoice<T>(text);
}

std::string Print(FieldType type, ByteSize size) {
  return type == FieldType::kMemory ? PrintMemoryQuantity(size) : PrintExactSparkSize(size);
}
std::string Print(FieldType, MilliCpu cpu) { return PrintCpuQuantity(cpu); }
std::string Print(FieldType type, int64_t number) {
  if (type == FieldType::kTime) return PrintSparkTime(number);
  if (type == FieldType::kDuration) return PrintDuration(number);
  return std::to_string(number);
}
std::string Print(FieldType type, double number) {
  return type == FieldType::kShare ? PrintShare(number) : PrintNumber(number);
}
std::string Print(FieldType, bool truth) { return truth ? "true" : "false"; }
template <typename T>
requires std::is_enum_v<T> std::string Print(FieldType, T value) {
  for (const auto& [name, choice] : ChoicesOf(value)) {
    if (choice == value) return std::string(name);
  }
  return "";
}

// The type of a scalar field's value; void where the field is a map or a list.
template <typename T>
struct ScalarOf {
  using Type = void;
};
template <typename T>
requires(std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, ByteSize> ||
         std::is_same_v<T, MilliCpu>) struct ScalarOf<std::optional<T>> {
  using Type = T;
};
template <>
struct ScalarOf<int64_t> {
  using Type = int64_t;
};

}  // namespace

bool IsScalar(FieldType type) {
  switch (type) {
    case FieldType::kSelector:
    case FieldType::kLabels:
    case FieldType::kTolerations:
    case FieldType::kSidecars:
    case FieldType::kReserve:
    case FieldType::kNodePools:
    case FieldType::kRuleModes:
    case FieldType::kRuleIds:
    case FieldType::kSettings:
      return false;
    default:
      return true;
  }
}

Result<bool> ReadField(const PolicyField& field, std::string_view text, Policy& policy) {
  return std::visit(
      [&]<typename Place>(const Access<Place>& access) -> Result<bool> {
        using T = typename ScalarOf<Place>::Type;
        if constexpr (!std::is_void_v<T>) {
          const Result<T> value = Read(field.type, text, T{});
          if (!value.ok()) return value.error();
          access.of(policy) = *value;
          return true;
        }
        assert(false);
        return true;
      },
      field.access);
}

std::optional<std::string> PrintField(const PolicyField& field, const Policy& policy) {
  return std::visit(
      [&]<typename Place>(const Access<Place>& access) -> std::optional<std::string> {
        using T = typename ScalarOf<Place>::Type;
        if constexpr (std::is_same_v<Place, int64_t>) {
          return Print(field.type, access.in(policy));
        } else if constexpr (!std::is_void_v<T>) {
          if (const Place& value = access.in(policy)) return Print(field.type, *value);
        }
        return std::nullopt;
      },
      field.access);
}

std::string_view Describe(FieldType type) {
  switch (type) {
    case FieldType::kPolicyMode:
      return "Enforce, Warn or Audit";
    case FieldType::kPriority:
      return "a whole number";
    case FieldType::kSelector:
      return "a label selector: {matchLabels: {...}, matchExpressions: [...]}";
    case FieldType::kLabels:
      return "labels: {key: value}";
    case FieldType::kTolerations:
      return "tolerations: [{key, operator, value, effect}]";
    case FieldType::kSidecars:
      return "{memory: 512Mi, cpu: 100m}";
    case FieldType::kReserve:
      return "{cpu: 500m, memory: 1Gi, percent: 5}";
    case FieldType::kNodePools:
      return "[{name, count, allocatable: {cpu, memory, pods}, labels, taints}]";
    case FieldType::kCapacitySource:
      return "Cluster, NodePools or Both";
    case FieldType::kSparkSize:
      return "a Spark size: 28g";
    case FieldType::kMemory:
      return "a memory quantity: 48Gi";
    case FieldType::kMemoryPerCore:
      return "a size: 7g or 7Gi";
    case FieldType::kCpu:
      return "cores: 4 or 500m";
    case FieldType::kCount:
      return "a whole number from 1 on";
    case FieldType::kMebibytes:
      return "a bare number of MiB: 1024";
    case FieldType::kShare:
      return "a percentage: 80%";
    case FieldType::kFraction:
      return "a number from 0 to 1";
    case FieldType::kFactor:
      return "a number from 0 to 100: 0.1";
    case FieldType::kTime:
      return "a time: 120s";
    case FieldType::kDuration:
      return "a time: 30d";
    case FieldType::kBoolean:
      return "true or false";
    case FieldType::kOverheadScope:
      return "Computed or All";
    case FieldType::kSerializer:
      return "Any or Kryo";
    case FieldType::kRewriteAt:
      return "Resource, Submission or Auto";
    case FieldType::kRuleModes:
      return "{rule: Enforce, Warn or Off}";
    case FieldType::kRuleIds:
      return "[rule, ...]";
    case FieldType::kSettings:
      return "[{key, type, min, max, allowed, default, required, forbidden}]";
  }
  return "";
}

}  // namespace ballast::policy
