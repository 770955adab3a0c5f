// What the cluster can hold: classes of alike nodes with counts. A snapshot; never changed after it
// was made, so it is shared between threads without a lock.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "policy/labels.h"
#include "policy/units.h"
#include "policy/workload.h"

namespace ballast::policy {

struct Resources {
  MilliCpu cpu;
  ByteSize memory;
  int64_t pods = 110;
  std::map<std::string, int64_t, std::less<>> extended;  // "nvidia.com/gpu" -> 8

  auto operator<=>(const Resources&) const = default;
};

// Nodes that nothing tells apart but their names.
struct NodeClass {
  std::string name;  // of the pool, or of one node of it, for texts
  Resources allocatable;
  Labels
      labels;  // without those that differ from node to node (see ClusterCapacity::per_node_labels)
  std::vector<Taint> taints;
  int64_t count = 0;      // nodes that were there in the last 24 hours, or declared
  int64_t ready = 0;      // of these: ready and schedulable now (declared pools: all)
  bool declared = false;  // from the policy's nodePools

  bool operator==(const NodeClass&) const = default;
};

struct ClusterCapacity {
  bool known = false;  // false: no nodes were ever seen; the capacity rules abstain
  std::vector<NodeClass> classes;
  // Labels that differ from node to node (kubernetes.io/hostname) and were left out of the classes.
  // A placement that requires one of them is not judged.
  std::vector<std::string> per_node_labels;
};

// What is taken from every node before anything else: the absolute part first, then the percentage.
struct Reserve {
  MilliCpu cpu;
  ByteSize memory;
  double percent = 0;  // 0..100

  bool operator==(const Reserve&) const = default;
};
Resources AfterReserve(const Resources& allocatable, const Reserve& reserve);

// The part of the cluster that may run some pod: classes after reserve, with equal ones joined, the
// roomiest (by memory, then cpu) first. A class of no nodes is left out.
struct EligibleNodes {
  struct Group {
    std::string name;  // of its first class
    Resources room;    // of one node
    int64_t count = 0;
    int64_t ready = 0;
    bool declared = false;

    bool operator==(const Group&) const = default;
  };
  std::vector<Group> groups;
  std::string abstain;  // why capacity cannot be judged; empty when it can
  // Pools are declared: no other nodes will come, so a pod that none of them may run never runs.
  bool pools_declared = false;

  bool known() const { return abstain.empty(); }
  int64_t nodes() const;
  ByteSize memory() const;  // of all eligible nodes
  MilliCpu cpu() const;
  int64_t pods() const;

  bool operator==(const EligibleNodes&) const = default;
};
EligibleNodes Eligible(const ClusterCapacity& cluster, const Placement& placement,
                       const Reserve& reserve);

// What one policy counts as capacity. All that it names is only looked at, and must outlive the
// call.
struct CapacityQuestion {
  const ClusterCapacity* cluster = nullptr;       // the live nodes; nullptr: not counted
  const std::vector<NodeClass>* pools = nullptr;  // declared ones; nullptr: none
  Reserve reserve;
  const Labels* assumed_node_selector = nullptr;  // added to the placement's own
  const std::vector<Toleration>* assumed_tolerations = nullptr;
  const LabelSelector* excluded = nullptr;  // nodes that never count
};
EligibleNodes Eligible(const CapacityQuestion& question, const Placement& placement);

// Extended resources that a pod asks for: "nvidia.com/gpu" -> 1.
using ExtendedResources = std::vector<std::pair<std::string, int64_t>>;

// How many pods of this size one node of the group holds: memory, cpu, pods and extended resources.
int64_t FitsPerNode(const Resources& room, ByteSize memory, MilliCpu cpu,
                    const ExtendedResources& extended);

// How many could run at once on ready nodes of the groups, saturating.
int64_t Placeable(const EligibleNodes& nodes, ByteSize memory, MilliCpu cpu,
                  const ExtendedResources& extended);

}  // namespace ballast::policy
