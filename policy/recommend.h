// Which executors would use a cluster well: the arithmetic behind `ballast capacity`.
//
// Nothing here decides an admission. Sizes are whole MiB; the overhead is said beside the heap, so
// that a pod is exactly as large as its place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "policy/application_share.h"
#include "policy/capacity.h"
#include "policy/placement_report.h"
#include "policy/policy.h"
#include "policy/workload.h"

namespace ballast::policy {

// One executor shape, and what it makes of the nodes.
struct ShapeOption {
  PodShape shape;         // heap, overhead, what is kept beside them, cpu and slots
  int64_t cores = 0;      // spark.executor.cores
  int64_t per_node = 0;   // executors, on the node that holds most
  int64_t executors = 0;  // on all ready nodes together, one driver's place kept
  MilliCpu stranded_cpu;  // what driver and executors leave of these nodes
  ByteSize stranded_memory;
  double waste = 0;      // the mean of both, as shares of the nodes: 0..1
  int64_t proposed = 0;  // of these executors, as many as the policy lets one application have
  std::string because;   // the policy's limit, where it lets it have fewer; else empty

  bool operator==(const ShapeOption&) const = default;
};

struct ClassRecommendation {
  std::string name;  // of a declared pool, or of one node of the class
  bool declared = false;
  int64_t nodes = 0;                 // that are ready and schedulable
  int64_t left_out = 0;              // those that are not
  Resources room;                    // of one node
  std::vector<ShapeOption> options;  // from one core upwards; empty where no executor fits
  size_t best = 0;
};

struct RecommendOptions {
  // Spark's, of the heap; Python and R: 0.4. At least 384 MiB are added.
  double overhead_factor = 0.1;
  // An overhead that somebody chose for a heap: it shrinks with the heap, and where the heap grows
  // stays as it is for as long as the factor does not ask for more.
  struct Chosen {
    ByteSize heap;
    ByteSize overhead;
  };
  std::optional<Chosen> chosen_overhead;
  // Of an executor, whatever its heap: settings of their own say these.
  ByteSize off_heap;
  ByteSize pyspark;
  int64_t task_cpus_billionths = 1'000'000'000;
  PodShape driver = {Gibibytes(1), Mebibytes(384), {}, {}, Cores(1), std::nullopt, 0};
  PodExtras driver_extras;
  PodExtras executor_extras;
  ShapeLimits limits;             // of the policy, for an executor
  ApplicationLimits application;  // and for all of them
};

// What a workload's settings say of executors of another shape, and its driver; without limits.
// Its sizes must be known.
RecommendOptions OptionsFor(const Workload& workload);

// For each group of nodes a table of shapes, of those nodes that could run something now: the
// memory of a shape is what its share of a node's cores leaves it. Best is the one that wastes
// least; among those within one percent of it the largest with at most five cores and a heap under
// 32 GiB (where references stay compressed).
std::vector<ClassRecommendation> Recommend(const EligibleNodes& nodes,
                                           const RecommendOptions& options);

// The options that tell something, from one core upwards: of those that fit equally often on a node
// the largest, since the others leave more cores; and the best.
std::vector<size_t> TellingOptions(const ClassRecommendation& nodes);

// The settings to paste, in the order in which they are read: key, value.
std::vector<std::pair<std::string, std::string>> SettingsOf(const ShapeOption& option);

// What a workload makes of a cluster, and what would be better.
struct WorkloadFit {
  int64_t executors = 0;  // asked for at most; dynamic without a bound: those that can be placed
  int64_t placed = 0;     // of these, at once
  ByteSize asked_memory;  // of the driver and all executors
  MilliCpu asked_cpu;
  ByteSize cluster_memory;  // of all eligible nodes, after the reserve
  MilliCpu cluster_cpu;
  PlacementReport placement;
  AllowedExecutors allowed;  // by the policy, of this shape
  ByteSize memory_per_core;  // of an executor's pod
  ByteSize cluster_memory_per_core;
  ByteSize heap_per_slot;

  // All can be placed, and they take about the same share of the memory and of the cores.
  bool good() const;

  // The shape that strands least, of the workload's own cores where others hardly strand less: as
  // many as fit, and where all that were asked for fit no more than have their task slots or take
  // their memory. Not set where the fit is good or the workload's own shape wastes as little.
  std::optional<ShapeOption> better;
  ByteSize better_heap_per_slot;  // may be less: then every task has to live with it

  double memory_share() const;  // asked of the cluster's; above 1: more than there is
  double cpu_share() const;
};

// nullopt where sizes or capacity are not known. No more executors are proposed than `limits` let
// one application have.
std::optional<WorkloadFit> FitWorkload(const EligibleNodes& nodes, const Workload& workload,
                                       const ApplicationLimits& limits = {});

}  // namespace ballast::policy
