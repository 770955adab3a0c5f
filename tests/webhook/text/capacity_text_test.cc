#include "webhook/text/capacity_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "k8s/json_text.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;
using policy::Cores;
using policy::EligibleNodes;
using policy::Gibibytes;
using policy::Mebibytes;

EligibleNodes Nodes(int64_t count, policy::MilliCpu cpu, policy::ByteSize memory) {
  EligibleNodes nodes;
  nodes.groups.push_back({"node-01", {cpu, memory, 110, {}}, count, count, false});
  return nodes;
}

// 1,312 cores and 10.08 TiB.
EligibleNodes MemoryBound() { return Nodes(41, Cores(32), Mebibytes(257796)); }

policy::Workload Application(
    std::initializer_list<std::pair<std::string_view, std::string_view>> settings) {
  policy::Workload workload;
  workload.resource = {"sparkoperator.k8s.io/v1beta2", "SparkApplication", "team-a", "hungry"};
  workload.versions = {{3, 5}, {3, 5}};
  workload.conf = policy::SparkConf(settings);
  policy::Derive(workload);
  return workload;
}

policy::Workload Hungry() {
  return Application({{"spark.driver.memory", "4g"},
                      {"spark.executor.memory", "64g"},
                      {"spark.executor.memoryOverhead", "4g"},
                      {"spark.executor.cores", "4"},
                      {"spark.executor.instances", "148"}});
}

policy::WorkloadFit FitOf(const EligibleNodes& nodes, const policy::Workload& workload) {
  const auto fit = policy::FitWorkload(nodes, workload);
  EXPECT_TRUE(fit);
  return fit.value_or(policy::WorkloadFit{});
}

std::string FitTextOf(const EligibleNodes& nodes, const policy::Workload& workload) {
  return FitText(FitOf(nodes, workload), workload, Paint(false));
}

size_t Lines(const std::string& text) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

size_t Widest(const std::string& text) {
  size_t widest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, SeenWidth(line));
  return widest;
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The memory is taken, 45 % of the cores are: what is wrong, and what to do, on one screen.
TEST(CapacityText, AMemoryBoundClusterOnOneScreen) {
  const std::string text =
      ClusterText(MemoryBound(), Paint(false)) + "\n" + FitTextOf(MemoryBound(), Hungry());
  EXPECT_EQ(
      text,
      "cluster  41 nodes, 10.08 TiB and 1,312 cores for Spark: 7.9 GiB a core\n"
      "\n"
      "  nodes         count  ready  memory                 each  cores             each   a core\n"
      "  like node-01     41     41  ████████████████  251.8 GiB  ████████████████    32  7.9 GiB\n"
      "\n"
      "SparkApplication hungry  148 executors of 4 cores, 64g + 4g (68 GiB)\n"
      "\n"
      "  memory  █████████████████████████████▎  97.5 %  9.83 TiB of 10.08 TiB\n"
      "  cores   █████████████▌░░░░░░░░░░░░░░░░  45.2 %  593 of 1,312\n"
      "  placed  ████████████████████████▉░░░░░  83.1 %  123 of 148 executors\n"
      "\n"
      "  wrong  25 of 148 executors never start: at most 3 fit on a node. Memory-bound: an "
      "executor asks\n"
      "         for 17 GiB a core, the nodes have 7.9 GiB a core. When the memory is gone, 820 "
      "cores "
      "beside\n"
      "         it can be used by nothing of this shape.\n"
      "  do     Ask for 327 executors of 4 cores and 30329m heap + 1895m overhead (31.5 GiB): "
      "1,308 "
      "cores\n"
      "         and 10.05 TiB in all, 8 on a node. Memory per task falls from 16 GiB of heap to "
      "7.4 "
      "GiB:\n"
      "         right if a task can live with that; more partitions make tasks smaller.\n"
      "         spark.executor.memory=30329m\n"
      "         spark.executor.memoryOverhead=1895m\n"
      "         spark.executor.cores=4\n"
      "         spark.executor.instances=327\n");
  EXPECT_LE(Lines(text), 24U);
  EXPECT_LE(Widest(text), 100U);
}

struct FitCase {
  const char* name;
  EligibleNodes nodes;
  policy::Workload workload;
  const char* wrong;
  const char* remedy;
};

