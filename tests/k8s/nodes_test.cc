#include "k8s/nodes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <streambuf>
#include <string>
#include <utility>
#include <vector>

#include "k8s/json_text.h"
#include "k8s/manifest.h"

namespace ballast::k8s {
namespace {

using policy::ClusterCapacity;
using policy::NodeClass;

const std::string kTestData = std::string(BALLAST_SOURCE_DIR) + "/tests/testdata/k8s/";

ClusterCapacity Read(const std::string& text) {
  std::istringstream input(text);
  auto capacity = ReadNodes(input, "nodes");
  EXPECT_TRUE(capacity.ok()) << capacity.error().where << ": " << capacity.error().what;
  return capacity.ok() ? *capacity : ClusterCapacity{};
}

std::string Node(const std::string& name, const std::string& rest = "") {
  return "---\nkind: Node\nmetadata: {name: " + name +
         ", labels: {kubernetes.io/hostname: " + name +
         "}}\nstatus:\n  allocatable: {cpu: \"16\", memory: 64Gi, pods: \"110\"}\n" + rest;
}

void ExpectTheTwoPools(const ClusterCapacity& capacity) {
  ASSERT_EQ(capacity.classes.size(), 3u);
  const NodeClass& big = capacity.classes[0];
  EXPECT_EQ(big.name, "ip-10-0-1-11.eu-central-1.compute.internal");
  EXPECT_EQ(big.allocatable.cpu, policy::Millis(15890));
  EXPECT_EQ(big.allocatable.memory, policy::Bytes(int64_t{123456784} * 1024));
  EXPECT_EQ(big.allocatable.pods, 58);
  EXPECT_EQ(big.allocatable.extended, (std::map<std::string, int64_t, std::less<>>{}));
  EXPECT_EQ(big.count, 2);
  EXPECT_EQ(big.ready, 1);  // the other one is cordoned
  EXPECT_EQ(big.labels.at("node-pool"), "spark-r6i");
  EXPECT_FALSE(big.labels.contains("kubernetes.io/hostname"));
  EXPECT_EQ(big.taints, (std::vector<policy::Taint>{{"spot", "true", "NoSchedule"}}));
  const NodeClass& gpu = capacity.classes[1];
  EXPECT_EQ(gpu.allocatable.extended,
            (std::map<std::string, int64_t, std::less<>>{{"nvidia.com/gpu", 4}}));
  EXPECT_EQ(gpu.ready, 0);  // not ready
  const NodeClass& control = capacity.classes[2];
  EXPECT_EQ(
      control.taints,
      (std::vector<policy::Taint>{{"node-role.kubernetes.io/control-plane", "", "NoSchedule"}}));
  EXPECT_EQ(capacity.per_node_labels, std::vector<std::string>{"kubernetes.io/hostname"});
  EXPECT_TRUE(capacity.known);
}

TEST(Nodes, WhatKubectlPrintsAsYaml) {
  const auto capacity = ReadNodesFile(kTestData + "nodes.yaml");
  ASSERT_TRUE(capacity.ok()) << capacity.error().where << ": " << capacity.error().what;
  ExpectTheTwoPools(*capacity);
}

TEST(Nodes, AndAsJson) {
  std::ifstream file(kTestData + "nodes.yaml");
  std::ostringstream text;
  text << file.rdbuf();
  auto documents = ReadManifests(text.str(), "nodes.yaml");
  ASSERT_TRUE(documents.ok());
  nlohmann::json list = {{"kind", "List"}, {"items", nlohmann::json::array()}};
  for (const ManifestDocument& document : *documents) list["items"].push_back(document.object);
  ExpectTheTwoPools(Read(PrintJson(list, 2)));
  std::string many;
  for (const nlohmann::json& node : list["items"]) many += PrintJson(node) + "\n";
  ExpectTheTwoPools(Read(many));
}

// What a pipe gives: a few bytes at a time, and none of them twice.
class Pipe : public std::streambuf {
 public:
  explicit Pipe(std::string text) : text_(std::move(text)) {}

 protected:
  int_type underflow() override {
    if (at_ == text_.size()) return traits_type::eof();
    constexpr size_t kAtOnce = 100;
    const size_t size = std::min(kAtOnce, text_.size() - at_);
    setg(text_.data() + at_, text_.data() + at_, text_.data() + at_ + size);
    at_ += size;
    return traits_type::to_int_type(*gptr());
  }

