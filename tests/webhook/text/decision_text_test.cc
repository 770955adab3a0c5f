#include "webhook/text/decision_text.h"

#include <gtest/gtest.h>

namespace ballast::webhook {
namespace {

using nlohmann::json;

json Pod(int64_t heap, int64_t overhead, int64_t cpu, int64_t slots) {
  return {{"heapMiB", heap},
          {"overheadMiB", overhead},
          {"offHeapMiB", 0},
          {"pysparkMiB", 0},
          {"memoryMiB", heap + overhead},
          {"cpuMillis", cpu},
          {"cpuLimitMillis", nullptr},
          {"slots", slots}};
}

json Placement(int64_t nodes, int64_t per_node, int64_t placeable, int64_t cpu, int64_t memory) {
  return {{"eligibleNodes", nodes},     {"perNode", per_node}, {"podsPerNode", 110},
          {"placeable", placeable},     {"takenByDriver", 0},  {"strandedCpuMillis", cpu},
          {"strandedMemoryMiB", memory}};
}

// 20 executors of 60g and 8 cores on 100 nodes of 39 GiB.
json Oversized() {
  return {{"driver", Pod(2048, 384, 1000, 0)},
          {"executor", Pod(61440, 6144, 8000, 8)},
          {"executors", {{"instances", 20}}},
          {"totals", {{"memoryMiB", 1354112}, {"cpuMillis", 161000}, {"slots", 160}}},
          {"placement", Placement(100, 0, 0, 0, 0)}};
}

json Halved() {
  return {{"driver", Pod(2048, 384, 1000, 0)},
          {"executor", Pod(30870, 3087, 4000, 4)},
          {"executors", {{"instances", 40}}},
          {"totals", {{"memoryMiB", 1360712}, {"cpuMillis", 161000}, {"slots", 160}}},
          {"placement", Placement(100, 1, 100, 240000, 239200)}};
}

json DecisionOf(const char* verdict, json before, json after) {
  return {{"resource",
           {{"apiVersion", "sparkoperator.k8s.io/v1beta2"},
            {"kind", "SparkApplication"},
            {"namespace", "jobs"},
            {"name", "daily"}}},
          {"verdict", verdict},
          {"findings", json::array()},
          {"before", std::move(before)},
          {"after", std::move(after)},
          {"patch", json::array()},
          {"warnings", json::array()}};
}

json Finding(const char* rule, const char* action, const char* message) {
  return {{"rule", rule}, {"action", action}, {"message", message}};
}

TEST(DecisionText, OfARewrite) {
  json decision = DecisionOf("Rewritten", Oversized(), Halved());
  decision["findings"] = {
      Finding("executor-fits-node", "Rewrite",
              "an executor pod of 66 GiB and 8 cores fits no node; the largest node has 39 GiB and "
              "10 cores"),
      Finding("stranded-capacity", "Warn", "1 fits on a node")};
  decision["patch"] = {
      {{"op", "replace"}, {"path", "/spec/executor/cores"}, {"value", 4}},
      {{"op", "remove"}, {"path", "/spec/sparkConf/spark.yarn.executor.memoryOverhead"}},
      {{"op", "add"}, {"path", "/metadata/annotations"}, {"value", json::object()}},
      {{"op", "add"}, {"path", "/metadata/annotations/ballast.dev~1original"}, {"value", "{}"}}};
  EXPECT_EQ(DecisionText(decision, Paint(false)),
            "SparkApplication jobs/daily  Rewritten\n"
            "             as asked                      as admitted\n"
            "  driver     2,432 MiB, 1 cpu              the same\n"
            "  executors  20                            40\n"
            "  each       67,584 MiB, 8 cpu, 8 tasks    33,957 MiB, 4 cpu, 4 tasks\n"
            "    MiB      61,440 heap + 6,144 overhead  30,870 heap + 3,087 overhead\n"
            "  in all     1.29 TiB, 161 cpu, 160 tasks  1.30 TiB, 161 cpu, 160 tasks\n"
            "  placed     fits no eligible node         40 of 40 at once, 1 a node on 100 nodes\n"
            "  stranded                                 240 cpu and 233.6 GiB\n"
            "  rewritten  executor-fits-node\n"
            "             an executor pod of 66 GiB and 8 cores fits no node; the largest node has "
            "39 GiB and 10\n"
            "             cores\n"
            "  warning    stranded-capacity\n"
            "             1 fits on a node\n"
            "  /spec/executor/cores = 4\n"
            "  /spec/sparkConf/spark.yarn.executor.memoryOverhead removed\n");
}

TEST(DecisionText, OfWhatIsAdmittedAsItIs) {
  json one = Halved();
  one["executors"] = {{"instances", 1}};
  one["executor"] = Pod(512, 384, 1200, 1);
  one["totals"] = {{"memoryMiB", 3328}, {"cpuMillis", 2200}, {"slots", 1}};
  one["placement"] = Placement(100, 8, 800, 0, 0);
  EXPECT_EQ(DecisionText(DecisionOf("Admitted", one, one), Paint(false)),
            "SparkApplication jobs/daily  Admitted\n"
            "             as asked\n"
            "  driver     2,432 MiB, 1 cpu\n"
            "  executors  1\n"
            "  each       896 MiB, 1.2 cpu, 1 task\n"
            "    MiB      512 heap + 384 overhead\n"
            "  in all     3.2 GiB, 2.2 cpu, 1 task\n"
            "  placed     1 of 1 at once, 8 a node on 100 nodes\n"
            "  stranded   nothing\n");
}

// As many as fill the nodes are one too many.
TEST(DecisionText, TheDriverTakesAPlace) {
  json one = Halved();
  one["executors"] = {{"instances", 100}};
  one["placement"] = Placement(100, 1, 99, 0, 0);
  one["placement"]["takenByDriver"] = 1;
  const std::string text = DecisionText(DecisionOf("Admitted", one, one), Paint(false));
  EXPECT_NE(text.find("  placed     99 of 100 at once, 1 a node on 100 nodes\n"
                      "             1 less for the driver\n"),
            std::string::npos)
      << text;
}

TEST(DecisionText, NamesThePodsOfANodeWhereTheyAreTheBound) {
  json one = Halved();
  one["executors"] = {{"instances", 20000}};
  const std::string told = "110 pods are all that a node may hold\n";
  for (const auto& [per_node, want] : {std::pair(110, true), std::pair(109, false)}) {
    one["placement"] = Placement(100, per_node, 100 * per_node, 0, 0);
    const std::string text = DecisionText(DecisionOf("Admitted", one, one), Paint(false));
    EXPECT_EQ(text.find(told) != std::string::npos, want) << text;
  }
}

TEST(DecisionText, OfARejectionWhoseSizesSparkCannotRead) {
  json before = Oversized();
  before["executor"] = nullptr;
  before["totals"] = {{"memoryMiB", nullptr}, {"cpuMillis", nullptr}, {"slots", nullptr}};
  before["placement"] = {{"eligibleNodes", nullptr},
                         {"perNode", nullptr},
                         {"placeable", nullptr},
                         {"strandedCpuMillis", nullptr},
                         {"strandedMemoryMiB", nullptr}};
  json decision = DecisionOf("Rejected", before, before);
  decision["findings"] = {Finding("spark-refuses", "Reject", "Spark 3.5 refuses it")};
  const std::string text = DecisionText(decision, Paint(false));
  EXPECT_NE(text.find("  each       cannot be sized\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  placed     cannot be told\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  rejected   spark-refuses\n             Spark 3.5 refuses it\n"),
            std::string::npos)
      << text;
}

// A driver's pod by itself says nothing of executors.
TEST(DecisionText, ADriversPodHasNoExecutors) {
  json before = Oversized();
  for (const char* key : {"executor", "executors"}) before[key] = nullptr;
  const std::string text = DecisionText(DecisionOf("Admitted", before, before), Paint(false));
  EXPECT_NE(text.find("  driver "), std::string::npos) << text;
  for (const char* row : {"executors", "each", "placed"}) {
    EXPECT_EQ(text.find(row), std::string::npos) << text;
  }
}

struct CountCase {
  const char* name;
  json executors;
  const char* want;  // the rows of executors and placed
};

TEST(DecisionText, OfDynamicAllocation) {
  const CountCase cases[] = {
      {"Bounded",
       {{"min", 2}, {"initial", 2}, {"max", 30}},
       "  executors  2 to 30\n  placed     30 of 30 at once, 1 a node on 100 nodes\n"},
      {"MoreThanThereIsRoomFor",
       {{"min", 0}, {"initial", 0}, {"max", 1000}},
       "  executors  0 to 1,000\n  placed     100 of 1,000 at once, 1 a node on 100 nodes\n"},
      {"Unbounded",
       {{"min", 0}, {"initial", 0}, {"max", 2147483647}},
       "  executors  0 to unlimited\n  placed     100 at most, 1 a node on 100 nodes\n"},
  };
  for (const CountCase& test : cases) {
    json workload = Halved();
    workload["executors"] = test.executors;
    const std::string text = DecisionText(DecisionOf("Admitted", workload, workload), Paint(false));
    std::string rows;
    for (const char* row : {"  executors", "  placed"}) {
      const size_t at = text.find(row);
      ASSERT_NE(at, std::string::npos) << text;
      rows += text.substr(at, text.find('\n', at) + 1 - at);
    }
    EXPECT_EQ(rows, test.want) << test.name;
  }
}

TEST(DecisionText, OfAKindThatIsNotJudged) {
  EXPECT_EQ(DecisionText(DecisionOf("Admitted", nullptr, nullptr), Paint(false)),
            "SparkApplication jobs/daily  Admitted\n  not a kind that Ballast judges\n");
}

TEST(DecisionText, OfAVersionThatIsNotKnown) {
  json decision = DecisionOf("Admitted", nullptr, nullptr);
  decision["warnings"] = {"ballast: not judged: a/v2 B: this Ballast knows v1"};
  EXPECT_EQ(DecisionText(decision, Paint(false)),
            "SparkApplication jobs/daily  Admitted\n"
            "  ballast: not judged: a/v2 B: this Ballast knows v1\n");
}

// Its master's template has no requests; of a server's executors there are none.
TEST(DecisionText, CallsTheRolesAsTheKindDoes) {
  json workload = {{"driver", Pod(0, 0, 0, 0)},
                   {"executor", Pod(7168, 1024, 4000, 4)},
                   {"executors", {{"instances", 3}}}};
  json decision = DecisionOf("Admitted", workload, workload);
  decision["resource"]["kind"] = "SparkCluster";
  EXPECT_EQ(DecisionText(decision, Paint(false)),
            "SparkCluster jobs/daily  Admitted\n"
            "           as asked\n"
            "  master   requests nothing\n"
            "  workers  3\n"
            "  each     8,192 MiB, 4 cpu, 4 tasks\n"
            "    MiB    7,168 offered + 1,024 overhead\n"
            "  placed   capacity is not known\n");
  workload["driver"] = Pod(1024, 384, 1000, 0);
  workload["executors"]["instances"] = 0;
  decision = DecisionOf("Admitted", workload, workload);
  decision["resource"]["kind"] = "SparkConnect";
  EXPECT_EQ(DecisionText(decision, Paint(false)),
            "SparkConnect jobs/daily  Admitted\n"
            "             as asked\n"
            "  server     1,408 MiB, 1 cpu\n"
            "  executors  0\n");
}

TEST(DecisionText, EveryPartOfAPodIsNamed) {
  json workload = Halved();
  workload["executor"]["offHeapMiB"] = 2048;
  workload["executor"]["pysparkMiB"] = 1024;
  const std::string text = SizesTable(workload, workload, Paint(false), "");
  EXPECT_NE(text.find("30,870 heap + 3,087 overhead + 2,048 off-heap + 1,024 PySpark\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(SizesTable(nullptr, nullptr, Paint(false), ""), "");
}

TEST(DecisionText, ColoursTheVerdict) {
  const auto coloured = [](const char* verdict) {
    return DecisionText(DecisionOf(verdict, nullptr, nullptr), Paint(true));
  };
  EXPECT_NE(coloured("Rejected").find("\x1b[31mRejected\x1b[0m"), std::string::npos);
  EXPECT_NE(coloured("Rewritten").find("\x1b[33mRewritten\x1b[0m"), std::string::npos);
  EXPECT_NE(coloured("Admitted").find("\x1b[32mAdmitted\x1b[0m"), std::string::npos);
}

TEST(DecisionText, Summaries) {
  const auto of = [](std::vector<const char*> verdicts) {
    json all = json::array();
    for (const char* verdict : verdicts) all.push_back(DecisionOf(verdict, nullptr, nullptr));
    return SummaryText(all);
  };
  EXPECT_EQ(of({}), "0 documents\n");
  EXPECT_EQ(of({"Exempt"}), "1 document: 1 exempt\n");
  EXPECT_EQ(of({"Rejected", "Admitted", "Rewritten", "Admitted"}),
            "4 documents: 2 admitted, 1 rewritten, 1 rejected\n");
}

}  // namespace
}  // namespace ballast::webhook
