#include "policy/capacity.h"

#include <algorithm>

#include "policy/share.h"

namespace ballast::policy {
namespace {

// What is left of `amount` when `percent` of it is taken, rounded down.
int64_t LessPercent(int64_t amount, double percent) {
  if (amount <= 0) return 0;
  if (!(percent > 0)) return amount;  // NaN takes nothing
  return ShareOf(amount, (100 - percent) / 100);
}

bool TermMatches(const std::vector<Requirement>& term, const Labels& labels) {
  // A term without requirements matches no node (core/v1 NodeSelectorTerm).
  return !term.empty() &&
         std::all_of(term.begin(), term.end(),
                     [&](const Requirement& requirement) { return Matches(requirement, labels); });
}

bool SelectorMatches(const Labels& selector, const Labels& labels) {
  return std::all_of(selector.begin(), selector.end(), [&](const auto& wanted) {
    const auto found = labels.find(wanted.first);
    return found != labels.end() && found->second == wanted.second;
  });
}

bool Tolerated(const std::vector<Taint>& taints, const Placement& placement,
               const std::vector<Toleration>* assumed) {
  if (taints.empty()) return true;
  if (!assumed || assumed->empty()) return Tolerates(placement.tolerations, taints);
  std::vector<Toleration> all = placement.tolerations;
  all.insert(all.end(), assumed->begin(), assumed->end());
  return Tolerates(all, taints);
}

bool MayRun(const NodeClass& nodes, const Placement& placement, const CapacityQuestion& question) {
  if (nodes.count <= 0) return false;
  if (question.excluded && Matches(*question.excluded, nodes.labels)) return false;
  if (!SelectorMatches(placement.node_selector, nodes.labels)) return false;
  if (question.assumed_node_selector &&
      !SelectorMatches(*question.assumed_node_selector, nodes.labels)) {
    return false;
  }
  if (!placement.affinity_terms.empty() &&
      std::none_of(placement.affinity_terms.begin(), placement.affinity_terms.end(),
                   [&](const auto& term) { return TermMatches(term, nodes.labels); })) {
    return false;
  }
  return Tolerated(nodes.taints, placement, question.assumed_tolerations);
}

// A required label that differs from node to node was left out of the classes.
std::string RequiredNodeLabel(const Placement& placement, const CapacityQuestion& question) {
  if (!question.cluster) return "";
  for (const std::string& key : question.cluster->per_node_labels) {
    if (placement.node_selector.contains(key)) return key;
    if (question.assumed_node_selector && question.assumed_node_selector->contains(key)) return key;
    for (const auto& term : placement.affinity_terms) {
      for (const Requirement& requirement : term) {
        if (requirement.key == key) return key;
      }
    }
  }
  return "";
}

std::string WhyAbstain(const CapacityQuestion& question, const Placement& placement) {
  if (!placement.not_understood.empty()) {
    return "Ballast cannot judge where the pods may run: " + placement.not_understood;
  }
  if (!placement.node_name.empty()) {
    return "the pods are pinned to the node " + placement.node_name;
  }
  const bool live = question.cluster && question.cluster->known;
  if (!live && (!question.pools || question.pools->empty())) {
    return "the cluster's capacity is not known";
  }
  if (const std::string key = RequiredNodeLabel(placement, question); !key.empty()) {
    return "the pods require the label " + key + ", which differs from node to node";
  }
  return "";
}

void Join(std::vector<EligibleNodes::Group>& groups, const NodeClass& nodes,
          const Reserve& reserve) {
  Resources room = AfterReserve(nodes.allocatable, reserve);
  for (EligibleNodes::Group& group : groups) {
    if (group.declared != nodes.declared || group.room != room) continue;
    group.count = SaturatingAdd(group.count, nodes.count);
    group.ready = SaturatingAdd(group.ready, nodes.ready);
    return;
  }
  groups.push_back({nodes.name, std::move(room), nodes.count, nodes.ready, nodes.declared});
}

template <typename Part>
int64_t Total(const std::vector<EligibleNodes::Group>& groups, Part part) {
  int64_t total = 0;
  for (const EligibleNodes::Group& group : groups) {
    total = SaturatingAdd(total, SaturatingMultiply(part(group.room), group.count));
  }
  return total;
}

}  // namespace

Resources AfterReserve(const Resources& allocatable, const Reserve& reserve) {
  Resources room = allocatable;
  room.cpu = Millis(LessPercent((room.cpu - reserve.cpu).millis(), reserve.percent));
  room.memory = Bytes(LessPercent((room.memory - reserve.memory).bytes(), reserve.percent));
  return room;
}

int64_t EligibleNodes::nodes() const {
  int64_t total = 0;
  for (const Group& group : groups) total = SaturatingAdd(total, group.count);
  return total;
}

ByteSize EligibleNodes::memory() const {
  return Bytes(Total(groups, [](const Resources& room) { return room.memory.bytes(); }));
}

MilliCpu EligibleNodes::cpu() const {
  return Millis(Total(groups, [](const Resources& room) { return room.cpu.millis(); }));
}

int64_t EligibleNodes::pods() const {
  return Total(groups, [](const Resources& room) { return room.pods; });
}

EligibleNodes Eligible(const CapacityQuestion& question, const Placement& placement) {
  EligibleNodes eligible;
  eligible.pools_declared = question.pools && !question.pools->empty();
  eligible.abstain = WhyAbstain(question, placement);
  if (!eligible.known()) return eligible;

  auto take = [&](const std::vector<NodeClass>& classes) {
    for (const NodeClass& nodes : classes) {
      if (MayRun(nodes, placement, question)) Join(eligible.groups, nodes, question.reserve);
    }
  };
  if (question.cluster) take(question.cluster->classes);
  if (question.pools) take(*question.pools);
  std::stable_sort(eligible.groups.begin(), eligible.groups.end(),
                   [](const EligibleNodes::Group& a, const EligibleNodes::Group& b) {
                     if (a.room.memory != b.room.memory) return a.room.memory > b.room.memory;
                     return a.room.cpu > b.room.cpu;
                   });
  return eligible;
}

EligibleNodes Eligible(const ClusterCapacity& cluster, const Placement& placement,
                       const Reserve& reserve) {
  CapacityQuestion question;
  question.cluster = &cluster;
  question.reserve = reserve;
  EligibleNodes eligible = Eligible(question, placement);
  eligible.pools_declared = std::any_of(cluster.classes.begin(), cluster.classes.end(),
                                        [](const NodeClass& nodes) { return nodes.declared; });
  return eligible;
}

int64_t FitsPerNode(const Resources& room, ByteSize memory, MilliCpu cpu,
                    const ExtendedResources& extended) {
  int64_t fits = std::max<int64_t>(room.pods, 0);
  auto limit = [&fits](int64_t have, int64_t ask) {
    if (ask > 0) fits = std::min(fits, std::max<int64_t>(have, 0) / ask);
  };
  limit(room.memory.bytes(), memory.bytes());
  limit(room.cpu.millis(), cpu.millis());
  for (const auto& [name, ask] : extended) {
    const auto found = room.extended.find(name);
    limit(found == room.extended.end() ? 0 : found->second, ask);
  }
  return fits;
}

int64_t Placeable(const EligibleNodes& nodes, ByteSize memory, MilliCpu cpu,
                  const ExtendedResources& extended) {
  int64_t placeable = 0;
  for (const EligibleNodes::Group& group : nodes.groups) {
    if (group.ready <= 0) continue;
    const int64_t fits = FitsPerNode(group.room, memory, cpu, extended);
    placeable = SaturatingAdd(placeable, SaturatingMultiply(fits, group.ready));
  }
  return placeable;
}

}  // namespace ballast::policy
