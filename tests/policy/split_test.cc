#include "policy/split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "policy/evaluate.h"
#include "tests/policy/random_case.h"

namespace ballast::policy {
namespace {

// The planner's rules read once more, from the design's text alone: every candidate is listed, and
// the best is found by comparing each with each.
struct Candidate {
  int64_t slots = 0;
  int64_t cores = 0;
  int64_t heap = 0;  // MiB, as all memory here
  int64_t overhead = 0;
  int64_t off_heap = 0;
  int64_t pyspark = 0;
  int64_t cpu = 0;  // millicores
  int64_t executors = 0;
  int64_t placed = 0;

  int64_t memory() const { return heap + overhead + off_heap + pyspark; }
  bool operator==(const Candidate&) const = default;
};

int64_t CeilShare(int64_t amount, int64_t part, int64_t whole) {
  return (amount * part + whole - 1) / whole;
}

int64_t Number(const Workload& workload, std::string_view key, int64_t otherwise) {
  const auto text = workload.conf.Get(key);
  return text ? std::stoll(std::string(*text)) : otherwise;
}

class BruteForce {
 public:
  BruteForce(const Workload& workload, const Policy& policy, const EligibleNodes& nodes)
      : workload_(workload), policy_(policy), nodes_(nodes) {
    cores_ = Number(workload, "spark.executor.cores", 1);
    task_cpus_ = Number(workload, "spark.task.cpus", 1);
    slots_ = cores_ / task_cpus_;
    asked_ = workload.sizes.executors->most();
  }

  std::optional<Candidate> Best() const {
    std::vector<Candidate> fitting;
    for (int64_t slots = 1; slots <= slots_; ++slots) {
      const Candidate candidate = Make(slots);
      if (Fits(candidate) && WithinPolicy(candidate) && WithinSplit(candidate)) {
        fitting.push_back(candidate);
      }
    }
    const auto most = policy_.limits.application.executors.max;
    auto few = [&](const Candidate& c) { return !most || c.executors <= *most; };
    if (std::any_of(fitting.begin(), fitting.end(), few)) {
      std::erase_if(fitting, [&](const Candidate& c) { return !few(c); });
    }
    int64_t placed = 0;
    for (const Candidate& c : fitting) placed = std::max(placed, c.placed);
    std::erase_if(fitting, [&](const Candidate& c) { return placed - c.placed >= c.cores; });
    for (const Candidate& one : fitting) {
      const bool best = std::all_of(fitting.begin(), fitting.end(), [&](const Candidate& other) {
        return one == other || Before(one, other);
      });
      if (best) return one;
    }
    return std::nullopt;
  }

 private:
  Candidate Make(int64_t slots) const {
    const PodShape& shape = *workload_.sizes.executor;
    Candidate c;
    c.slots = slots;
    if (slots == slots_) {
      c.cores = cores_;
      c.heap = shape.heap.mebibytes();
      c.overhead = shape.overhead.mebibytes();
      c.off_heap = shape.off_heap.mebibytes();
      c.pyspark = shape.pyspark.mebibytes();
      c.cpu = shape.cpu.millis();
    } else {
      auto share = [&](int64_t amount) { return CeilShare(amount, slots, slots_); };
      c.cores = slots * task_cpus_;
      c.heap = std::max<int64_t>(470, 300 + share(shape.heap.mebibytes() - 300));
      if (const auto least = policy_.limits.executor.heap.min) {
        c.heap = std::max(c.heap, least->mebibytes_ceil());
      }
      if (workload_.conf.Has("spark.executor.memoryOverhead")) {
        c.overhead = std::max<int64_t>(384, share(shape.overhead.mebibytes()));
      } else {
        double factor = workload_.language == Language::kJvm ? 0.1 : 0.4;
        if (const auto text = workload_.conf.Get("spark.executor.memoryOverheadFactor")) {
          factor = std::stod(std::string(*text));
        }
        c.overhead =
            std::max<int64_t>(384, static_cast<int64_t>(factor * static_cast<double>(c.heap)));
      }
      c.off_heap = share(shape.off_heap.mebibytes());
      c.pyspark = share(shape.pyspark.mebibytes());
      c.cpu = workload_.conf.Has("spark.kubernetes.executor.request.cores")
                  ? share(shape.cpu.millis())
                  : c.cores * 1000;
    }
    c.executors = std::min<int64_t>(2147483647, CeilShare(asked_, slots_, slots));
    c.placed = asked_ * slots_;
    if (nodes_.known()) {
      int64_t pods = 0;
      for (const auto& group : nodes_.groups) pods += PerNode(group, c) * group.ready;
      c.placed = std::min(c.placed, pods * slots);
    }
    return c;
  }

