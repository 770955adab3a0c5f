#include "policy/spark_profile.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "policy/java_number.h"
#include "policy/spark_checks.h"
#include "policy/spark_settings_table.h"

namespace ballast::policy {
namespace {

constexpr int64_t kBillion = 1'000'000'000;
constexpr int64_t kMaxInt = std::numeric_limits<int32_t>::max();
constexpr std::string_view kTaskPrefix = "spark.task.resource.";

constexpr std::string_view kCores = "cores";
constexpr std::string_view kCpus = "cpus";

constexpr double kLargestShare = 0.5;  // of one resource that several tasks share

// The names after a prefix, each once: of "spark.task.resource.gpu.amount" the "gpu". A key that
// has nothing after the name is an error.
Result<std::vector<std::string_view>> ResourceNames(const SparkConf& conf,
                                                    std::string_view prefix) {
  std::vector<std::string_view> names;
  std::string_view incomplete;
  conf.ForEachWithPrefix(prefix, [&](std::string_view key, std::string_view) {
    const std::string_view rest = key.substr(prefix.size());
    const size_t dot = rest.find('.');
    if (dot == std::string_view::npos) {
      incomplete = key;
    } else if (names.empty() || names.back() != rest.substr(0, dot)) {
      names.push_back(rest.substr(0, dot));
    }
  });
  if (!incomplete.empty()) {
    return Error{std::string(incomplete), "You must specify an amount config for resource: " +
                                              std::string(incomplete.substr(prefix.size())) +
                                              " config: " + std::string(incomplete)};
  }
  return names;
}

std::string KeyOf(std::string_view prefix, std::string_view name, std::string_view part) {
  std::string key(prefix);
  key += name;
  key += '.';
  key += part;
  return key;
}

Error NoAmount(std::string key, std::string_view name) {
  return Error{std::move(key), "You must specify an amount for " + std::string(name)};
}

Result<std::vector<TaskResource>> ReadTaskResources(const SparkConf& conf, SparkVersion version) {
  const auto names = ResourceNames(conf, kTaskPrefix);
  if (!names.ok()) return names.error();
  std::vector<TaskResource> resources;
  for (const std::string_view name : *names) {
    std::string key = KeyOf(kTaskPrefix, name, "amount");
    const auto text = conf.Get(key);
    if (!text) return NoAmount(std::move(key), name);
    const Result<double> amount = JavaDouble(*text);
    if (!amount.ok()) return Error{std::move(key), amount.error().what};
    if (!(*amount > 0)) continue;                        // not wanted, and neither is NaN
    if (name == kCpus && version >= kDecimalTaskCpus) {  // any number, like spark.task.cpus
      if (!(*amount >= 1e-9 && *amount <= static_cast<double>(kMaxInt))) {
        return Error{std::move(key), "requirement failed: The cpus amount " +
                                         PrintJavaDouble(*amount) +
                                         " must be at least 1e-9 and at most 2147483647."};
      }
      resources.push_back({name, *amount});
      continue;
    }
    const std::string task = version >= SparkVersion{4, 0} ? "task " : "";
    if (!(*amount <= kLargestShare || std::fmod(*amount, 1) == 0)) {
      return Error{std::move(key), "assertion failed: The " + task + "resource amount " +
                                       PrintJavaDouble(*amount) + " must be either <= " +
                                       PrintJavaDouble(kLargestShare) + ", or a whole number."};
    }
    resources.push_back({name, *amount});
  }
  return resources;
}

// A task resource named "cpus" is the task's cpus, before spark.task.cpus.
void TakeTaskCpus(SparkVersion version, ExecutorProfile& profile) {
  const auto cpus = std::ranges::find(profile.task_resources, kCpus, &TaskResource::name);
  if (cpus == profile.task_resources.end()) return;
  profile.task_cpus_billionths = version >= kDecimalTaskCpus
                                     ? std::llround(cpus->amount * static_cast<double>(kBillion))
                                     : ScalaToInt(cpus->amount) * kBillion;
  profile.task_resources.erase(cpus);
}

// The profile keeps sizes as text and reads them again, where a sign is an error.
std::optional<Error> RefuseNegative(const Setting& setting, int64_t mebibytes,
                                    SparkVersion version) {
  if (mebibytes >= 0) return std::nullopt;
  const Result<int64_t> again = ByteStringAs(std::to_string(mebibytes), ByteUnit::kMiB, version);
  return Error{std::string(setting.key), again.error().what};
}

// Off-heap memory in MiB as Utils.executorOffHeapMemorySizeAsMb has it: the size is cut to an Int.
Result<int64_t> OffHeapMebibytes(const SparkConf& conf, SparkVersion version) {
  static constexpr const Setting& kSize = table::At("spark.memory.offHeap.size");
  Result<int64_t> size = ReadInteger(conf, kSize, version);
  if (!size.ok()) return size;
  const Result<bool> enabled =
      ReadBoolean(conf, table::At("spark.memory.offHeap.enabled"), version);
  if (!enabled.ok()) return enabled.error();
  if (!*enabled) return 0;
  const auto mebibytes = static_cast<int32_t>(*size / (1 << 20));
  if (mebibytes > 0) return mebibytes;
  const std::string demand = version >= SparkVersion{4, 3} ? "be at least 1MiB" : "be > 0";
  return Error{std::string(kSize.key), "requirement failed: spark.memory.offHeap.size must " +
                                           demand + " when spark.memory.offHeap.enabled == true"};
}

double TaskCpus(const ExecutorProfile& profile) {
  return static_cast<double>(profile.task_cpus_billionths) / static_cast<double>(kBillion);
}

std::string PrintCpus(int64_t billionths) {
  if (billionths % kBillion == 0) return std::to_string(billionths / kBillion);
  std::string places = std::to_string(kBillion + std::abs(billionths) % kBillion).substr(1);
  places.erase(places.find_last_not_of('0') + 1);
  return std::to_string(billionths / kBillion) + "." + places;
}

// Tasks may not ask for these parts of the executors' profile.
bool IsPartOfProfile(std::string_view name) {
  return name == kCores || name == "memory" || name == "memoryOverhead" || name == "offHeap";
}

// How many tasks the custom resources allow, at most `slots`.
Result<int64_t> SlotsByResources(const ExecutorProfile& profile, int64_t slots) {
  std::vector<TaskResource> unmet = profile.task_resources;
  for (const CustomResource& resource : profile.resources) {
    if (IsPartOfProfile(resource.name)) continue;
    if (resource.name == kCpus) unmet.push_back({kCpus, TaskCpus(profile)});
    const auto task = std::find_if(unmet.begin(), unmet.end(), [&](const TaskResource& one) {
      return one.name == resource.name && one.amount > 0;
    });
    if (task == unmet.end()) continue;
    const double amount = task->amount;
    if (amount > static_cast<double>(resource.amount)) {
      return Error{KeyOf(kExecutorResourcePrefix, resource.name, "amount"),
                   "The executor resource: " + std::string(resource.name) + ", amount: " +
                       std::to_string(resource.amount) + " needs to be >= the task resource " +
                       "request amount of " + PrintJavaDouble(amount)};
    }
    const int64_t parts = amount <= kLargestShare ? ScalaToInt(1.0 / amount) : 1;
    const int64_t each = ScalaToInt(std::ceil(amount));
    slots = std::min<int64_t>(slots, static_cast<int32_t>(resource.amount * parts / each));
    unmet.erase(task);
  }
  if (unmet.empty()) return slots;
  return Error{KeyOf(kExecutorResourcePrefix, unmet.front().name, "amount"),
               "No executor resource configs were specified for the following task configs: " +
                   std::string(unmet.front().name)};
}

}  // namespace

Result<std::vector<CustomResource>> ReadCustomResources(const SparkConf& conf,
                                                        std::string_view prefix) {
  const auto names = ResourceNames(conf, prefix);
  if (!names.ok()) return names.error();
  std::vector<CustomResource> resources;
  for (const std::string_view name : *names) {
    std::string key = KeyOf(prefix, name, "amount");
    const auto text = conf.Get(key);
    if (!text) return NoAmount(std::move(key), name);
    const Result<int64_t> amount = ParseJavaInt(*text);
    if (!amount.ok()) return Error{std::move(key), amount.error().what};
    if (*amount <= 0) continue;
    resources.push_back({name, *amount, conf.Get(KeyOf(prefix, name, "vendor"))});
  }
  return resources;
}

std::optional<Error> MissingVendor(const std::vector<CustomResource>& resources,
                                   std::string_view prefix) {
  for (const CustomResource& resource : resources) {
    if (resource.vendor && (!resource.vendor->empty() || prefix == kDriverResourcePrefix)) continue;
    return Error{KeyOf(prefix, resource.name, "vendor"),
                 "Resource: " + std::string(resource.name) +
                     " was requested, but vendor was not specified."};
  }
  return std::nullopt;
}

Result<ExecutorProfile> ReadExecutorProfile(const SparkConf& conf, SparkVersion version) {
  static constexpr const Setting& kHeap = table::At("spark.executor.memory");
  static constexpr const Setting& kOverhead = table::At("spark.executor.memoryOverhead");
  static constexpr const Setting& kPySpark = table::At("spark.executor.pyspark.memory");
  ExecutorProfile profile;
  const auto task_cpus = ReadInteger(conf, table::At("spark.task.cpus"), version);
  if (!task_cpus.ok()) return task_cpus.error();
  profile.task_cpus_billionths = *task_cpus;
  auto task_resources = ReadTaskResources(conf, version);
  if (!task_resources.ok()) return task_resources.error();
  profile.task_resources = *std::move(task_resources);
  TakeTaskCpus(version, profile);
  const auto cores = ReadInteger(conf, table::At("spark.executor.cores"), version);
  if (!cores.ok()) return cores.error();
  profile.cores = *cores;
  const auto heap = ReadInteger(conf, kHeap, version);
  if (!heap.ok()) return heap.error();
  if (auto error = RefuseNegative(kHeap, *heap, version)) return *std::move(error);
  profile.heap_mib = *heap;
  const auto overhead = ReadOptionalInteger(conf, kOverhead, version);
  if (!overhead.ok()) return overhead.error();
  if (auto error = RefuseNegative(kOverhead, overhead->value_or(0), version)) {
    return *std::move(error);
  }
  profile.overhead_mib = *overhead;
  const auto pyspark = ReadOptionalInteger(conf, kPySpark, version);
  if (!pyspark.ok()) return pyspark.error();
  profile.pyspark_mib = pyspark->value_or(0);
  if (auto error = RefuseNegative(kPySpark, profile.pyspark_mib, version)) {
    return *std::move(error);
  }
  const auto off_heap = OffHeapMebibytes(conf, version);
  if (!off_heap.ok()) return off_heap.error();
  profile.off_heap_mib = *off_heap;
  auto resources = ReadCustomResources(conf, kExecutorResourcePrefix);
  if (!resources.ok()) return resources.error();
  profile.resources = *std::move(resources);
  return profile;
}

int64_t ExecutorProfile::TaskCores() const {
  const auto named = std::ranges::find(resources, kCores, &CustomResource::name);
  return named == resources.end() ? cores : named->amount;
}

Result<int64_t> TaskSlots(const ExecutorProfile& profile) {
  if (profile.task_cpus_billionths <= 0) {
    return Error{"spark.task.cpus", "assertion failed: CPUs per task configuration has to be > 0"};
  }
  const int64_t cores = profile.TaskCores();
  const int64_t slots = SaturatingMultiply(cores, kBillion) / profile.task_cpus_billionths;
  if (SaturatingMultiply(cores, kBillion) < profile.task_cpus_billionths) {
    return Error{"spark.task.cpus", "The number of cores per executor (=" + std::to_string(cores) +
                                        ") has to be >= the number of cpus per task = " +
                                        PrintCpus(profile.task_cpus_billionths) + "."};
  }
  return SlotsByResources(profile, std::min(slots, kMaxInt));
}

}  // namespace ballast::policy
