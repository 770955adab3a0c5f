#include "policy/split.h"

#include <algorithm>
#include <vector>

#include "policy/describe_pod.h"
#include "policy/print_value.h"
#include "policy/quota_check.h"
#include "policy/setting_bounds.h"
#include "policy/spark_settings.h"

namespace ballast::policy {
namespace {

// More slots in one executor are no shape that anybody runs; the search stays short.
constexpr int64_t kMostSlots = 1024;

// What keeps a candidate from being taken.
enum class Misfit {
  kNone,
  kHeap,
  kMemory,
  kCores,
  kNode,
  kQuota,
  kSettings,
  kMinHeap,
  kMinCores,
  kFactor,
  kBroadcast
};

// Which limits bind: those whose rule has at least this mode.
struct Binding {
  bool shape = false;
  bool nodes = false;
  bool quota = false;
};

template <typename T>
bool Outside(const Range<T>& range, T value) {
  return (range.min && value < *range.min) || (range.max && value > *range.max);
}

class Search {
 public:
  Search(const Workload& workload, const Context& context)
      : workload_(workload), context_(context), scale_(workload, context) {
    const auto threshold = workload.conf.Get("spark.sql.autoBroadcastJoinThreshold");
    if (!threshold) return;
    const auto bytes = BytesConf(*threshold, ByteUnit::kByte, workload.versions.runtime);
    if (bytes.ok() && *bytes > 0) least_broadcast_heap_ = Bytes(*bytes) * 4;
  }

  SplitResult Run();

 private:
  Binding BindingOf(Mode weakest) const;
  std::vector<SplitCandidate> Candidates(Binding binding) const;
  std::optional<SplitCandidate> Scaled(int64_t slots, Binding binding) const;
  Misfit LimitMisfit(const SplitCandidate& candidate, Binding binding) const;
  Misfit BoundMisfit(const SplitCandidate& candidate) const;
  bool WithinNamespace(const SplitCandidate& candidate) const;
  void Place(SplitCandidate& candidate) const;
  SplitCandidate Best(std::vector<SplitCandidate> fitting) const;
  std::optional<SplitCandidate> Smallest(Binding binding) const;
  std::string WhyNone(Binding binding) const;