TEST(CapacityText, SaysWhatIsWrongAndWhatToDo) {
  const FitCase cases[] = {
      {"NothingIs", Nodes(10, Cores(10), Gibibytes(39)),
       Application({{"spark.executor.memory", "17g"},
                    {"spark.executor.memoryOverhead", "2560m"},
                    {"spark.executor.cores", "5"},
                    {"spark.executor.instances", "10"}}),
       "wrong  Nothing: all executors fit at once, and take close shares of memory and cores.",
       "do     Keep this shape: no other strands less."},
      {"TheCoresAreGone", Nodes(10, Cores(10), Gibibytes(80)),
       Application({{"spark.executor.memory", "2g"},
                    {"spark.executor.cores", "5"},
                    {"spark.executor.instances", "10"}}),
       "wrong  Core-bound: an executor asks for 486.4 MiB a core, the nodes have 8 GiB a core.",
       "do     Ask for "},
      {"TheDriverTakesThePlaceOfOne", Nodes(10, Cores(5), Mebibytes(20480)),
       Application({{"spark.executor.memory", "17920m"},
                    {"spark.executor.memoryOverhead", "2560m"},
                    {"spark.executor.cores", "5"},
                    {"spark.executor.instances", "10"}}),
       "wrong  1 of 10 executors never starts: at most 1 fits on a node, and the driver takes a",
       "do     Ask for "},
      {"NoneFits", Nodes(10, Cores(4), Gibibytes(16)),
       Application({{"spark.executor.memory", "60g"}, {"spark.executor.instances", "10"}}),
       "wrong  An executor fits on no node: all of them would stay Pending.", "do     Ask for "},
  };
  for (const FitCase& test : cases) {
    const std::string text = FitTextOf(test.nodes, test.workload);
    EXPECT_TRUE(Has(text, test.wrong)) << test.name << "\n" << text;
    EXPECT_TRUE(Has(text, test.remedy)) << test.name << "\n" << text;
    EXPECT_LE(Widest(text), 100U);
  }
}

TEST(CapacityText, NamesClassesForWhatTheyAre) {
  EligibleNodes nodes = Nodes(3, Cores(4), Gibibytes(16));
  nodes.groups.push_back({"spare", {Cores(4), Gibibytes(8), 110, {}}, 1, 0, false});
  nodes.groups.push_back({"pool", {Cores(2), Gibibytes(4), 110, {}}, 9, 9, true});
  const std::string text = ClusterText(nodes, Paint(false));
  EXPECT_TRUE(Has(text, "\n  like node-01      3      3  ")) << text;
  EXPECT_TRUE(Has(text, "\n  spare             1      0  ")) << text;
  EXPECT_TRUE(Has(text, "\n  pool              9      9  ")) << text;
  EligibleNodes unknown;
  unknown.abstain = "no nodes are known";
  EXPECT_EQ(ClusterText(unknown, Paint(false)),
            "cluster  capacity is not known: no nodes are known\n");
}

TEST(CapacityText, RecommendsOnOneScreenFromOneCoreUpwards) {
  const auto classes = policy::Recommend(MemoryBound(), {});
  const std::string text = RecommendationText(classes, /*all=*/false, Paint(false));
  EXPECT_EQ(text,
            "like node-01  41 nodes of 251.8 GiB and 32 cores\n"
            "     cores     heap  overhead  a node  executors  cores left  memory left  unused\n"
            "         1    7324m      732m      32      1,311           0      6.7 GiB     0 %\n"
            "         2   14648m     1464m      16        655           1     14.5 GiB   0.1 %\n"
            "         3   23436m     2343m      10        409          84     24.0 GiB   3.3 %\n"
            "  →      4   29295m     2929m       8        327           3     30.3 GiB   0.3 %\n"
            "         5   39060m     3906m       6        245          86     40.6 GiB   3.5 %\n"
            "         6   46872m     4687m       5        204          87     49.0 GiB   3.6 %\n"
            "         8   58590m     5859m       4        163           7     61.6 GiB   0.6 %\n"
            "        10   78120m     7812m       3        122          91     82.5 GiB   3.9 %\n"
            "        16  117180m    11718m       2         81          15    124.5 GiB   1.2 %\n"
            "        32  234360m    23436m       1         40          31    250.4 GiB   2.4 %\n"
            "  (22 more fit as often with fewer cores: --all shows them)\n"
            "\n"
            "  settings to paste (→, within 1 % of the least unused: up to 5 cores, heap under 32 "
            "GiB):\n"
            "  spark.executor.memory=29295m\n"
            "  spark.executor.memoryOverhead=2929m\n"
            "  spark.executor.cores=4\n"
            "  spark.executor.instances=327\n");
  EXPECT_LE(Lines(text), 24U);
  const std::string all = RecommendationText(classes, /*all=*/true, Paint(false));
  EXPECT_EQ(Lines(all), Lines(text) - 1 + 22);
  EXPECT_FALSE(Has(all, "--all"));
}

