#include "k8s/live/daemon_sets.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ballast::k8s {
namespace {

using nlohmann::json;

json DaemonSet(const std::string& name, json pod) {
  return {{"metadata", {{"name", name}, {"namespace", "kube-system"}}},
          {"spec", {{"template", {{"spec", std::move(pod)}}}}}};
}

json Container(const std::string& cpu, const std::string& memory) {
  return {{"name", "c" + cpu + memory},
          {"resources", {{"requests", {{"cpu", cpu}, {"memory", memory}}}}}};
}

policy::ClusterCapacity TwoPools() {
  policy::ClusterCapacity capacity;
  capacity.known = true;
  capacity.per_node_labels = {"kubernetes.io/hostname"};
  for (const char* name : {"cpu", "gpu"}) {
    policy::NodeClass& node = capacity.classes.emplace_back();
    node.name = name;
    node.labels = {{"pool", name}};
    node.allocatable = {policy::Cores(16), policy::Gibibytes(64), 110, {}};
    node.count = 3;
  }
  capacity.classes[1].taints = {{"nvidia.com/gpu", "", "NoSchedule"}};
  return capacity;
}

struct Daemon {
  std::string name;
  json pod;
  std::string taken;  // "cpu memory pods" of each pool
};
void PrintTo(const Daemon& daemon, std::ostream* out) { *out << daemon.name; }

const Daemon kDaemons[] = {
    {"OnlyWhereItsPodsAreTolerated",
     {{"containers", {Container("100m", "1Gi")}}},
     "100m 1024Mi 1; 0m 0Mi 0"},
    {"EverywhereWithATolerationOfAll",
     {{"containers", {Container("100m", "1Gi")}}, {"tolerations", {{{"operator", "Exists"}}}}},
     "100m 1024Mi 1; 100m 1024Mi 1"},
    {"AllItsContainers",
     {{"containers", {Container("100m", "1Gi"), Container("50m", "512Mi")}}},
     "150m 1536Mi 1; 0m 0Mi 0"},
    {"AnInitContainerThatIsLarger",
     {{"containers", {Container("100m", "1Gi")}}, {"initContainers", {Container("2", "512Mi")}}},
     "2000m 1024Mi 1; 0m 0Mi 0"},
    {"ALimitIsARequest",
     {{"containers", {{{"name", "c"}, {"resources", {{"limits", {{"memory", "2Gi"}}}}}}}}},
     "0m 2048Mi 1; 0m 0Mi 0"},
    {"OnANodeSelector",
     {{"containers", {Container("1", "1Gi")}},
      {"nodeSelector", {{"pool", "gpu"}}},
      {"tolerations", {{{"key", "nvidia.com/gpu"}, {"operator", "Exists"}}}}},
     "0m 0Mi 0; 1000m 1024Mi 1"},
    {"OnANodeAffinity",
     {{"containers", {Container("1", "1Gi")}},
      {"affinity",
       {{"nodeAffinity",
         {{"requiredDuringSchedulingIgnoredDuringExecution",
           {{"nodeSelectorTerms",
             {{{"matchExpressions",
                {{{"key", "pool"}, {"operator", "NotIn"}, {"values", {"cpu"}}}}}}}}}}}}}},
      {"tolerations", {{{"operator", "Exists"}}}}},
     "0m 0Mi 0; 1000m 1024Mi 1"},
    {"KeptApartFromOthers",
     {{"containers", {Container("1", "1Gi")}},
      {"affinity",
       {{"podAntiAffinity",
         {{"requiredDuringSchedulingIgnoredDuringExecution", {{{"topologyKey", "x"}}}}}}}}},
     "1000m 1024Mi 1; 0m 0Mi 0"},
    {"OnOneNodeAlone",
     {{"containers", {Container("1", "1Gi")}},
      {"nodeSelector", {{"kubernetes.io/hostname", "n1"}}}},
     "0m 0Mi 0; 0m 0Mi 0"},
    {"WithoutRequests", {{"containers", {{{"name", "c"}}}}}, "0m 0Mi 1; 0m 0Mi 0"},
    {"WithRequestsThatAreNone",
     {{"containers", {{{"name", "c"}, {"resources", {{"requests", {{"cpu", "much"}}}}}}}}},
     "0m 0Mi 1; 0m 0Mi 0"},
    {"MoreThanThereIs", {{"containers", {Container("17", "65Gi")}}}, "16000m 65536Mi 1; 0m 0Mi 0"},
};

class DaemonSetsTest : public testing::TestWithParam<Daemon> {};

TEST_P(DaemonSetsTest, TakesWhatItsPodsRequest) {
  DaemonSets sets;
  sets.ListBegins();
  const json object = DaemonSet("d", GetParam().pod);
  EXPECT_TRUE(sets.Put(JsonView(object)));
  EXPECT_FALSE(sets.Put(JsonView(object)));
  policy::ClusterCapacity capacity = TwoPools();
  sets.TakeFrom(capacity);
  std::string taken;
  const policy::Resources whole = TwoPools().classes[0].allocatable;
  for (const policy::NodeClass& node : capacity.classes) {
    const policy::Resources& room = node.allocatable;
    taken += (taken.empty() ? "" : "; ") + std::to_string((whole.cpu - room.cpu).millis()) + "m " +
             std::to_string((whole.memory - room.memory).mebibytes()) + "Mi " +
             std::to_string(whole.pods - room.pods);
  }
  EXPECT_EQ(taken, GetParam().taken);
}

INSTANTIATE_TEST_SUITE_P(Daemons, DaemonSetsTest, testing::ValuesIn(kDaemons),
                         [](const auto& tested) { return tested.param.name; });

TEST(DaemonSetsFollowing, SumsThemAndForgetsWhatIsGone) {
  DaemonSets sets;
  const json pod = {{"containers", {Container("1", "1Gi")}}};
  const json a = DaemonSet("a", pod);
  const json b = DaemonSet("b", pod);
  sets.ListBegins();
  sets.Put(JsonView(a));
  sets.Put(JsonView(b));
  EXPECT_FALSE(sets.ListEnds());
  policy::ClusterCapacity both = TwoPools();
  sets.TakeFrom(both);
  EXPECT_EQ(both.classes[0].allocatable.cpu, policy::Cores(14));
  EXPECT_EQ(both.classes[0].allocatable.pods, 108);
  sets.ListBegins();
  EXPECT_FALSE(sets.Put(JsonView(a)));
  EXPECT_TRUE(sets.ListEnds());
  EXPECT_TRUE(sets.Removed(JsonView(a)));
  policy::ClusterCapacity none = TwoPools();
  sets.TakeFrom(none);
  EXPECT_EQ(none.classes, TwoPools().classes);
}

}  // namespace
}  // namespace ballast::k8s
