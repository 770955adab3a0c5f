#include "k8s/live/daemon_sets.h"

#include <algorithm>
#include <utility>

#include "k8s/kinds/pod_spec.h"

namespace ballast::k8s {
namespace {

std::pair<std::string, std::string> KeyOf(JsonView object) {
  const JsonView metadata = object["metadata"];
  return {std::string(metadata["namespace"].string().value_or("")),
          std::string(metadata["name"].string().value_or(""))};
}

// The class as a cluster of its own. A label that differs from node to node was left out of the
// classes; a DaemonSet that asks for one is on a few of the nodes at most, and does not count.
policy::ClusterCapacity Alone(const policy::NodeClass& node,
                              const policy::ClusterCapacity& capacity) {
  policy::ClusterCapacity alone;
  alone.known = true;
  alone.per_node_labels = capacity.per_node_labels;
  alone.classes = {node};
  alone.classes.front().count = 1;
  return alone;
}

}  // namespace

DaemonLoad ReadDaemonSet(JsonView daemon_set) {
  DaemonLoad load;
  Mistake ignored;
  const JsonView spec = daemon_set.At("/spec/template/spec");
  PodContainers containers(ignored);
  containers.AddSidecars(spec["containers"], "");
  containers.AddInitContainers(spec["initContainers"], "");
  const policy::PodExtras extras = containers.Extras();
  load.memory = policy::PodMemory({}, extras);
  load.cpu = policy::PodCpu({}, extras);
  ReadPlacement(spec, "", load.placement, ignored);
  ReadAffinity(spec["affinity"], "", load.placement, ignored);
  // What keeps its pods apart from others does not keep them off a class.
  load.placement.not_understood.clear();
  return load;
}

bool DaemonSets::Put(JsonView daemon_set) {
  Entry& entry = sets_[KeyOf(daemon_set)];
  const bool fresh = entry.generation == 0;
  entry.generation = generation_;
  DaemonLoad load = ReadDaemonSet(daemon_set);
  if (!fresh && load == entry.load) return false;
  entry.load = std::move(load);
  return true;
}

bool DaemonSets::Removed(JsonView daemon_set) { return sets_.erase(KeyOf(daemon_set)) > 0; }

bool DaemonSets::ListEnds() {
  return std::erase_if(sets_, [this](const auto& entry) {
           return entry.second.generation != generation_;
         }) > 0;
}

void DaemonSets::TakeFrom(policy::ClusterCapacity& capacity) const {
  for (policy::NodeClass& node : capacity.classes) {
    const policy::ClusterCapacity alone = Alone(node, capacity);
    policy::ByteSize memory;
    policy::MilliCpu cpu;
    int64_t pods = 0;
    for (const auto& [key, entry] : sets_) {
      if (policy::Eligible(alone, entry.load.placement, {}).groups.empty()) continue;
      memory += entry.load.memory;
      cpu += entry.load.cpu;
      ++pods;
    }
    policy::Resources& room = node.allocatable;
    room.memory = std::max(policy::ByteSize(), room.memory - memory);
    room.cpu = std::max(policy::MilliCpu(), room.cpu - cpu);
    room.pods = std::max<int64_t>(0, room.pods - pods);
  }
}

}  // namespace ballast::k8s
