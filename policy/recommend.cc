#include "policy/recommend.h"

#include <algorithm>
#include <cmath>

#include "policy/executor_scale.h"
#include "policy/executor_settings.h"
#include "policy/spark_size.h"

namespace ballast::policy {
namespace {

constexpr ByteSize kLeastOverhead = Mebibytes(384);
// Above it the JVM's references double in size.
constexpr ByteSize kCompressedHeap = Gibibytes(32);
// More threads in one JVM contend for it.
constexpr int64_t kUsualCores = 5;
constexpr double kAsGood = 0.01;
// No machine has more.
constexpr int64_t kMostCores = 4096;

double Share(double part, double whole) { return whole <= 0 ? 0 : part / whole; }

// Heap and overhead that fill `memory`; nullopt where no heap that Spark starts with is left.
std::optional<PodShape> Fill(ByteSize memory, int64_t cores, double factor,
                             const ShapeLimits& limits) {
  const int64_t room = memory.mebibytes();
  auto heap = static_cast<int64_t>(std::floor(static_cast<double>(room) / (1 + factor)));
  heap = std::min(heap, room - kLeastOverhead.mebibytes());
  if (limits.heap.max) heap = std::min(heap, limits.heap.max->mebibytes());
  if (heap < kLeastHeap.mebibytes()) return std::nullopt;
  if (limits.heap.min && Mebibytes(heap) < *limits.heap.min) return std::nullopt;
  PodShape shape;
  shape.heap = Mebibytes(heap);
  const auto computed = static_cast<int64_t>(factor * static_cast<double>(heap));
  shape.overhead = std::max(kLeastOverhead, Mebibytes(computed));
  // What rounding left goes beside the heap, unless the policy made the heap smaller.
  const ByteSize left = Mebibytes(room) - shape.memory();
  if (left < Mebibytes(16) && left > ByteSize()) shape.overhead += left;
  shape.cpu = policy::Cores(cores);
  shape.slots = cores;
  return shape;
}

// What one shape makes of the groups, with one driver on the first node that it fits.
ShapeOption Judge(const std::vector<EligibleNodes::Group>& groups, const PodShape& shape,
                  const RecommendOptions& options) {
  const ByteSize memory = PodMemory(shape, options.executor_extras);
  const MilliCpu cpu = PodCpu(shape, options.executor_extras);
  const ByteSize driver_memory = PodMemory(options.driver, options.driver_extras);
  const MilliCpu driver_cpu = PodCpu(options.driver, options.driver_extras);
  ShapeOption option;
  option.shape = shape;
  ByteSize all_memory;
  MilliCpu all_cpu;
  // The driver goes where it costs the fewest executors.
  int64_t driver_costs = -1;
  for (const EligibleNodes::Group& group : groups) {
    const int64_t fits = FitsPerNode(group.room, memory, cpu, options.executor_extras.extended);
    option.per_node = std::max(option.per_node, fits);
    option.executors = SaturatingAdd(option.executors, SaturatingMultiply(fits, group.count));
    all_memory += group.room.memory * group.count;
    all_cpu += group.room.cpu * group.count;
    if (FitsPerNode(group.room, driver_memory, driver_cpu, options.driver_extras.extended) < 1) {
      continue;
    }
    Resources beside = group.room;
    beside.memory -= driver_memory;
    beside.cpu -= driver_cpu;
    beside.pods -= 1;
    const int64_t costs = fits - FitsPerNode(beside, memory, cpu, options.executor_extras.extended);
    if (driver_costs < 0 || costs < driver_costs) driver_costs = costs;
  }
  option.executors -= std::min(option.executors, std::max<int64_t>(driver_costs, 0));
  const bool driver_placed = driver_costs >= 0;
  option.stranded_memory = all_memory - memory * option.executors;
  option.stranded_cpu = all_cpu - cpu * option.executors;
  if (driver_placed) {
    option.stranded_memory -= driver_memory;
    option.stranded_cpu -= driver_cpu;
  }
  option.waste = (Share(static_cast<double>(option.stranded_memory.bytes()),
                        static_cast<double>(all_memory.bytes())) +
                  Share(static_cast<double>(option.stranded_cpu.millis()),
                        static_cast<double>(all_cpu.millis()))) /
                 2;
  return option;
}

// The largest executor on so many cores that fills this node together with its likes.
std::optional<PodShape> ShapeFor(const Resources& room, int64_t cores,
                                 const RecommendOptions& options) {
  const MilliCpu cpu = policy::Cores(cores) + options.executor_extras.sidecar_cpu;
  const int64_t per_node =
      std::min(room.cpu.millis() / std::max<int64_t>(1, cpu.millis()), room.pods);
  if (per_node < 1) return std::nullopt;
  ByteSize memory = Bytes(room.memory.bytes() / per_node) - options.executor_extras.sidecar_memory;
  if (options.limits.memory.max) memory = std::min(memory, *options.limits.memory.max);
  return Fill(memory, cores, options.overhead_factor, options.limits);
}

bool Usual(const ShapeOption& option) {
  return option.shape.slots <= kUsualCores && option.shape.heap < kCompressedHeap;
}

size_t Best(const std::vector<ShapeOption>& options) {
  size_t least = 0;
  for (size_t i = 1; i < options.size(); ++i) {
    if (options[i].waste < options[least].waste) least = i;
  }
  size_t best = least;
  for (size_t i = 0; i < options.size(); ++i) {
    if (options[i].waste > options[least].waste + kAsGood) continue;
    const bool better =
        Usual(options[i]) != Usual(options[best])
            ? Usual(options[i])
            : Usual(options[i]) && options[i].shape.slots > options[best].shape.slots;
    if (better) best = i;
  }
  return best;
}

}  // namespace

std::vector<ClassRecommendation> Recommend(const EligibleNodes& nodes,
                                           const RecommendOptions& options) {
  std::vector<ClassRecommendation> classes;
  for (const EligibleNodes::Group& group : nodes.groups) {
    ClassRecommendation recommendation;
    recommendation.name = group.name;
    recommendation.declared = group.declared;
    recommendation.nodes = group.count;
    recommendation.room = group.room;
    const Range<MilliCpu>& cores = options.limits.cores;
    const int64_t most = std::min(
        kMostCores, std::min(group.room.cpu, cores.max.value_or(group.room.cpu)).millis() / 1000);
    for (int64_t c = 1; c <= most; ++c) {
      if (cores.min && policy::Cores(c) < *cores.min) continue;
      const auto shape = ShapeFor(group.room, c, options);
      if (!shape) continue;
      recommendation.options.push_back(Judge({group}, *shape, options));
    }
    if (!recommendation.options.empty()) recommendation.best = Best(recommendation.options);
    classes.push_back(std::move(recommendation));
  }
  return classes;
}

std::vector<size_t> TellingOptions(const ClassRecommendation& nodes) {
  std::vector<size_t> telling;
  const std::vector<ShapeOption>& options = nodes.options;
  for (size_t i = 0; i < options.size(); ++i) {
    const bool largest = i + 1 == options.size() || options[i + 1].per_node != options[i].per_node;
    if (i == 0 || largest || i == nodes.best) telling.push_back(i);
  }
  return telling;
}

std::vector<std::pair<std::string, std::string>> SettingsOf(const ShapeOption& option) {
  return {{"spark.executor.memory", PrintSparkSize(option.shape.heap)},
          {"spark.executor.memoryOverhead", PrintSparkSize(option.shape.overhead)},
          {"spark.executor.cores", std::to_string(option.shape.slots)},
          {std::string(kInstancesKey), std::to_string(option.executors)}};
}

double WorkloadFit::memory_share() const {
  return Share(static_cast<double>(asked_memory.bytes()),
               static_cast<double>(cluster_memory.bytes()));
}

double WorkloadFit::cpu_share() const {
  return Share(static_cast<double>(asked_cpu.millis()), static_cast<double>(cluster_cpu.millis()));
}

namespace {

ByteSize PerCore(ByteSize memory, MilliCpu cpu) {
  return cpu.millis() <= 0 ? memory : Bytes(MultiplyDivideCeil(memory.bytes(), 1000, cpu.millis()));
}

// The workload's cores with the memory of each group's ratio: the one that wastes least of all.
std::optional<ShapeOption> Better(const EligibleNodes& nodes, const PodShape& shape,
                                  const RecommendOptions& options) {
  const ShapeOption own = Judge(nodes.groups, shape, options);
  std::optional<ShapeOption> better;
  const int64_t cores = std::max<int64_t>(1, shape.cpu.cores_ceil());
  for (const EligibleNodes::Group& group : nodes.groups) {
    const auto other = ShapeFor(group.room, cores, options);
    if (!other) continue;
    const ShapeOption option = Judge(nodes.groups, *other, options);
    if (!better || option.waste < better->waste) better = option;
  }
  if (!better || better->waste + kAsGood >= own.waste) return std::nullopt;
  better->shape.slots = std::max<int64_t>(1, shape.slots);
  return better;
}

}  // namespace

std::optional<WorkloadFit> FitWorkload(const EligibleNodes& nodes, const Workload& workload,
                                       const PodExtras& driver_extras,
                                       const PodExtras& executor_extras) {
  if (!nodes.known() || nodes.groups.empty() || !workload.sizes.ok()) return std::nullopt;
  const PodShape& driver = *workload.sizes.driver;
  const PodShape& executor = *workload.sizes.executor;
  const ByteSize memory = PodMemory(executor, executor_extras);
  const MilliCpu cpu = PodCpu(executor, executor_extras);
  WorkloadFit fit;
  fit.executors = workload.sizes.executors->most();
  fit.placement = ReportPlacement(nodes, executor, executor_extras, fit.executors);
  if (fit.executors >= kMostExecutors) fit.executors = fit.placement.placeable;
  fit.placed = std::min(fit.executors, fit.placement.placeable);
  fit.asked_memory = memory * fit.executors + PodMemory(driver, driver_extras);
  fit.asked_cpu = cpu * fit.executors + PodCpu(driver, driver_extras);
  fit.cluster_memory = nodes.memory();
  fit.cluster_cpu = nodes.cpu();
  fit.memory_per_core = PerCore(memory, cpu);
  fit.cluster_memory_per_core = PerCore(fit.cluster_memory, fit.cluster_cpu);
  const int64_t slots = std::max<int64_t>(1, executor.slots);
  fit.heap_per_slot = Bytes(executor.heap.bytes() / slots);

  // What a worker should be is for its applications to say.
  if (workload.standing()) return fit;

  RecommendOptions options;
  options.driver = driver;
  options.driver_extras = driver_extras;
  options.executor_extras = executor_extras;
  const auto beside = static_cast<double>((executor.memory() - executor.heap).bytes());
  options.overhead_factor = Share(beside, static_cast<double>(executor.heap.bytes()));
  fit.better = Better(nodes, executor, options);
  if (fit.better) {
    fit.better_heap_per_slot = Bytes(fit.better->shape.heap.bytes() / slots);
  }
  return fit;
}

}  // namespace ballast::policy