 private:
  std::string text_;
  size_t at_ = 0;
};

TEST(Nodes, FromAPipe) {
  std::string yaml;
  nlohmann::json list = {{"kind", "List"}, {"items", nlohmann::json::array()}};
  for (int i = 0; i < 500; ++i) {
    const std::string name = "n" + std::to_string(i);
    yaml += Node(name);
    list["items"].push_back({{"kind", "Node"},
                             {"metadata", {{"name", name}}},
                             {"status", {{"allocatable", {{"cpu", "16"}, {"memory", "64Gi"}}}}}});
  }
  for (const std::string& text : {yaml, PrintJson(list), PrintJson(list, 2)}) {
    Pipe pipe(text);
    std::istream input(&pipe);
    const auto capacity = ReadNodes(input, "pipe");
    ASSERT_TRUE(capacity.ok()) << capacity.error().where << ": " << capacity.error().what;
    ASSERT_EQ(capacity->classes.size(), 1u);
    EXPECT_EQ(capacity->classes[0].count, 500);
  }
}

TEST(Nodes, OneNodeAndManyDocuments) {
  EXPECT_EQ(Read(Node("a")).classes.at(0).count, 1);
  const auto three = Read(Node("b") + Node("a") + Node("c"));
  ASSERT_EQ(three.classes.size(), 1u);
  EXPECT_EQ(three.classes[0].count, 3);
  EXPECT_EQ(three.classes[0].ready, 3);
  EXPECT_EQ(three.classes[0].name, "a");
}

TEST(Nodes, NoneIsNotKnown) {
  EXPECT_FALSE(Read("").known);
  EXPECT_FALSE(Read("apiVersion: v1\nkind: List\nitems: []\n").known);
  EXPECT_FALSE(Read(R"({"kind":"NodeList","items":[]})").known);
}

TEST(Nodes, WhatIsPassingMakesANodeNotReadyButKeepsItsClass) {
  const auto capacity =
      Read(Node("a") + Node("b", "spec: {unschedulable: true}\n") +
           Node("c", "spec: {taints: [{key: node.kubernetes.io/not-ready, effect: NoExecute}]}\n") +
           Node("d", "spec: {taints: [{key: node.kubernetes.io/x, effect: PreferNoSchedule}]}\n"));
  ASSERT_EQ(capacity.classes.size(), 1u);
  EXPECT_EQ(capacity.classes[0].count, 4);
  EXPECT_EQ(capacity.classes[0].ready, 2);
}

TEST(Nodes, LabelsOfEveryNodeAreLeftOutFromSixteenNodesOn) {
  const auto labelled = [](int nodes) {
    std::string text;
    for (int i = 0; i < nodes; ++i) {
      text += "---\nkind: Node\nmetadata: {name: n" + std::to_string(i) + ", labels: {id: x" +
              std::to_string(i) + ", zone: z" + std::to_string(i % 3) +
              "}}\nstatus: {allocatable: {cpu: 1, memory: 1Gi}}\n";
    }
    return Read(text);
  };
  EXPECT_EQ(labelled(15).classes.size(), 15u);
  EXPECT_EQ(labelled(16).classes.size(), 3u);
  EXPECT_EQ(labelled(16).per_node_labels,
            (std::vector<std::string>{"kubernetes.io/hostname", "id"}));
}

struct MistakeCase {
  const char* name;
  const char* text;
  policy::Error want;
};

class NodesMistake : public testing::TestWithParam<MistakeCase> {};

TEST_P(NodesMistake, NamesLineAndColumn) {
  std::istringstream input(GetParam().text);
  const auto capacity = ReadNodes(input, "nodes");
  ASSERT_FALSE(capacity.ok());
  EXPECT_EQ(capacity.error().where, GetParam().want.where);
  EXPECT_TRUE(capacity.error().what.starts_with(GetParam().want.what)) << capacity.error().what;
}

INSTANTIATE_TEST_SUITE_P(
    Table, NodesMistake,
    testing::Values(
        MistakeCase{"Quantity",
                    "kind: Node\nstatus:\n  allocatable:\n    memory: 64 GB\n",
                    {"nodes:4:13", ""}},
        MistakeCase{"QuantityInJson",
                    "{\"kind\": \"Node\",\n \"status\": {\"allocatable\": {\"cpu\": \"many\"}}}",
                    {"nodes:2:36", ""}},
        MistakeCase{
            "APod", "kind: Pod\n", {"nodes:1:1", "is a Pod, not a Node: give what kubectl "}},
        MistakeCase{"APodInAList",
                    "kind: List\nitems:\n- kind: Pod\n",
                    {"nodes:3:3", "is a Pod, not a Node"}},
        MistakeCase{"NoKind", "a: b\n", {"nodes:1:1", "is an object without kind, not a Node"}},
        MistakeCase{"NoAllocatable",
                    "kind: Node\nmetadata: {name: a}\n",
                    {"nodes:1:1", "the node a has no status.allocatable"}},
        MistakeCase{"Text", "hello\n", {"nodes:1:1", "is no Node: give what kubectl get nodes"}},
        MistakeCase{"AList", "- kind: Node\n", {"nodes:1:1", "must be a map, not a list"}},
        MistakeCase{"ItemsIsAMap",
                    "kind: List\nitems: {a: b}\n",
                    {"nodes:2:8", "must be a list, not a map"}},
        MistakeCase{"Alias", "a: &x b\nc: *x\n", {"nodes:2:4", "aliases are not read"}},
        MistakeCase{"OnlyAComma", ",", {"nodes:1:1", "is not valid YAML: no value begins like"}},
        MistakeCase{"BadYaml", "a: [\n", {"nodes:2:1", "is not valid YAML: "}},
        MistakeCase{"BadJson", "{\"a\": tru}", {"nodes:1:10", "is not valid JSON: syntax error"}}),
    [](const auto& row) { return row.param.name; });

TEST(Nodes, DeepNestingIsRefused) {
  for (const char* level : {"[", "{\"a\":", "- "}) {
    std::string text = level[0] == '{' ? "" : "a: ";
    for (int i = 0; i < 100000; ++i) text += level;
    std::istringstream input(text);
    EXPECT_FALSE(ReadNodes(input, "nodes").ok());
  }
}

}  // namespace
}  // namespace ballast::k8s
