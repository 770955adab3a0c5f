#include "k8s/live/node_reader.h"

#include <optional>
#include <string>
#include <utility>

#include "k8s/node_collector.h"

namespace ballast::k8s {
namespace {

// Tells the collector a value as a reader of text would. What is deeper than any node is left out.
void Feed(JsonView value, int depth, NodeCollector& collector) {
  constexpr int kDeepest = 8;
  const bool deep = depth > kDeepest;
  if (value.is_object() && !deep) {
    collector.BeginMap({});
    value.ForEachMember([&](std::string_view key, JsonView member) {
      collector.Key(key);
      Feed(member, depth + 1, collector);
    });
    collector.End();
  } else if (value.is_array() && !deep) {
    collector.BeginList({});
    value.ForEachElement([&](JsonView element) { Feed(element, depth + 1, collector); });
    collector.End();
  } else if (const auto text = value.string()) {
    collector.Scalar(*text, {});
  } else if (const auto flag = value.boolean()) {
    collector.Scalar(*flag ? "true" : "false", {});
  } else if (const auto number = value.integer()) {
    collector.Scalar(std::to_string(*number), {});
  } else {
    collector.Null();
  }
}

// A map of some members only: nine tenths of a node are its images.
void FeedMembers(JsonView map, std::initializer_list<std::string_view> keys,
                 NodeCollector& collector) {
  collector.BeginMap({});
  for (const std::string_view key : keys) {
    if (!map[key].exists()) continue;
    collector.Key(key);
    Feed(map[key], 2, collector);
  }
  collector.End();
}

}  // namespace

policy::Result<policy::NodeClass> ReadNode(JsonView node) {
  std::optional<policy::NodeClass> read;
  const std::string name(node.At("/metadata/name").string().value_or(""));
  NodeCollector collector("node " + name,
                          [&read](policy::NodeClass found) { read = std::move(found); });
  collector.BeginMap({});
  collector.Key("kind");
  collector.Scalar("Node", {});
  collector.Key("metadata");
  FeedMembers(node["metadata"], {"name", "labels"}, collector);
  collector.Key("spec");
  FeedMembers(node["spec"], {"unschedulable", "taints"}, collector);
  collector.Key("status");
  FeedMembers(node["status"], {"allocatable", "conditions"}, collector);
  collector.End();
  if (collector.error()) return policy::Error{"node " + name, collector.error()->what};
  if (!read || read->name.empty()) return policy::Error{"node " + name, "has no name"};
  return *std::move(read);
}

}  // namespace ballast::k8s