  static int64_t PerNode(const EligibleNodes::Group& group, const Candidate& c) {
    return std::min({group.room.pods, group.room.memory.mebibytes() / c.memory(),
                     group.room.cpu.millis() / c.cpu});
  }

  bool Fits(const Candidate& c) const {
    return !nodes_.known() ||
           std::any_of(nodes_.groups.begin(), nodes_.groups.end(),
                       [&](const auto& group) { return PerNode(group, c) >= 1; });
  }

  bool WithinPolicy(const Candidate& c) const {
    const ExecutorLimits& limits = policy_.limits.executor;
    if (limits.heap.min && Mebibytes(c.heap) < *limits.heap.min) return false;
    if (limits.heap.max && Mebibytes(c.heap) > *limits.heap.max) return false;
    if (limits.memory.min && Mebibytes(c.memory()) < *limits.memory.min) return false;
    if (limits.memory.max && Mebibytes(c.memory()) > *limits.memory.max) return false;
    if (limits.cores.min && Cores(c.cores) < *limits.cores.min) return false;
    if (limits.cores.max && Cores(c.cores) > *limits.cores.max) return false;
    return true;
  }

  bool WithinSplit(const Candidate& c) const {
    if (c.slots == slots_) return true;
    if (asked_ < 2147483647 && c.executors > *policy_.split.max_factor * asked_) return false;
    if (asked_ >= 2147483647 && slots_ > *policy_.split.max_factor * c.slots) return false;
    if (c.cores < *policy_.split.min_cores) return false;
    if (Mebibytes(c.heap) < *policy_.split.min_heap) return false;
    return c.heap >= 4 * Number(workload_, "spark.sql.autoBroadcastJoinThreshold", 0);
  }

  bool Before(const Candidate& a, const Candidate& b) const {
    const bool a_exact = a.executors * a.slots == asked_ * slots_;
    const bool b_exact = b.executors * b.slots == asked_ * slots_;
    if (a.executors != b.executors) return a.executors < b.executors;
    if (a_exact != b_exact) return a_exact;
    return a.cores > b.cores;
  }