TEST(CapacityText, SaysThatThePolicyAllowsNoMore) {
  policy::RecommendOptions options;
  options.application.cpu_share = 0.25;
  const std::string text =
      RecommendationText(policy::Recommend(MemoryBound(), options), false, Paint(false));
  EXPECT_TRUE(Has(text,
                  "  spark.executor.instances=81\n"
                  "  (the policy allows no more of the 327 that fit: 25 % of the nodes' 1312 "
                  "cores)\n"))
      << text;
  const policy::Workload hungry = Hungry();
  const auto fit = policy::FitWorkload(MemoryBound(), hungry, options.application);
  ASSERT_TRUE(fit);
  const std::string remedy = FitText(*fit, hungry, Paint(false));
  EXPECT_TRUE(Has(remedy, "  do     Ask for 81 executors of 4 cores")) << remedy;
  EXPECT_TRUE(Has(remedy, "spark.executor.instances=81\n")) << remedy;
  EXPECT_TRUE(Has(FitJson(*fit)["do"].get<std::string>(),
                  " The policy allows no more: 25 % of the nodes' 1312 cores."));
}

// Neither memory nor cores keep a fifth from the node.
TEST(CapacityText, NamesThePodsOfANodeWhereTheyAreTheBound) {
  EligibleNodes nodes = Nodes(10, Cores(16), Gibibytes(64));
  const std::string bound = "(a node may hold 4 pods: no more executors fit on it)\n";
  EXPECT_FALSE(Has(RecommendationText(policy::Recommend(nodes, {}), true, Paint(false)), bound));
  nodes.groups[0].room.pods = 4;
  EXPECT_TRUE(Has(RecommendationText(policy::Recommend(nodes, {}), true, Paint(false)), bound));
  const std::string text = FitTextOf(
      nodes, Application({{"spark.executor.memory", "2g"}, {"spark.executor.instances", "60"}}));
  EXPECT_TRUE(
      Has(text,
          "wrong  21 of 60 executors never start: at most 4 fit on a node, which may hold "
          "no more pods, and\n         the driver takes a place. When no node may hold more "
          "pods, "))
      << text;
}

TEST(CapacityText, ANodeTooSmallForAnyExecutor) {
  const auto classes = policy::Recommend(Nodes(1, Cores(1), Mebibytes(512)), {});
  EXPECT_EQ(RecommendationText(classes, false, Paint(false)),
            "node-01  1 node of 512 MiB and 1 core\n"
            "  no executor that the policy allows fits beside the driver on these nodes\n");
}

TEST(CapacityText, SaysHowManyNodesNothingIsProposedFor) {
  EligibleNodes nodes = Nodes(41, Cores(1), Mebibytes(512));
  nodes.groups[0].ready = 39;
  nodes.groups.push_back({"cordoned", {Cores(4), Gibibytes(16), 110, {}}, 1, 0, false});
  EXPECT_EQ(RecommendationText(policy::Recommend(nodes, {}), false, Paint(false)),
            "like node-01  39 nodes of 512 MiB and 1 core, 2 more are left out: not ready or "
            "unschedulable\n"
            "  no executor that the policy allows fits beside the driver on these nodes\n"
            "\n"
            "cordoned  0 nodes of 16 GiB and 4 cores, 1 more is left out: not ready or "
            "unschedulable\n");
}

TEST(CapacityJson, SaysTheSame) {
  const json cluster = ClusterJson(MemoryBound());
  EXPECT_EQ(cluster, k8s::ParseJson(R"({"known":true,"nodes":41,"memoryMiB":10569636,
      "cpuMillis":1312000,"memoryPerCoreMiB":8056,"classes":[{"name":"node-01","count":41,
      "ready":41,"declared":false,"memoryMiB":257796,"cpuMillis":32000}]})"));
  const json fit = FitJson(FitOf(MemoryBound(), Hungry()));
  EXPECT_EQ(fit["executors"], 148);
  EXPECT_EQ(fit["placed"], 123);
  EXPECT_EQ(fit["askedCpuMillis"], 593000);
  EXPECT_EQ(fit["strandedCpuMillis"], 820000);
  EXPECT_EQ(fit["better"]["executors"], 327);
  EXPECT_EQ(fit["better"]["settings"]["spark.executor.memory"], "30329m");
  EXPECT_TRUE(fit["wrong"].get<std::string>().starts_with("25 of 148 executors never start"));
  const json classes = RecommendationJson(policy::Recommend(MemoryBound(), {}));
  ASSERT_EQ(classes.size(), 1U);
  EXPECT_EQ(classes[0]["options"].size(), 32U);
  EXPECT_EQ(classes[0]["best"], 3);
  EXPECT_EQ(classes[0]["options"][3]["executors"], 327);
}

}  // namespace
}  // namespace ballast::webhook
