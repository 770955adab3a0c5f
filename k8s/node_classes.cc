#include <algorithm>
#include <tuple>
#include <utility>

#include "k8s/node_collector.h"

namespace ballast::k8s {
namespace {

// A label counts as a node's own where so many nodes have it and nine in ten have another value.
constexpr int64_t kEnoughNodes = 16;

}  // namespace

bool IsPerNodeLabel(std::string_view label, int64_t nodes, size_t values) {
  if (label == kHostnameLabel) return true;
  return nodes >= kEnoughNodes && static_cast<int64_t>(values) * 10 >= nodes * 9;
}

bool RoomierFirst(const policy::NodeClass& a, const policy::NodeClass& b) {
  return std::tie(b.allocatable.memory, b.allocatable, a.labels, a.taints) <
         std::tie(a.allocatable.memory, a.allocatable, b.labels, b.taints);
}

void NodeClasses::Add(policy::NodeClass node) {
  ++nodes_;
  node.labels.erase(std::string(kHostnameLabel));
  std::sort(node.taints.begin(), node.taints.end());
  for (const auto& [key, value] : node.labels) {
    LabelValues& known = labels_.try_emplace(key).first->second;
    ++known.nodes;
    known.values.insert(value);
  }
  const auto found = classes_.find(node);
  if (found == classes_.end()) {
    policy::NodeClass counts;
    counts.name = node.name;
    counts.count = node.count;
    counts.ready = node.ready;
    classes_.emplace(std::move(node), std::move(counts));
    return;
  }
  policy::NodeClass& counts = found->second;
  counts.count += node.count;
  counts.ready += node.ready;
  counts.name = std::min(counts.name, node.name);
}

policy::ClusterCapacity NodeClasses::Capacity() && {
  policy::ClusterCapacity capacity;
  capacity.known = nodes_ > 0;
  if (!capacity.known) return capacity;
  capacity.per_node_labels.emplace_back(kHostnameLabel);
  for (const auto& [key, known] : labels_) {
    if (IsPerNodeLabel(key, known.nodes, known.values.size()))
      capacity.per_node_labels.push_back(key);
  }
  labels_.clear();
  // Joined again without those labels; what stays alike only adds up.
  NodeClasses joined;
  while (!classes_.empty()) {
    auto entry = classes_.extract(classes_.begin());
    policy::NodeClass node = std::move(entry.key());
    node.name = std::move(entry.mapped().name);
    node.count = entry.mapped().count;
    node.ready = entry.mapped().ready;
    for (const std::string& label : capacity.per_node_labels) node.labels.erase(label);
    joined.Add(std::move(node));
  }
  for (auto& [node, counts] : joined.classes_) {
    policy::NodeClass& last = capacity.classes.emplace_back(node);
    last.name = counts.name;
    last.count = counts.count;
    last.ready = counts.ready;
  }
  return capacity;
}

}  // namespace ballast::k8s