  const Workload& workload_;
  const Context& context_;
  ExecutorScale scale_;
  ByteSize least_broadcast_heap_;
};

Binding Search::BindingOf(Mode weakest) const {
  const bool judged = context_.executor_nodes.known() && !context_.executor_nodes.groups.empty();
  return {context_.ModeOf("executor-shape") >= weakest,
          judged && context_.ModeOf("executor-fits-node") >= weakest,
          context_.space.state != nullptr && context_.ModeOf("namespace-quota") >= weakest};
}

std::optional<SplitCandidate> Search::Scaled(int64_t slots, Binding binding) const {
  SplitCandidate candidate;
  if (slots == scale_.slots()) {
    static_cast<ScaledExecutor&>(candidate) = scale_.Unscaled();
    return candidate;
  }
  const auto& least = context_.policy.limits.executor.heap.min;
  const ByteSize least_heap = binding.shape && least ? *least : ByteSize();
  auto scaled = scale_.To(slots, scale_.CoresFor(slots), least_heap);
  if (!scaled) return std::nullopt;
  static_cast<ScaledExecutor&>(candidate) = std::move(*scaled);
  return candidate;
}

Misfit Search::LimitMisfit(const SplitCandidate& candidate, Binding binding) const {
  const PodShape& shape = candidate.shape;
  if (binding.shape) {
    const ShapeLimits& limits = context_.policy.limits.executor;
    if (Outside(limits.heap, shape.heap)) return Misfit::kHeap;
    if (Outside(limits.memory, shape.memory())) return Misfit::kMemory;
    if (Outside(limits.cores, Cores(candidate.cores))) return Misfit::kCores;
    if (limits.cores.max && shape.cpu > *limits.cores.max) return Misfit::kCores;
  }
  if (binding.nodes) {
    PodExtras extras = context_.executor_extras;
    extras.extended = candidate.extended;
    if (!FitsAnyNode(context_.executor_nodes, shape, extras)) return Misfit::kNode;
  }
  if (binding.quota && !WithinNamespace(candidate)) return Misfit::kQuota;
  if (!candidate.changes.empty() && context_.ModeOf("settings") == Mode::kEnforce) {
    SparkConf conf = workload_.conf;
    for (const SettingChange& change : candidate.changes) conf.Apply(change);
    if (!ExecutorSettingsHold(context_.policy, conf, workload_.versions.runtime)) {
      return Misfit::kSettings;
    }
  }
  return Misfit::kNone;
}

// Whether the namespace's quotas allow as many executors, and its LimitRanges this one where they
// allow it as it was. More executors are more pods and volume claims, and more overhead.
bool Search::WithinNamespace(const SplitCandidate& candidate) const {
  const NamespaceState& state = *context_.space.state;
  if (state.quotas.empty() && state.limit_ranges.empty()) return true;
  const NamespaceUse use = UseOf(workload_, context_.policy, state.limit_ranges, &candidate);
  const NamespaceUse was = UseOf(workload_, context_.policy, state.limit_ranges);
  if (use.executor_breaches.size() > was.executor_breaches.size()) return false;
  const int64_t executors = LeastExecutors(candidate.executors);
  return std::all_of(state.quotas.begin(), state.quotas.end(), [&](const ResourceQuota& quota) {
    const std::vector<QuotaShare> shares = SharesOf(quota, use);
    return std::all_of(shares.begin(), shares.end(), [&](const QuotaShare& share) {
      return share.With(executors) <= share.hard;
    });
  });
}

// The split's own bounds; they never raise a job, so the shape as it was is not held to them.
Misfit Search::BoundMisfit(const SplitCandidate& candidate) const {
  if (candidate.slots == scale_.slots()) return Misfit::kNone;
  const SplitLimits& split = context_.policy.split;
  if (split.max_factor && scale_.slots() > SaturatingMultiply(*split.max_factor, candidate.slots)) {
    return Misfit::kFactor;
  }
  if (split.min_cores && candidate.cores < *split.min_cores) return Misfit::kMinCores;
  if (split.min_heap && candidate.shape.heap < *split.min_heap) return Misfit::kMinHeap;
  if (candidate.shape.heap < least_broadcast_heap_) return Misfit::kBroadcast;
  return Misfit::kNone;
}

void Search::Place(SplitCandidate& candidate) const {
  const int64_t asked = SaturatingMultiply(workload_.sizes.executors->most(), scale_.slots());
  candidate.placeable_slots = asked;
  if (!context_.executor_nodes.known() || context_.executor_nodes.groups.empty()) return;
  const int64_t placeable =
      Placeable(context_.executor_nodes, PodMemory(candidate.shape, context_.executor_extras),
                PodCpu(candidate.shape, context_.executor_extras), candidate.extended);
  candidate.placeable_slots = std::min(asked, SaturatingMultiply(placeable, candidate.slots));
}

std::vector<SplitCandidate> Search::Candidates(Binding binding) const {
  std::vector<SplitCandidate> fitting;
  for (int64_t slots = scale_.slots(); slots >= 1; --slots) {
    const int64_t factor = context_.policy.split.max_factor.value_or(kMostSlots);
    if (scale_.slots() > SaturatingMultiply(factor, slots)) break;
    auto candidate = Scaled(slots, binding);
    if (!candidate || BoundMisfit(*candidate) != Misfit::kNone ||
        LimitMisfit(*candidate, binding) != Misfit::kNone) {
      continue;
    }
    Place(*candidate);
    fitting.push_back(std::move(*candidate));
  }
  // More executors than the policy allows only where nothing else fits.
  const auto& most = context_.policy.limits.application.executors.max;
  if (most && context_.ModeOf("cluster-share") != Mode::kOff) {
    auto within = [&](const SplitCandidate& candidate) {
      return candidate.executors.most() <= *most;
    };
    if (std::any_of(fitting.begin(), fitting.end(), within)) {
      std::erase_if(fitting, [&](const SplitCandidate& candidate) { return !within(candidate); });
    }
  }
  return fitting;
}

SplitCandidate Search::Best(std::vector<SplitCandidate> fitting) const {
  // Less than none where the number of executors is, which spark-refuses tells.
  int64_t most_placed = fitting.front().placeable_slots;
  for (const SplitCandidate& candidate : fitting) {
    most_placed = std::max(most_placed, candidate.placeable_slots);
  }
  std::erase_if(fitting, [&](const SplitCandidate& candidate) {
    return most_placed - candidate.placeable_slots >= candidate.cores;
  });
  const Int128 asked = static_cast<Int128>(workload_.sizes.executors->most()) * scale_.slots();
  auto exact = [&](const SplitCandidate& candidate) {
    return static_cast<Int128>(candidate.executors.most()) * candidate.slots == asked;
  };
  auto better = [&](const SplitCandidate& a, const SplitCandidate& b) {
    if (a.executors.most() != b.executors.most()) {
      return a.executors.most() < b.executors.most();
    }
    if (exact(a) != exact(b)) return exact(a);
    if (a.cores != b.cores) return a.cores > b.cores;
    return a.slots > b.slots;
  };
  return std::move(*std::min_element(fitting.begin(), fitting.end(), better));
}

SplitResult Search::Run() {
  SplitResult result;
  if (scale_.slots() > kMostSlots) {
    result.none_because = "one executor of " + std::to_string(scale_.slots()) +
                          " task slots is too large to split: lower spark.executor.cores";
    return result;
  }
  for (const Mode weakest : {Mode::kWarn, Mode::kEnforce}) {
    auto fitting = Candidates(BindingOf(weakest));
    if (fitting.empty()) continue;
    result.chosen = Best(std::move(fitting));
    if (weakest == Mode::kEnforce && result.chosen->changes.empty()) {
      result.none_because = WhyNone(BindingOf(Mode::kWarn));
    }
    return result;
  }
  result.none_because = WhyNone(BindingOf(Mode::kEnforce));
  return result;
}

// The smallest part that Spark would make: of a decimal spark.task.cpus one core has several slots.
std::optional<SplitCandidate> Search::Smallest(Binding binding) const {
  for (int64_t slots = 1; slots < scale_.slots(); ++slots) {
    if (auto candidate = Scaled(slots, binding)) return candidate;
  }
  return std::nullopt;
}

std::string Search::WhyNone(Binding binding) const {
  auto least = Scaled(1, binding);
  const std::string resource = least ? "" : scale_.Indivisible(1);
  if (!least && resource.empty()) least = Smallest(binding);
  if (!least) {
    return "the executor cannot be split: " +
           (resource.empty() ? std::string("each part needs a whole task slot") : resource);
  }
  const Limits& limits = context_.policy.limits;
  const std::string tasks = least->slots == 1
                                ? "one task's share"
                                : "the share of " + std::to_string(least->slots) + " tasks";
  std::string task = tasks + " is " + DescribePod(least->shape.memory(), least->shape.cpu) +
                     " (heap " + PrintSparkSize(least->shape.heap) + ")";
  const PodExtras& extras = context_.executor_extras;
  const ByteSize pod_memory = PodMemory(least->shape, extras);
  const MilliCpu pod_cpu = PodCpu(least->shape, extras);
  if (pod_memory != least->shape.memory() || pod_cpu != least->shape.cpu) {
    task += ", with sidecars and init containers " + DescribePod(pod_memory, pod_cpu);
  }
  switch (LimitMisfit(*least, binding)) {
    case Misfit::kHeap:
      return task + ", outside the policy's " + DescribeRange(limits.executor.heap) + " of heap";
    case Misfit::kMemory:
      return task + ", outside the policy's " + DescribeRange(limits.executor.memory) +
             " of pod memory";
    case Misfit::kCores:
      return task + ", outside the policy's cores";
    case Misfit::kNode:
      return task + ", which fits none either: lower what it asks for to what the largest has";
    case Misfit::kQuota:
      return task + ", and so many executors are more than the namespace's quota allows";
    case Misfit::kSettings:
      return task + ", outside the policy's settings";
    default:
      break;
  }
  switch (BoundMisfit(*least)) {
    case Misfit::kFactor:
      return task + ", and more than " + std::to_string(*context_.policy.split.max_factor) +
             " times the executors would be needed (split.maxFactor)";
    case Misfit::kMinCores:
    case Misfit::kMinHeap:
      return task + ", under the policy's split.minHeap or split.minCores";
    case Misfit::kBroadcast:
      return task + ", under four times spark.sql.autoBroadcastJoinThreshold: lower it";
    default:
      return task + ", and no number of slots in between fits";
  }
}

}  // namespace

SplitResult PlanSplit(const Workload& workload, const Context& context) {
  return Search(workload, context).Run();
}

bool FitsAnyNode(const EligibleNodes& nodes, const PodShape& shape, const PodExtras& extras) {
  if (!nodes.known()) return true;
  const ByteSize memory = PodMemory(shape, extras);
  const MilliCpu cpu = PodCpu(shape, extras);
  return std::any_of(nodes.groups.begin(), nodes.groups.end(),
                     [&](const EligibleNodes::Group& group) {
                       return FitsPerNode(group.room, memory, cpu, extras.extended) > 0;
                     });
}

std::string DescribeSplit(const Workload& workload, const SplitCandidate& chosen) {
  const PodShape& was = *workload.sizes.executor;
  const int64_t before = workload.sizes.executors->most();
  const int64_t after = chosen.executors.most();
  std::string text = DescribeExecutors(*workload.sizes.executors, was) + " become " +
                     DescribeExecutors(chosen.executors, chosen.shape) + ", " +
                     std::to_string(SaturatingMultiply(after, chosen.slots)) + " task slots";
  if (workload.claims_per_executor > 0) {
    text += "; volume claims " +
            std::to_string(SaturatingMultiply(before, workload.claims_per_executor)) + " -> " +
            std::to_string(SaturatingMultiply(after, workload.claims_per_executor));
  }
  text += "; each executor holds its own copy of broadcasts and its own shuffle connections";
  return text;
}

}  // namespace ballast::policy
