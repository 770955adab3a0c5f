// Nodes of the live cluster make the same classes as a file of the same nodes.
#include "k8s/live/node_table.h"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>

#include "k8s/json_text.h"
#include "k8s/live/node_reader.h"
#include "k8s/nodes.h"
#include "policy/quantity.h"

namespace ballast::k8s {
namespace {

using nlohmann::json;

json Node(const std::string& name, const std::string& memory = "64Gi") {
  return {{"metadata", {{"name", name}, {"labels", {{"kubernetes.io/hostname", name}}}}},
          {"status",
           {{"allocatable", {{"cpu", "16"}, {"memory", memory}, {"pods", "110"}}},
            {"conditions", {{{"type", "Ready"}, {"status", "True"}}}},
            {"images", {{{"names", {"a", "b"}}, {"sizeBytes", 5}}}}}}};
}

std::vector<json> MixedNodes() {
  std::vector<json> nodes;
  for (int i = 0; i < 40; ++i) {
    json node = Node("n" + std::to_string(i), i % 3 == 0 ? "128Gi" : "64Gi");
    json& labels = node["metadata"]["labels"];
    labels["pool"] = i % 3 == 0 ? "big" : "small";
    labels["example.dev/instance"] = "i-" + std::to_string(i * 7919);  // differs from node to node
    if (i % 5 == 0) node["spec"]["unschedulable"] = true;
    if (i % 7 == 0) node["status"]["conditions"][0]["status"] = "Unknown";
    if (i % 10 == 0) {
      node["spec"]["taints"] = {
          {{"key", "dedicated"}, {"value", "x"}, {"effect", "NoSchedule"}},
          {{"key", "node.kubernetes.io/unreachable"}, {"effect", "NoExecute"}}};
    }
    if (i == 20) node["status"]["allocatable"]["nvidia.com/gpu"] = "4";
    nodes.push_back(std::move(node));
  }
  return nodes;
}

NodeTable TableOf(const std::vector<json>& nodes) {
  NodeTable table;
  table.ListBegins();
  for (const json& node : nodes) {
    auto read = ReadNode(JsonView(node));
    EXPECT_TRUE(read.ok()) << read.error().what;
    table.Put(*std::move(read));
  }
  table.ListEnds();
  return table;
}

policy::NodeClass Read(const json& node) { return *ReadNode(JsonView(node)); }

TEST(NodeTableTest, MakesTheClassesThatAFileOfThemMakes) {
  const std::vector<json> nodes = MixedNodes();
  std::istringstream file(PrintJson(json{{"kind", "NodeList"}, {"items", nodes}}));
  const auto want = ReadNodes(file, "nodes.json");
  ASSERT_TRUE(want.ok()) << want.error().what;
  const policy::ClusterCapacity got = TableOf(nodes).Capacity();
  EXPECT_TRUE(got.known);
  EXPECT_EQ(got.per_node_labels, want->per_node_labels);
  EXPECT_EQ(got.per_node_labels,
            (std::vector<std::string>{"kubernetes.io/hostname", "example.dev/instance"}));
  EXPECT_EQ(got.classes, want->classes);
  EXPECT_EQ(got.classes.size(), 5u);
}

TEST(NodeTableTest, KnowsNothingWithoutNodes) { EXPECT_FALSE(NodeTable().Capacity().known); }

struct Change {
  std::string name;
  std::function<void(json&)> change;
  bool matters;
};
void PrintTo(const Change& change, std::ostream* out) { *out << change.name; }

const Change kChanges[] = {
    {"AHeartbeat",
     [](json& node) {
       node["metadata"]["resourceVersion"] = "77";
       node["status"]["conditions"][0]["lastHeartbeatTime"] = "2026-11-21T10:00:00Z";
     },
     false},
    {"AnImageMore",
     [](json& node) {
       node["status"]["images"].push_back({{"sizeBytes", 7}});
     },
     false},
    {"TheSameRoomSpelledOtherwise",
     [](json& node) { node["status"]["allocatable"]["memory"] = "67108864Ki"; }, false},
    {"NotReady", [](json& node) { node["status"]["conditions"][0]["status"] = "False"; }, true},
    {"Cordoned", [](json& node) { node["spec"]["unschedulable"] = true; }, true},
    {"ALabel", [](json& node) { node["metadata"]["labels"]["a"] = "b"; }, true},
    {"ATaint",
     [](json& node) {
       node["spec"]["taints"] = {{{"key", "k"}, {"effect", "NoSchedule"}}};
     },
     true},
    {"LessRoom", [](json& node) { node["status"]["allocatable"]["cpu"] = "15900m"; }, true},
};

class NodeTableChange : public testing::TestWithParam<Change> {};

TEST_P(NodeTableChange, OnlyWhatMattersIsNews) {
  NodeTable table;
  json node = Node("a");
  EXPECT_TRUE(table.Put(Read(node)));
  GetParam().change(node);
  EXPECT_EQ(table.Put(Read(node)), GetParam().matters);
  EXPECT_FALSE(table.Put(Read(node)));
}

INSTANTIATE_TEST_SUITE_P(Changes, NodeTableChange, testing::ValuesIn(kChanges),
                         [](const auto& tested) { return tested.param.name; });

TEST(NodeTableTest, ANewListTakesAwayWhatItDoesNotName) {
  NodeTable table;
  table.ListBegins();
  table.Put(Read(Node("a")));
  table.Put(Read(Node("b")));
  EXPECT_FALSE(table.ListEnds());
  table.ListBegins();
  EXPECT_FALSE(table.Put(Read(Node("b"))));
  EXPECT_TRUE(table.ListEnds());
  EXPECT_EQ(table.size(), 1u);
  EXPECT_TRUE(table.Remove("b"));
  EXPECT_FALSE(table.Remove("b"));
}

TEST(ReadNodeTest, SaysWhatIsWrongWithWhichNode) {
  json node = Node("a", "lots");
  const auto bad = ReadNode(JsonView(node));
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().where, "node a");
  EXPECT_EQ(bad.error().what, policy::ParseMemoryQuantity("lots").error().what);
  node["status"].erase("allocatable");
  EXPECT_EQ(ReadNode(JsonView(node)).error().what, "the node a has no status.allocatable");
  EXPECT_FALSE(ReadNode(JsonView(json::object())).ok());
  EXPECT_FALSE(ReadNode(JsonView(json{{"metadata", 5}, {"status", {{"allocatable", "x"}}}})).ok());
}

}  // namespace
}  // namespace ballast::k8s
