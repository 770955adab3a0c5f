#include "policy/recommend.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "policy/executor_scale.h"
#include "policy/executor_settings.h"
#include "policy/spark_profile.h"
#include "policy/spark_size.h"

namespace ballast::policy {
namespace {

// Above it the JVM's references double in size.
constexpr ByteSize kCompressedHeap = Gibibytes(32);
// More threads in one JVM contend for it.
constexpr int64_t kUsualCores = 5;
constexpr double kAsGood = 0.01;
// Shares of memory and cores that are as close as this leave little of either.
constexpr double kAbout = 0.1;
// No machine has more.
constexpr int64_t kMostCores = 4096;

double Share(double part, double whole) { return whole <= 0 ? 0 : part / whole; }

int64_t PartOf(int64_t heap, double factor) {
  return static_cast<int64_t>(factor * static_cast<double>(heap));
}

// In MiB, of a heap in MiB. Never falls where the heap rises.
int64_t OverheadOf(int64_t heap, const RecommendOptions& options) {
  int64_t overhead = PartOf(heap, options.overhead_factor);
  if (options.chosen_overhead) {
    const int64_t own_heap = options.chosen_overhead->heap.mebibytes();
    const int64_t own = options.chosen_overhead->overhead.mebibytes();
    const double factor = Share(static_cast<double>(own), static_cast<double>(own_heap));
    overhead = heap <= own_heap
                   ? PartOf(heap, factor)
                   : std::max(own, PartOf(heap, std::min(factor, options.overhead_factor)));
  }
  return std::max(overhead, kLeastOverhead.mebibytes());
}

// The largest heap that has room beside its overhead; may be negative.
int64_t HeapIn(int64_t room, const RecommendOptions& options) {
  int64_t least = std::min<int64_t>(0, room);
  int64_t most = std::max<int64_t>(0, room);
  while (least < most) {
    const int64_t heap = least + (most - least + 1) / 2;
    if (heap + OverheadOf(heap, options) <= room) {
      least = heap;
    } else {
      most = heap - 1;
    }
  }
  return least;
}

// Heap and overhead that fill `memory`; nullopt where no heap that Spark starts with is left.
std::optional<PodShape> Fill(ByteSize memory, int64_t cores, MilliCpu cpu,
                             const RecommendOptions& options) {
  PodShape shape;
  shape.off_heap = options.off_heap;
  shape.pyspark = options.pyspark;
  const int64_t room = (memory - shape.memory()).mebibytes();
  int64_t heap = HeapIn(room, options);
  const ShapeLimits& limits = options.limits;
  if (limits.heap.max) heap = std::min(heap, limits.heap.max->mebibytes());
  if (heap < kLeastHeap.mebibytes()) return std::nullopt;
  if (limits.heap.min && Mebibytes(heap) < *limits.heap.min) return std::nullopt;
  shape.heap = Mebibytes(heap);
  shape.overhead = Mebibytes(OverheadOf(heap, options));
  // What rounding left goes beside the heap, unless the policy made the heap smaller.
  const int64_t left = room - (shape.heap + shape.overhead).mebibytes();
  if (left > 0 && left < 16) shape.overhead += Mebibytes(left);
  shape.cpu = cpu;
  shape.slots = SaturatingMultiply(cores, 1'000'000'000) / options.task_cpus_billionths;
  if (shape.slots < 1) return std::nullopt;
  return shape;
}

// What one shape makes of the ready nodes, with one driver on the first that it fits and as many
// executors as fit beside it, but `most`.
ShapeOption Judge(const std::vector<EligibleNodes::Group>& groups, const PodShape& shape,
                  int64_t cores, const RecommendOptions& options,
                  int64_t most = std::numeric_limits<int64_t>::max()) {
  const ByteSize memory = PodMemory(shape, options.executor_extras);
  const MilliCpu cpu = PodCpu(shape, options.executor_extras);
  ShapeOption option;
  option.shape = shape;
  option.cores = cores;
  ByteSize all_memory;
  MilliCpu all_cpu;
  for (const EligibleNodes::Group& group : groups) {
    if (group.ready <= 0) continue;
    const int64_t fits = FitsPerNode(group.room, memory, cpu, options.executor_extras.extended);
    option.per_node = std::max(option.per_node, fits);
    option.executors = SaturatingAdd(option.executors, SaturatingMultiply(fits, group.ready));
    all_memory += group.room.memory * group.ready;
    all_cpu += group.room.cpu * group.ready;
  }
  const auto driver =
      DriverCosts(groups, options.driver, options.driver_extras, shape, options.executor_extras);
  option.executors -= driver.value_or(0);
  option.executors = std::min(option.executors, most);
  option.stranded_memory = all_memory - memory * option.executors;
  option.stranded_cpu = all_cpu - cpu * option.executors;
  if (driver) {
    option.stranded_memory -= PodMemory(options.driver, options.driver_extras);
    option.stranded_cpu -= PodCpu(options.driver, options.driver_extras);
  }
  option.waste = (Share(static_cast<double>(option.stranded_memory.bytes()),
                        static_cast<double>(all_memory.bytes())) +
                  Share(static_cast<double>(option.stranded_cpu.millis()),
                        static_cast<double>(all_cpu.millis()))) /
                 2;
  return option;
}

// Of what fits, what the policy lets one application have.
void KeepWithin(ShapeOption& option, const EligibleNodes& nodes, const RecommendOptions& options) {
  const AllowedExecutors allowed =
      MostAllowed(options.application, nodes, options.driver, options.driver_extras, option.shape,
                  options.executor_extras);
  option.proposed = std::min(option.executors, allowed.executors);
  if (option.proposed < option.executors) option.because = allowed.because;
}

// The largest executor on so many cores that fills this node together with its likes, of which each
// requests `cpu`.
std::optional<PodShape> ShapeFor(const Resources& room, int64_t cores, MilliCpu cpu,
                                 const RecommendOptions& options) {
  const int64_t each = (cpu + options.executor_extras.sidecar_cpu).millis();
  const int64_t per_node = std::min(room.cpu.millis() / std::max<int64_t>(1, each), room.pods);
  if (per_node < 1) return std::nullopt;
  ByteSize memory = Bytes(room.memory.bytes() / per_node) - options.executor_extras.sidecar_memory;
  if (options.limits.memory.max) memory = std::min(memory, *options.limits.memory.max);
  return Fill(memory, cores, cpu, options);
}

bool Usual(const ShapeOption& option) {
  return option.cores <= kUsualCores && option.shape.heap < kCompressedHeap;
}

size_t Best(const std::vector<ShapeOption>& options) {
  size_t least = 0;
  for (size_t i = 1; i < options.size(); ++i) {
    if (options[i].waste < options[least].waste) least = i;
  }
  size_t best = least;
  for (size_t i = 0; i < options.size(); ++i) {
    if (options[i].waste > options[least].waste + kAsGood) continue;
    const bool better = Usual(options[i]) != Usual(options[best])
                            ? Usual(options[i])
                            : Usual(options[i]) && options[i].cores > options[best].cores;
    if (better) best = i;
  }
  return best;
}

}  // namespace

RecommendOptions OptionsFor(const Workload& workload) {
  RecommendOptions options;
  const PodShape& executor = *workload.sizes.executor;
  options.overhead_factor = DefaultOverheadFactor(workload.language);
  const auto profile = ReadExecutorProfile(workload.conf, workload.versions.runtime);
  if (profile.ok()) {
    options.task_cpus_billionths = std::max<int64_t>(1, profile->task_cpus_billionths);
  }
  // One that Spark computed tells its factor, but where it is the least.
  const bool computed = profile.ok() && !profile->overhead_mib;
  if (!computed) {
    options.chosen_overhead = {executor.heap, executor.overhead};
  } else if (executor.overhead > kLeastOverhead) {
    options.overhead_factor = Share(static_cast<double>(executor.overhead.bytes()),
                                    static_cast<double>(executor.heap.bytes()));
  }
  options.off_heap = executor.off_heap;
  options.pyspark = executor.pyspark;
  options.driver = *workload.sizes.driver;
  options.driver_extras = workload.driver_extras;
  options.executor_extras = workload.executor_extras;
  return options;
}

std::vector<ClassRecommendation> Recommend(const EligibleNodes& nodes,
                                           const RecommendOptions& options) {
  std::vector<ClassRecommendation> classes;
  for (const EligibleNodes::Group& group : nodes.groups) {
    ClassRecommendation recommendation;
    recommendation.name = group.name;
    recommendation.declared = group.declared;
    recommendation.nodes = group.ready;
    recommendation.left_out = group.count - group.ready;
    recommendation.room = group.room;
    if (group.ready <= 0) {
      classes.push_back(std::move(recommendation));
      continue;
    }
    const Range<MilliCpu>& cores = options.limits.cores;
    const int64_t most = std::min(
        kMostCores, std::min(group.room.cpu, cores.max.value_or(group.room.cpu)).millis() / 1000);
    for (int64_t c = 1; c <= most; ++c) {
      if (cores.min && policy::Cores(c) < *cores.min) continue;
      const auto shape = ShapeFor(group.room, c, policy::Cores(c), options);
      if (!shape) continue;
      ShapeOption option = Judge({group}, *shape, c, options);
      KeepWithin(option, nodes, options);
      if (option.executors > 0 && option.proposed < 1) continue;
      recommendation.options.push_back(std::move(option));
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
          {"spark.executor.cores", std::to_string(option.cores)},
          {std::string(kInstancesKey), std::to_string(option.proposed)}};
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

// What is asked for now.
struct Own {
  const PodShape& shape;
  int64_t cores;
  int64_t executors;
};

// The numbers of cores that are worth a look; one that a setting tells apart from the pod's request
// stays.
std::vector<int64_t> CoresToTry(const Own& own) {
  std::vector<int64_t> tried = {own.cores};
  if (own.shape.cpu != Cores(own.cores)) return tried;
  for (int64_t cores = 1; cores <= kUsualCores; ++cores) {
    if (cores != own.cores) tried.push_back(cores);
  }
  return tried;
}

// Executors of this shape with the task slots of what is asked for now, or with its memory.
int64_t Wanted(const Own& own, const PodShape& shape, const PodExtras& extras) {
  const int64_t slots = SaturatingMultiply(own.executors, std::max<int64_t>(1, own.shape.slots));
  const int64_t by_slots = (slots - 1) / std::max<int64_t>(1, shape.slots) + 1;
  const ByteSize memory = PodMemory(own.shape, extras) * own.executors;
  return std::max(by_slots,
                  memory.bytes() / std::max<int64_t>(1, PodMemory(shape, extras).bytes()));
}

// Of each number of cores the shape that wastes least of all nodes, of those that fill a node of
// some group.
std::vector<ShapeOption> ShapesToTry(const EligibleNodes& nodes, const Own& own,
                                     const RecommendOptions& options) {
  std::vector<ShapeOption> shapes;
  for (const int64_t cores : CoresToTry(own)) {
    const MilliCpu cpu = cores == own.cores ? own.shape.cpu : Cores(cores);
    std::optional<ShapeOption> best;
    for (const EligibleNodes::Group& group : nodes.groups) {
      if (group.ready <= 0) continue;
      const auto shape = ShapeFor(group.room, cores, cpu, options);
      if (!shape) continue;
      ShapeOption option = Judge(nodes.groups, *shape, cores, options);
      KeepWithin(option, nodes, options);
      if (option.proposed > 0 && (!best || option.waste < best->waste)) best = option;
    }
    if (best) shapes.push_back(*std::move(best));
  }
  return shapes;
}

// `most`: no more executors than have the task slots, or take the memory, that are asked for now.
std::optional<ShapeOption> Better(const EligibleNodes& nodes, const Own& own,
                                  const RecommendOptions& options, bool most) {
  const std::vector<ShapeOption> shapes = ShapesToTry(nodes, own, options);
  if (shapes.empty()) return std::nullopt;
  const ShapeOption* best = &shapes[Best(shapes)];
  // Of its own cores, which are tried first, unless they waste more.
  if (shapes[0].cores == own.cores && shapes[0].waste <= best->waste + kAsGood) best = &shapes[0];
  const double waste = Judge(nodes.groups, own.shape, own.cores, options).waste;
  if (best->waste + kAsGood >= waste) return std::nullopt;
  if (!most) return *best;
  ShapeOption wanted = Judge(nodes.groups, best->shape, best->cores, options,
                             Wanted(own, best->shape, options.executor_extras));
  KeepWithin(wanted, nodes, options);
  return wanted;
}

}  // namespace

bool WorkloadFit::good() const {
  return placed == executors && std::abs(memory_share() - cpu_share()) < kAbout;
}

std::optional<WorkloadFit> FitWorkload(const EligibleNodes& nodes, const Workload& workload,
                                       const ApplicationLimits& limits) {
  if (!nodes.known() || nodes.groups.empty() || !workload.sizes.ok()) return std::nullopt;
  const PodShape& driver = *workload.sizes.driver;
  const PodShape& executor = *workload.sizes.executor;
  const ByteSize memory = PodMemory(executor, workload.executor_extras);
  const MilliCpu cpu = PodCpu(executor, workload.executor_extras);
  WorkloadFit fit;
  fit.executors = workload.sizes.executors->most();
  fit.placement = ReportPlacement(nodes, workload);
  fit.allowed = MostAllowed(limits, nodes, driver, workload.driver_extras, executor,
                            workload.executor_extras);
  if (fit.executors >= kMostExecutors) fit.executors = fit.placement.placeable;
  fit.placed = std::min(fit.executors, fit.placement.placeable);
  fit.asked_memory = memory * fit.executors + PodMemory(driver, workload.driver_extras);
  fit.asked_cpu = cpu * fit.executors + PodCpu(driver, workload.driver_extras);
  fit.cluster_memory = nodes.memory();
  fit.cluster_cpu = nodes.cpu();
  fit.memory_per_core = PerCore(memory, cpu);
  fit.cluster_memory_per_core = PerCore(fit.cluster_memory, fit.cluster_cpu);
  fit.heap_per_slot = Bytes(executor.heap.bytes() / std::max<int64_t>(1, executor.slots));

  // What a worker should be is for its applications to say.
  if (workload.standing() || fit.good()) return fit;

  RecommendOptions options = OptionsFor(workload);
  options.application = limits;
  const auto profile = ReadExecutorProfile(workload.conf, workload.versions.runtime);
  const int64_t cores =
      profile.ok() ? profile->cores : std::max<int64_t>(1, executor.cpu.cores_ceil());
  const bool all_placed = fit.placed == fit.executors;
  fit.better = Better(nodes, {executor, cores, fit.executors}, options, all_placed);
  if (fit.better) {
    const PodShape& shape = fit.better->shape;
    fit.better_heap_per_slot = Bytes(shape.heap.bytes() / std::max<int64_t>(1, shape.slots));
  }
  return fit;
}

}  // namespace ballast::policy
