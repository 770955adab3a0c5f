#include "k8s/live/node_table.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "k8s/node_collector.h"

namespace ballast::k8s {
namespace {

// What no label holds: keys and values are made of letters, digits and a few marks.
constexpr char kAfterKey = '\x1f';
constexpr char kAfterValue = '\x1e';

bool Fits(std::string_view text) {
  return text.find_first_of("\x1e\x1f") == std::string_view::npos;
}

// Labels as one text, a tenth of a map's size: key, mark, value, mark, ...
std::string PackLabels(const policy::Labels& labels) {
  std::string packed;
  for (const auto& [key, value] : labels) {
    if (!Fits(key) || !Fits(value)) continue;
    packed += key;
    packed += kAfterKey;
    packed += value;
    packed += kAfterValue;
  }
  packed.shrink_to_fit();
  return packed;
}

// visit(key, value, both with their marks)
template <typename Visit>
void ForEachLabel(std::string_view packed, Visit visit) {
  while (!packed.empty()) {
    const size_t key = packed.find(kAfterKey);
    const size_t value = packed.find(kAfterValue, key);
    visit(packed.substr(0, key), packed.substr(key + 1, value - key - 1),
          packed.substr(0, value + 1));
    packed.remove_prefix(value + 1);
  }
}

struct ClassKey {
  policy::Resources allocatable;
  std::string labels;
  std::vector<policy::Taint> taints;

  bool operator<(const ClassKey& other) const {
    return std::tie(allocatable, labels, taints) <
           std::tie(other.allocatable, other.labels, other.taints);
  }
};

struct Counts {
  std::string_view name;  // the first in order
  int64_t count = 0;
  int64_t ready = 0;
};

policy::NodeClass ClassOf(const ClassKey& key, const Counts& counts) {
  policy::NodeClass node;
  node.name = counts.name;
  node.allocatable = key.allocatable;
  node.taints = key.taints;
  node.count = counts.count;
  node.ready = counts.ready;
  ForEachLabel(key.labels, [&](std::string_view label, std::string_view value, std::string_view) {
    node.labels.emplace(label, value);
  });
  return node;
}

}  // namespace

bool NodeTable::Put(policy::NodeClass node) {
  Row row;
  node.labels.erase(std::string(kHostnameLabel));
  row.labels = PackLabels(node.labels);
  row.allocatable = std::move(node.allocatable);
  row.taints = std::move(node.taints);
  std::sort(row.taints.begin(), row.taints.end());
  row.ready = node.ready > 0;
  row.generation = generation_;
  const auto found = rows_.find(node.name);
  if (found == rows_.end()) {
    rows_.emplace(std::move(node.name), std::move(row));
    return true;
  }
  if (found->second.SameAs(row)) {
    found->second.generation = generation_;
    return false;
  }
  found->second = std::move(row);
  return true;
}

bool NodeTable::Remove(std::string_view name) {
  const auto found = rows_.find(name);
  if (found == rows_.end()) return false;
  rows_.erase(found);
  return true;
}

bool NodeTable::ListEnds() {
  return std::erase_if(
             rows_, [this](const auto& row) { return row.second.generation != generation_; }) > 0;
}

std::vector<std::string> NodeTable::PerNodeLabels() const {
  struct Values {
    int64_t nodes = 0;
    std::unordered_set<size_t> hashes;
  };
  std::map<std::string_view, Values> known;
  for (const auto& [name, row] : rows_) {
    ForEachLabel(row.labels, [&](std::string_view key, std::string_view value, std::string_view) {
      Values& values = known[key];
      ++values.nodes;
      values.hashes.insert(std::hash<std::string_view>()(value));
    });
  }
  std::vector<std::string> labels = {std::string(kHostnameLabel)};
  for (const auto& [key, values] : known) {
    if (IsPerNodeLabel(key, values.nodes, values.hashes.size())) labels.emplace_back(key);
  }
  return labels;
}

policy::ClusterCapacity NodeTable::Capacity() const {
  policy::ClusterCapacity capacity;
  capacity.known = !rows_.empty();
  if (!capacity.known) return capacity;
  capacity.per_node_labels = PerNodeLabels();
  const auto& own = capacity.per_node_labels;
  std::map<ClassKey, Counts> classes;
  for (const auto& [name, row] : rows_) {
    ClassKey key{row.allocatable, {}, row.taints};
    ForEachLabel(row.labels, [&](std::string_view label, std::string_view, std::string_view both) {
      if (std::find(own.begin(), own.end(), label) == own.end()) key.labels += both;
    });
    Counts& counts = classes[std::move(key)];
    if (counts.count == 0 || name < counts.name) counts.name = name;
    ++counts.count;
    counts.ready += row.ready ? 1 : 0;
  }
  for (const auto& [key, counts] : classes) capacity.classes.push_back(ClassOf(key, counts));
  std::sort(capacity.classes.begin(), capacity.classes.end(), RoomierFirst);
  return capacity;
}

}  // namespace ballast::k8s
