// The nodes of a live cluster, each in as few bytes as decide where a pod fits, and the classes
// that they make. One thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "policy/capacity.h"

namespace ballast::k8s {

class NodeTable {
 public:
  // As a list and a watch tell it: what was not put between the two is gone.
  void ListBegins() { ++generation_; }
  // True: something that capacity follows from is other than before. (A heartbeat changes nothing.)
  bool ListEnds();
  // One node; its `ready` is 0 or 1.
  bool Put(policy::NodeClass node);
  bool Remove(std::string_view name);

  size_t size() const { return rows_.size(); }
  // As ReadNodes makes it of the same nodes.
  policy::ClusterCapacity Capacity() const;

 private:
  struct Row {
    policy::Resources allocatable;
    std::vector<policy::Taint> taints;
    std::string labels;  // see PackLabels
    bool ready = false;
    uint64_t generation = 0;

    bool SameAs(const Row& other) const {
      return ready == other.ready && allocatable == other.allocatable && taints == other.taints &&
             labels == other.labels;
    }
  };
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  std::vector<std::string> PerNodeLabels() const;

  std::unordered_map<std::string, Row, Hash, std::equal_to<>> rows_;  // by name
  uint64_t generation_ = 0;
};

}  // namespace ballast::k8s
