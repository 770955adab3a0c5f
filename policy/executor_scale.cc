#include "policy/executor_scale.h"

#include <algorithm>
#include <cmath>

#include "policy/executor_settings.h"
#include "policy/memory_limit.h"
#include "policy/overhead_floor.h"
#include "policy/quantity.h"
#include "policy/spark_settings.h"
#include "policy/spark_size.h"

namespace ballast::policy {
namespace {

constexpr HashedKey kCores = "spark.executor.cores";
constexpr HashedKey kHeap = "spark.executor.memory";
constexpr HashedKey kOverhead = "spark.executor.memoryOverhead";
constexpr HashedKey kOffHeapSize = "spark.memory.offHeap.size";
constexpr HashedKey kPySpark = "spark.executor.pyspark.memory";
constexpr HashedKey kRequest = "spark.kubernetes.executor.request.cores";
constexpr HashedKey kLimit = "spark.kubernetes.executor.limit.cores";
constexpr HashedKey kMemoryLimit = "executor.memoryLimit";
constexpr std::string_view kResource = "spark.executor.resource.";
constexpr int64_t kNano = 1'000'000'000;

// spark.task.cpus in billionths: from 4.3 on it may be a decimal, of nine digits at most.
int64_t TaskNanoCpus(const SparkConf& conf) {
  const auto written = RawSetting(conf, "spark.task.cpus");
  const double cpus = written ? JavaDouble(*written).value_or(1) : 1;
  if (!(cpus > 0 && cpus <= 2147483647)) return kNano;
  return std::max<int64_t>(1, std::llround(cpus * 1e9));
}

void Set(std::vector<SettingChange>& changes, std::string_view key, std::string value) {
  changes.push_back({std::string(key), std::move(value)});
}

}  // namespace

ExecutorScale::ExecutorScale(const Workload& workload, const Context& context)
    : workload_(workload), context_(context) {
  const SparkConf& conf = workload.conf;
  slots_ = std::max<int64_t>(1, workload.sizes.executor->slots);
  const auto cores = RawSetting(conf, kCores);
  cores_ = std::max<int64_t>(1, cores ? JavaInt(*cores).value_or(1) : 1);
  task_nano_cpus_ = TaskNanoCpus(conf);
  for (const auto& [name, count] : context.executor_extras.extended) {
    if (count <= 0) continue;
    const size_t slash = name.find('/');
    std::string key(kResource);
    key.append(name, slash == std::string::npos ? 0 : slash + 1);
    const auto amount = conf.Get(key + ".amount");
    const auto vendor = conf.Get(key + ".vendor");
    const bool ours = amount && JavaLong(*amount).value_or(-1) == count && vendor &&
                      std::string_view(name).substr(0, slash) == *vendor;
    resources_.push_back({name, count, ours ? key + ".amount" : ""});
  }
}

int64_t ExecutorScale::CoresFor(int64_t slots) const {
  return std::max<int64_t>(1, MultiplyDivideCeil(slots, task_nano_cpus_, kNano));
}

int64_t ExecutorScale::Share(int64_t amount, int64_t slots) const {
  return amount <= 0 ? amount : MultiplyDivideCeil(amount, slots, slots_);
}

ScaledExecutor ExecutorScale::Unscaled() const {
  return {slots_,
          cores_,
          *workload_.sizes.executor,
          context_.executor_extras.extended,
          *workload_.sizes.executors,
          {}};
}

void ExecutorScale::ScaleMemory(ScaledExecutor& scaled, ByteSize least_heap) const {
  const PodShape& shape = *workload_.sizes.executor;
  auto mebibytes = [&](ByteSize size) {
    return Mebibytes(Share(size.mebibytes_ceil(), scaled.slots));
  };
  const ByteSize unified = std::max(ByteSize(), shape.heap - kReservedHeap);
  ByteSize heap = kReservedHeap + mebibytes(unified);
  heap = std::max({heap, kLeastHeap, Mebibytes(least_heap.mebibytes_ceil())});
  if (heap != shape.heap) Set(scaled.changes, kHeap, PrintSparkSize(heap));

  const std::string_view overhead = SpellingOf(workload_.conf, kOverhead);
  if (!overhead.empty()) {
    const ByteSize size = std::max(kLeastOverhead, mebibytes(shape.overhead));
    Set(scaled.changes, overhead, PrintSparkSize(size));
  }
  if (shape.off_heap > ByteSize()) {
    ByteSize size = mebibytes(shape.off_heap);
    const auto& least = context_.policy.limits.executor.off_heap.size.min;
    if (least && context_.ModeOf("off-heap") == Mode::kEnforce) {
      size = std::max(size, Mebibytes(least->mebibytes_ceil()));
    }
    Set(scaled.changes, kOffHeapSize, PrintSparkSize(size));
  }
  if (shape.pyspark > ByteSize()) {
    Set(scaled.changes, kPySpark, PrintSparkSize(mebibytes(shape.pyspark)));
  }
}

void ExecutorScale::ScaleCpu(ScaledExecutor& scaled) const {
  const PodShape& shape = *workload_.sizes.executor;
  MilliCpu request = Cores(scaled.cores);
  if (workload_.conf.Has(kRequest)) {
    request = Millis(Share(shape.cpu.millis(), scaled.slots));
    Set(scaled.changes, kRequest, PrintCpuQuantity(request));
  }
  if (shape.cpu_limit) {
    MilliCpu limit = Millis(Share(shape.cpu_limit->millis(), scaled.slots));
    // Whole cores may be more than the share of a limit that is in proportion.
    if (*shape.cpu_limit >= shape.cpu) limit = std::max(limit, request);
    Set(scaled.changes, kLimit, PrintCpuQuantity(limit));
  }
}

bool ExecutorScale::ScaleResources(ScaledExecutor& scaled) const {
  for (const Resource& resource : resources_) {
    const Int128 share = static_cast<Int128>(resource.count) * scaled.slots;
    if (share % slots_ != 0) return false;
    const auto count = static_cast<int64_t>(share / slots_);
    if (count < 1 || (count != resource.count && resource.key.empty())) return false;
    scaled.extended.emplace_back(resource.name, count);
    if (count != resource.count) Set(scaled.changes, resource.key, std::to_string(count));
  }
  return true;
}

std::string ExecutorScale::Indivisible(int64_t slots) const {
  for (const Resource& resource : resources_) {
    const std::string asked = std::to_string(resource.count) + " " + resource.name;
    if (resource.count > 1 && resource.key.empty()) {
      return "its " + asked +
             " stand where Ballast changes nothing (the operator's gpu field, or the pod "
             "template); as spark.executor.resource.*.amount and .vendor they could be divided";
    }
    const Int128 share = static_cast<Int128>(resource.count) * slots;
    if (share % slots_ != 0 || share < slots_) {
      return "it asks for " + asked + ", and each part needs at least a whole one";
    }
  }
  return "";
}

// An overhead that the user wrote keeps the policy's factor of heap where that is enforced for it;
// the heap falls more slowly than the overhead.
void ExecutorScale::RaiseOverhead(ScaledExecutor& scaled, SparkConf& conf) const {
  const OverheadLimits& limits = context_.policy.limits.executor.overhead_factor;
  const std::string_view key = SpellingOf(conf, kOverhead);
  if (key.empty() || limits.apply_to != OverheadScope::kAll) return;
  if (context_.ModeOf("memory-overhead") != Mode::kEnforce) return;
  const OverheadFloor floor = ExecutorOverheadFloor(limits, workload_.language, scaled.shape);
  const ByteSize least = floor.Of(scaled.shape.heap);
  if (!floor.from_policy || scaled.shape.overhead >= least) return;
  for (SettingChange& change : scaled.changes) {
    if (change.key == key) change.value = PrintSparkSize(least);
  }
  conf.Set(key, PrintSparkSize(least));
  scaled.shape.overhead = least;
}

// The API server refuses a limit under the request, which is what Spark computes.
void ExecutorScale::ScaleMemoryLimit(ScaledExecutor& scaled) const {
  const auto written = workload_.conf.Get(kMemoryLimit);
  if (!written) return;
  const auto limit = ParseMemoryLimit(*written);
  if (!limit) return;
  ByteSize size = Mebibytes(Share(limit->mebibytes_ceil(), scaled.slots));
  if (*limit >= workload_.sizes.executor->memory()) size = std::max(size, scaled.shape.memory());
  Set(scaled.changes, kMemoryLimit, PrintSparkSize(size));
}

std::optional<ScaledExecutor> ExecutorScale::To(int64_t slots, int64_t cores,
                                                ByteSize least_heap) const {
  ScaledExecutor scaled;
  scaled.slots = slots;
  scaled.cores = cores;
  if (!ScaleResources(scaled)) return std::nullopt;
  if (cores != cores_) Set(scaled.changes, kCores, std::to_string(cores));
  ScaleMemory(scaled, least_heap);
  ScaleCpu(scaled);

  SparkConf conf = workload_.conf;
  for (const SettingChange& change : scaled.changes) conf.Apply(change);
  auto shape = ExecutorShape(conf, workload_.language, workload_.versions.runtime);
  if (!shape.ok() || shape->slots != slots) return std::nullopt;
  scaled.shape = *shape;
  RaiseOverhead(scaled, conf);
  ScaleMemoryLimit(scaled);

  // What needed n executors of slots_ needs ceil(n * slots_ / slots) of these.
  auto count = [&](int64_t n) {
    if (n <= 0) return n;
    return std::min(kMostExecutors, MultiplyDivideCeil(std::min(n, kMostExecutors), slots_, slots));
  };
  scaled.executors = MapCount(*workload_.sizes.executors, count);
  for (SettingChange& change : MapExecutors(workload_.conf, *workload_.sizes.executors, count)) {
    scaled.changes.push_back(std::move(change));
  }
  return scaled;
}

}  // namespace ballast::policy
