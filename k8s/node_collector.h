// Builds the cluster's capacity from the events of a reader, one node at a time, keeping only what
// decides where a pod fits. Memory grows with the kinds of nodes and with labels that differ from
// node to node, not with the text.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "k8s/manifest.h"
#include "policy/capacity.h"
#include "policy/result.h"

namespace ballast::k8s {

inline constexpr std::string_view kHostnameLabel = "kubernetes.io/hostname";
// Whether a label of so many nodes, with so many values, differs from node to node.
bool IsPerNodeLabel(std::string_view label, int64_t nodes, size_t values);
// The order of classes, whatever they are called and however many nodes they have: the roomiest
// first, as people read it.
bool RoomierFirst(const policy::NodeClass& a, const policy::NodeClass& b);

// Joins nodes into classes.
class NodeClasses {
 public:
  void Add(policy::NodeClass node);
  int64_t nodes() const { return nodes_; }
  // Drops the labels that differ from node to node and joins what is then alike.
  policy::ClusterCapacity Capacity() &&;

 private:
  struct LabelValues {
    int64_t nodes = 0;
    std::unordered_set<std::string> values = {};
  };
  struct Less {
    bool operator()(const policy::NodeClass& a, const policy::NodeClass& b) const {
      return RoomierFirst(a, b);
    }
  };

  std::map<policy::NodeClass, policy::NodeClass, Less> classes_;  // what it is -> with its counts
  std::map<std::string, LabelValues, std::less<>> labels_;
  int64_t nodes_ = 0;
};

// Takes the events of documents that hold a Node, or a List of them. After a mistake it ignores
// everything.
class NodeCollector {
 public:
  explicit NodeCollector(std::string file)
      : NodeCollector(std::move(file),
                      [this](policy::NodeClass node) { classes_.Add(std::move(node)); }) {}
  // Gives each node to `sink` instead of joining them; Take then has none.
  NodeCollector(std::string file, std::function<void(policy::NodeClass)> sink)
      : file_(std::move(file)), sink_(std::move(sink)) {}
  NodeCollector(const NodeCollector&) = delete;
  NodeCollector& operator=(const NodeCollector&) = delete;

  void BeginMap(SourcePlace place);
  void BeginList(SourcePlace place);
  void End();
  void Key(std::string_view key);
  void Scalar(std::string_view text, SourcePlace place);
  void Null() {}

  void Fail(SourcePlace place, std::string what);
  const std::optional<policy::Error>& error() const { return error_; }
  policy::Result<policy::ClusterCapacity> Take() &&;

 private:
  // Where in a document the open container stands.
  enum class At : uint8_t {
    kSkip,
    kTop,
    kItems,
    kItem,
    kMetadata,
    kLabels,
    kSpec,
    kTaints,
    kTaint,
    kStatus,
    kAllocatable,
    kConditions,
    kCondition,
  };
  // What is known of the node that is being read.
  struct Node {
    SourcePlace place;
    std::string kind;
    policy::NodeClass node = {};
    bool has_allocatable = false;
    bool unschedulable = false;
    std::optional<bool> ready = {};
    std::string condition_type = {};
    std::string condition_status = {};
  };

  static At Inside(At at, std::string_view key);
  void Begin(SourcePlace place, bool list);
  void Quantity(std::string_view text, SourcePlace place);
  void FinishTaint();
  void FinishNode(bool top);

  std::string file_;
  std::function<void(policy::NodeClass)> sink_;
  std::vector<At> open_;
  std::string key_;
  Node node_;
  bool saw_list_ = false;
  NodeClasses classes_;
  std::optional<policy::Error> error_;
};

// The two readers under ReadNodes. They return early where the collector has an error.
void ReadNodesYaml(std::istream& input, NodeCollector& collector);
void ReadNodesJson(std::istream& input, NodeCollector& collector);

}  // namespace ballast::k8s
