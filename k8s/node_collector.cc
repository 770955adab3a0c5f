#include "k8s/node_collector.h"

#include <utility>

#include "k8s/manifest_reader.h"
#include "policy/quantity.h"

namespace ballast::k8s {
namespace {

// Taints that only say what state the node is in just now: not what it is. They count as not ready.
bool IsPassing(std::string_view taint) {
  return taint.starts_with("node.kubernetes.io/") ||
         taint == "node.cloudprovider.kubernetes.io/uninitialized" ||
         taint == "ToBeDeletedByClusterAutoscaler" ||
         taint == "DeletionCandidateOfClusterAutoscaler";
}

bool KeepsPodsOff(const policy::Taint& taint) {
  return taint.effect == "NoSchedule" || taint.effect == "NoExecute";
}

}  // namespace

NodeCollector::At NodeCollector::Inside(At at, std::string_view key) {
  struct Way {
    At from;
    std::string_view key;
    At to;
  };
  static constexpr Way kWays[] = {
      {At::kItem, "metadata", At::kMetadata},       {At::kItem, "spec", At::kSpec},
      {At::kItem, "status", At::kStatus},           {At::kMetadata, "labels", At::kLabels},
      {At::kSpec, "taints", At::kTaints},           {At::kStatus, "allocatable", At::kAllocatable},
      {At::kStatus, "conditions", At::kConditions},
  };
  if (at == At::kItems) return At::kItem;
  if (at == At::kTaints) return At::kTaint;
  if (at == At::kConditions) return At::kCondition;
  if (at == At::kTop && key == "items") return At::kItems;
  if (at == At::kTop) at = At::kItem;
  for (const Way& way : kWays) {
    if (way.from == at && way.key == key) return way.to;
  }
  return At::kSkip;
}

void NodeCollector::Fail(SourcePlace place, std::string what) {
  if (!error_) error_ = policy::Error{PlaceText(file_, place), std::move(what)};
}

void NodeCollector::Begin(SourcePlace place, bool list) {
  if (error_) return;
  const At at = open_.empty() ? At::kTop : Inside(open_.back(), key_);
  const bool wants_list = at == At::kItems || at == At::kTaints || at == At::kConditions;
  if (at != At::kSkip && wants_list != list) {
    Fail(place, list ? "must be a map, not a list" : "must be a list, not a map");
  }
  if (at == At::kTop || at == At::kItem) node_ = Node{place, {}};
  if (at == At::kItems) saw_list_ = true;
  if (at == At::kTaint) node_.node.taints.emplace_back();
  if (at == At::kCondition) node_.condition_type = node_.condition_status = {};
  if (at == At::kAllocatable) node_.has_allocatable = true;
  open_.push_back(at);
}

void NodeCollector::BeginMap(SourcePlace place) { Begin(place, false); }
void NodeCollector::BeginList(SourcePlace place) { Begin(place, true); }

void NodeCollector::Key(std::string_view key) {
  if (!open_.empty() && open_.back() != At::kSkip) key_ = key;
}

void NodeCollector::Scalar(std::string_view text, SourcePlace place) {
  if (error_) return;
  if (open_.empty()) {
    Fail(place, "is no Node: give what kubectl get nodes -o yaml prints");
    return;
  }
  switch (open_.back()) {
    case At::kTop:
    case At::kItem:
      if (key_ == "kind") node_.kind = text;
      break;
    case At::kMetadata:
      if (key_ == "name") node_.node.name = text;
      break;
    case At::kLabels:
      node_.node.labels.insert_or_assign(key_, std::string(text));
      break;
    case At::kSpec:
      if (key_ == "unschedulable") node_.unschedulable = text == "true";
      break;
    case At::kTaint: {
      policy::Taint& taint = node_.node.taints.back();
      if (key_ == "key") taint.key = text;
      if (key_ == "value") taint.value = text;
      if (key_ == "effect") taint.effect = text;
      break;
    }
    case At::kCondition:
      if (key_ == "type") node_.condition_type = text;
      if (key_ == "status") node_.condition_status = text;
      break;
    case At::kAllocatable:
      Quantity(text, place);
      break;
    default:
      break;
  }
}

void NodeCollector::Quantity(std::string_view text, SourcePlace place) {
  policy::Resources& room = node_.node.allocatable;
  const auto take = [&](auto parsed, auto& target) {
    if (parsed.ok()) {
      target = *parsed;
    } else {
      Fail(place, parsed.error().what);
    }
  };
  if (key_ == "cpu") {
    take(policy::ParseCpuQuantity(text), room.cpu);
  } else if (key_ == "memory") {
    take(policy::ParseMemoryQuantity(text), room.memory);
  } else if (key_ == "pods") {
    take(policy::ParseCountQuantity(text), room.pods);
  } else if (key_.find('/') != std::string::npos) {
    int64_t count = 0;
    take(policy::ParseCountQuantity(text), count);
    if (count > 0) room.extended[key_] = count;
  }
}

void NodeCollector::FinishTaint() {
  const policy::Taint& taint = node_.node.taints.back();
  if (!IsPassing(taint.key)) return;
  if (KeepsPodsOff(taint)) node_.unschedulable = true;
  node_.node.taints.pop_back();
}

void NodeCollector::FinishNode(bool top) {
  if (top && (saw_list_ || node_.kind.ends_with("List"))) return;
  const bool is_node = node_.kind == "Node" || (!top && node_.kind.empty());
  if (!is_node) {
    const std::string kind = node_.kind.empty() ? "an object without kind" : "a " + node_.kind;
    Fail(node_.place, "is " + kind + ", not a Node: give what kubectl get nodes -o yaml prints");
    return;
  }
  if (!node_.has_allocatable) {
    Fail(node_.place, "the node " + node_.node.name + " has no status.allocatable");
    return;
  }
  // A file that lists no conditions says nothing against its nodes.
  node_.node.count = 1;
  node_.node.ready = node_.ready.value_or(true) && !node_.unschedulable ? 1 : 0;
  sink_(std::move(node_.node));
}

void NodeCollector::End() {
  if (error_ || open_.empty()) return;
  const At at = open_.back();
  open_.pop_back();
  if (at == At::kTaint) FinishTaint();
  if (at == At::kCondition && node_.condition_type == "Ready") {
    node_.ready = node_.condition_status == "True";
  }
  if (at == At::kItem) FinishNode(false);
  if (at == At::kTop) {
    FinishNode(true);
    saw_list_ = false;
  }
}

policy::Result<policy::ClusterCapacity> NodeCollector::Take() && {
  if (error_) return *error_;
  return std::move(classes_).Capacity();
}

}  // namespace ballast::k8s