  const Workload& workload_;
  const Policy& policy_;
  const EligibleNodes& nodes_;
  int64_t cores_ = 0;
  int64_t task_cpus_ = 0;
  int64_t slots_ = 0;
  int64_t asked_ = 0;
};

Candidate Plain(const SplitCandidate& c) {
  return {c.slots,
          c.cores,
          c.shape.heap.mebibytes(),
          c.shape.overhead.mebibytes(),
          c.shape.off_heap.mebibytes(),
          c.shape.pyspark.mebibytes(),
          c.shape.cpu.millis(),
          c.executors.most(),
          c.placeable_slots};
}

std::string Text(const std::optional<Candidate>& c) {
  if (!c) return "none";
  return std::to_string(c->executors) + " x " + std::to_string(c->slots) + " slots, " +
         std::to_string(c->cores) + " cores, heap " + std::to_string(c->heap) + ", pod " +
         std::to_string(c->memory()) + ", cpu " + std::to_string(c->cpu) + ", places " +
         std::to_string(c->placed);
}

struct RandomCase {
  Workload workload;
  Policy policy;
  ClusterCapacity cluster;
};

RandomCase MakeCase(uint64_t seed) {
  Dice dice(seed);
  RandomCase random;
  random.workload =
      WorkloadOf(RandomSizes(dice), dice.OneIn(3) ? Language::kPython : Language::kJvm);
  random.policy = RandomShapePolicy(dice);
  random.cluster = RandomCluster(dice);
  return random;
}

constexpr uint64_t kCases = 20000;

TEST(Split, EqualsBruteForce) {
  int64_t planned = 0;
  int64_t cut = 0;
  for (uint64_t seed = 1; seed <= kCases; ++seed) {
    const RandomCase random = MakeCase(seed);
    if (!random.workload.sizes.ok()) continue;
    const Context context = MakeContext(random.workload, random.policy, random.cluster);
    const SplitResult result = PlanSplit(random.workload, context);
    std::optional<Candidate> got;
    if (result.chosen) got = Plain(*result.chosen);
    const auto want = BruteForce(random.workload, random.policy, context.executor_nodes).Best();
    ASSERT_EQ(Text(got), Text(want)) << "seed " << seed;
    ++planned;
    cut += got && !result.chosen->changes.empty() ? 1 : 0;
  }
  EXPECT_GT(planned, 15000);
  EXPECT_GT(cut, 3000);
}

// What the chosen candidate says of itself is what Spark makes of its settings.
TEST(Split, IsWhatSparkComputesFromItsSettings) {
  for (uint64_t seed = 1; seed <= kCases; ++seed) {
    const RandomCase random = MakeCase(seed);
    if (!random.workload.sizes.ok()) continue;
    const Context context = MakeContext(random.workload, random.policy, random.cluster);
    const SplitResult result = PlanSplit(random.workload, context);
    if (!result.chosen) {
      EXPECT_FALSE(result.none_because.empty());
      continue;
    }
    Workload after = random.workload;
    for (const SettingChange& change : result.chosen->changes) after.conf.Apply(change);
    Derive(after);
    ASSERT_TRUE(after.sizes.ok()) << "seed " << seed;
    EXPECT_EQ(*after.sizes.executor, result.chosen->shape) << "seed " << seed;
    EXPECT_EQ(*after.sizes.executors, result.chosen->executors) << "seed " << seed;
  }
}

TEST(Split, KeepsTotalSlotsAndMemoryPerSlot) {
  for (uint64_t seed = 1; seed <= kCases; ++seed) {
    const RandomCase random = MakeCase(seed);
    if (!random.workload.sizes.ok()) continue;
    const Context context = MakeContext(random.workload, random.policy, random.cluster);
    const SplitResult result = PlanSplit(random.workload, context);
    if (!result.chosen) continue;
    SCOPED_TRACE("seed " + std::to_string(seed));
    const PodShape& was = *random.workload.sizes.executor;
    const PodShape& is = result.chosen->shape;
    const ExecutorCount& asked = *random.workload.sizes.executors;
    const ExecutorCount& given = result.chosen->executors;
    auto at_least = [&](ByteSize now, ByteSize before) {
      EXPECT_GE(now.mebibytes() * was.slots, before.mebibytes() * is.slots);
    };
    at_least(is.heap, was.heap);
    at_least(is.off_heap, was.off_heap);
    at_least(is.pyspark, was.pyspark);
    at_least(is.memory(), was.memory());
    // What an executor reserves for itself is paid by each: the unified memory does not shrink.
    at_least(is.heap - Mebibytes(300), was.heap - Mebibytes(300));
    if (asked.most() >= 2147483647) continue;
    EXPECT_GE(given.most() * is.slots, asked.most() * was.slots);
    EXPECT_LT(given.most() * is.slots, asked.most() * was.slots + is.slots);
    EXPECT_GE(given.min * is.slots, asked.min * was.slots);
    EXPECT_GE(given.initial * is.slots, asked.initial * was.slots);
  }
}

Workload Executors(const ConfMap& more) {
  ConfMap conf = {{"spark.executor.memory", "60g"},
                  {"spark.executor.cores", "8"},
                  {"spark.executor.instances", "20"}};
  for (const auto& [key, value] : more) conf[key] = value;
  return WorkloadOf(conf);
}

ClusterCapacity Nodes(int64_t count, MilliCpu cpu, ByteSize memory) {
  NodeClass nodes;
  nodes.name = "node";
  nodes.allocatable = {cpu, memory, 110, {}};
  nodes.count = nodes.ready = count;
  return {true, {nodes}, {}};
}

std::string Changes(const SplitResult& result) {
  if (!result.chosen) return "none: " + result.none_because;
  std::string text;
  for (const SettingChange& change : result.chosen->changes) {
    text += (text.empty() ? "" : ", ") + change.key + "=" + change.value.value_or("-");
  }
  return text;
}

std::string Plan(const Workload& workload, const ClusterCapacity& cluster,
                 const Policy& policy = BuiltInPolicy()) {
  return Changes(PlanSplit(workload, MakeContext(workload, policy, cluster)));
}

TEST(Split, WritesWhatIsWrittenAndLeavesTheRest) {
  const ClusterCapacity guide = Nodes(100, Cores(10), Gibibytes(39));
  struct Row {
    const char* name;
    ConfMap conf;
    const char* want;
  };
  const Row rows[] = {
      {"HeapCoresAndCount",
       {},
       "spark.executor.cores=4, spark.executor.memory=30870m, spark.executor.instances=40"},
      {"OverheadAndRequestWritten",
       {{"spark.executor.memoryOverhead", "8g"},
        {"spark.kubernetes.executor.request.cores", "6500m"},
        {"spark.kubernetes.executor.limit.cores", "9"}},
       "spark.executor.cores=4, spark.executor.memory=30870m, spark.executor.memoryOverhead=4g, "
       "spark.kubernetes.executor.request.cores=3250m, "
       "spark.kubernetes.executor.limit.cores=4500m, spark.executor.instances=40"},
      {"OldSpellingStays",
       {{"spark.yarn.executor.memoryOverhead", "8g"}},
       "spark.executor.cores=4, spark.executor.memory=30870m, "
       "spark.yarn.executor.memoryOverhead=4g, spark.executor.instances=40"},
      {"OperatorsMemoryLimit",
       {{"executor.memoryLimit", "80Gi"}},
       "spark.executor.cores=4, spark.executor.memory=30870m, executor.memoryLimit=40g, "
       "spark.executor.instances=40"},
      {"MemoryLimitNeverUnderTheRequest",
       {{"executor.memoryLimit", "66g"}},
       "spark.executor.cores=4, spark.executor.memory=30870m, executor.memoryLimit=33957m, "
       "spark.executor.instances=40"},
      {"DynamicWithoutAMaximum",
       {{"spark.dynamicAllocation.enabled", "true"}, {"spark.dynamicAllocation.minExecutors", "3"}},
       "spark.executor.cores=4, spark.executor.memory=30870m, "
       "spark.dynamicAllocation.minExecutors=6, spark.executor.instances=40"},
      {"TaskCpus",
       {{"spark.task.cpus", "4"}},
       "spark.executor.cores=4, spark.executor.memory=30870m, spark.executor.instances=40"},
  };
  for (const Row& row : rows) EXPECT_EQ(Plan(Executors(row.conf), guide), row.want) << row.name;
}

// Forty executors would place all slots, twenty as they are only a quarter of them; but the quota
// may allow no forty.
TEST(Split, MorePodsOrClaimsThanTheQuotaAllowsAreNoCandidate) {
  ClusterCapacity cluster = Nodes(100, Cores(10), Gibibytes(39));
  cluster.classes.push_back(Nodes(5, Cores(10), Gibibytes(80)).classes[0]);
  const Workload workload = Executors({});
  Workload claiming = workload;
  claiming.claims_per_executor = 2;
  const char kForty[] =
      "spark.executor.cores=4, spark.executor.memory=30870m, spark.executor.instances=40";
  Policy enforcing = BuiltInPolicy();
  enforcing.rules["namespace-quota"] = Mode::kEnforce;
  Policy off = BuiltInPolicy();
  off.rules["namespace-quota"] = Mode::kOff;
  struct Row {
    const char* name;
    const Workload& workload;
    const Policy& policy;
    Amounts hard;
    const char* want;
  };
  const Row rows[] = {
      {"PodsAtTheLimit", workload, BuiltInPolicy(), {{"pods", 41}}, kForty},
      {"OnePodTooMany", workload, BuiltInPolicy(), {{"pods", 40}}, ""},
      {"ClaimsAtTheLimit", claiming, BuiltInPolicy(), {{"persistentvolumeclaims", 80}}, kForty},
      {"OneClaimTooMany", claiming, BuiltInPolicy(), {{"persistentvolumeclaims", 79}}, ""},
      {"TheRuleIsOff", workload, off, {{"pods", 40}}, kForty},
      {"NothingFitsAndTheRuleOnlyWarns", workload, BuiltInPolicy(), {{"pods", 20}}, kForty},
      {"NothingFits",
       workload,
       enforcing,
       {{"pods", 20}},
       "none: one task's share is 8.5 GiB and 1 core (heap 7943m), and so many executors are more "
       "than the namespace's quota allows"},
  };
  for (const Row& row : rows) {
    NamespaceState space;
    space.quotas.push_back({"compute", row.hard, {}, {}});
    const Context context = MakeContext(row.workload, row.policy, cluster, {}, {&space, nullptr});
    EXPECT_EQ(Changes(PlanSplit(row.workload, context)), row.want) << row.name;
  }
}

TEST(Split, SaturatesAtTheMostThatSparkCounts) {
  const Workload workload = Executors({{"spark.executor.instances", "2147483647"}});
  const Context context = MakeContext(workload, BuiltInPolicy(), {true, {}, {}});
  const ExecutorScale scale(workload, context);
  for (int64_t slots = 1; slots < 8; ++slots) {
    const auto scaled = scale.To(slots, slots, {});
    ASSERT_TRUE(scaled);
    EXPECT_EQ(scaled->executors.instances, 2147483647);
  }
}

// Spark refuses such a number, and nothing else may come of it.
TEST(Split, TakesANumberOfExecutorsThatIsLessThanNone) {
  const Workload workload = Executors({{"spark.executor.memory", "60g"},
                                       {"spark.executor.cores", "8"},
                                       {"spark.dynamicAllocation.enabled", "true"},
                                       {"spark.dynamicAllocation.maxExecutors", "-1"}});
  const Context context = MakeContext(workload, BuiltInPolicy(), {true, {}, {}});
  EXPECT_TRUE(PlanSplit(workload, context).chosen);
}

TEST(Split, IsMonotone) {
  const Context context = MakeContext(Executors({}), BuiltInPolicy(), {true, {}, {}});
  int64_t last = 0;
  for (int64_t n = 1; n < 400; ++n) {
    const Workload workload = Executors({{"spark.executor.instances", std::to_string(n)}});
    const int64_t now = ExecutorScale(workload, context).To(3, 3, {})->executors.instances;
    EXPECT_GE(now, last);
    last = now;
  }
  const Workload workload = Executors({});
  ByteSize memory;
  for (int64_t slots = 1; slots < 8; ++slots) {
    const ByteSize now = ExecutorScale(workload, context).To(slots, slots, {})->shape.memory();
    EXPECT_GE(now, memory);
    memory = now;
  }
}

// A GPU cannot be cut: only whole shares of it are candidates.
TEST(Split, IndivisibleResources) {
  ClusterCapacity cluster = Nodes(10, Cores(10), Gibibytes(39));
  cluster.classes[0].allocatable.extended = {{"nvidia.com/gpu", 4}};
  auto with_gpus = [](int64_t count) {
    Workload workload = Executors({{"spark.executor.resource.gpu.amount", std::to_string(count)},
                                   {"spark.executor.resource.gpu.vendor", "nvidia.com"}});
    workload.executor_extras.extended = {{"nvidia.com/gpu", count}};
    return workload;
  };
  EXPECT_EQ(Plan(with_gpus(1), cluster),
            "none: the executor cannot be split: it asks for 1 nvidia.com/gpu, and each part needs "
            "at least a whole one");
  EXPECT_EQ(Plan(with_gpus(2), cluster),
            "spark.executor.resource.gpu.amount=1, spark.executor.cores=4, "
            "spark.executor.memory=30870m, spark.executor.instances=40");
  Workload elsewhere = with_gpus(2);
  elsewhere.executor_extras.extended = {{"amd.com/gpu", 2}};
  EXPECT_EQ(Plan(elsewhere, cluster),
            "none: the executor cannot be split: its 2 amd.com/gpu stand where Ballast changes "
            "nothing (the operator's gpu field, or the pod template); as "
            "spark.executor.resource.*.amount and .vendor they could be divided");
}

TEST(Split, SaysWhyNoneFits) {
  const ClusterCapacity guide = Nodes(100, Cores(10), Gibibytes(39));
  EXPECT_EQ(Plan(Executors({{"spark.executor.memory", "400g"}}), guide),
            "none: one task's share is 55.2 GiB and 1 core (heap 51463m), which fits none "
            "either: lower what it asks for to what the largest has");
  EXPECT_EQ(Plan(Executors({{"spark.sql.autoBroadcastJoinThreshold", "12g"}}), guide),
            "none: one task's share is 8.5 GiB and 1 core (heap 7943m), under four times "
            "spark.sql.autoBroadcastJoinThreshold: lower it");
  Policy small = BuiltInPolicy();
  small.rules["executor-shape"] = Mode::kEnforce;
  small.limits.executor.heap.max = Gibibytes(4);
  const Workload two_tasks_a_core = WorkloadOf({{"spark.executor.memory", "20g"},
                                                {"spark.executor.cores", "4"},
                                                {"spark.executor.instances", "2"},
                                                {"spark.task.cpus", "0.5"}},
                                               Language::kJvm, {4, 3});
  EXPECT_EQ(
      Plan(two_tasks_a_core, guide, small),
      "none: the share of 2 tasks is 5.7 GiB and 1 core (heap 5345m), outside the policy's at "
      "most 4 GiB of heap");
  EXPECT_EQ(Plan(Executors({{"spark.executor.cores", "2000"}}), guide),
            "none: one executor of 2000 task slots is too large to split: lower "
            "spark.executor.cores");
}

}  // namespace
}  // namespace ballast::policy
