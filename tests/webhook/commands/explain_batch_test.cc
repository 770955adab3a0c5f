#include "webhook/commands/explain_batch.h"

#include <gtest/gtest.h>

#include "k8s/json_text.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

json Ask(const json& request) { return k8s::ParseJson(ExplainBatchLine(k8s::PrintJson(request))); }

TEST(ExplainBatch, SaysTheSizesAndTheRegions) {
  const json answer = Ask({{"id", "a"},
                           {"type", "python"},
                           {"sparkVersion", "3.5.6"},
                           {"conf",
                            {{"spark.executor.memory", "4g"},
                             {"spark.executor.cores", "4"},
                             {"spark.executor.pyspark.memory", "2g"},
                             {"spark.kubernetes.executor.limit.cores", "4500m"}}}});
  EXPECT_EQ(answer["id"], "a");
  EXPECT_EQ(answer["refusals"], json::array());
  const json& executor = answer["executor"];
  EXPECT_EQ(executor["heapMiB"], 4096);
  EXPECT_EQ(executor["overheadMiB"], 1638);
  EXPECT_EQ(executor["offHeapMiB"], 0);
  EXPECT_EQ(executor["pysparkMiB"], 2048);
  EXPECT_EQ(executor["memoryMiB"], 7782);
  EXPECT_EQ(executor["cpuMillis"], 4000);
  EXPECT_EQ(executor["cpuLimitMillis"], 4500);
  EXPECT_EQ(executor["slots"], 4);
  EXPECT_DOUBLE_EQ(executor["regions"]["unifiedMiB"].get<double>(), 2388236697.0 / (1 << 20));
  EXPECT_DOUBLE_EQ(executor["perSlotMiB"].get<double>(), 2388236697.0 / (1 << 20) / 4);
  EXPECT_EQ(answer["driver"]["memoryMiB"], 1433);
  EXPECT_EQ(answer["driver"]["cpuLimitMillis"], nullptr);
}

TEST(ExplainBatch, ListsEveryStageThatRefuses) {
  const json answer =
      Ask({{"id", 7}, {"sparkVersion", "4.0.2"}, {"conf", {{"spark.driver.memory", "1Gi"}}}});
  EXPECT_EQ(answer["driver"], nullptr);
  ASSERT_EQ(answer["refusals"].size(), 3u);
  EXPECT_EQ(answer["refusals"][0]["stage"], "submitArgs");
  EXPECT_EQ(answer["refusals"][1]["stage"], "driver");
  EXPECT_EQ(answer["refusals"][1]["setting"], "spark.driver.memory");
  EXPECT_EQ(answer["refusals"][2]["stage"], "jvm");
}

TEST(ExplainBatch, AnUnsetOrUnknownVersionIsTheNewest) {
  const json conf = {{"spark.executor.memory", "1Gi"}};
  EXPECT_EQ(Ask({{"conf", conf}})["executor"]["heapMiB"], 1024);
  EXPECT_EQ(Ask({{"sparkVersion", "5.1.0"}, {"conf", conf}})["executor"]["heapMiB"], 1024);
  EXPECT_EQ(Ask({{"sparkVersion", "latest"}, {"conf", conf}})["executor"]["heapMiB"], 1024);
  EXPECT_EQ(Ask({{"sparkVersion", "4.1.1"}, {"conf", conf}})["executor"], nullptr);
}

TEST(ExplainBatch, ALineThatIsNoRequestIsAnsweredSo) {
  for (const char* line : {"", "{", "[]", "7", "\"x\"", "{\"conf\":[]}", "{\"type\":\"go\"}",
                           "{\"type\":7}", "\xFF"}) {
    const json answer = k8s::ParseJson(ExplainBatchLine(line));
    EXPECT_TRUE(answer.contains("error")) << line;
    EXPECT_TRUE(answer.contains("id")) << line;
  }
}

TEST(ExplainBatch, ALineThatIsNestedWithoutEndIsAnsweredLikeAnyOtherMistake) {
  const std::string deep = std::string(200'000, '[') + std::string(200'000, ']');
  const std::string want = R"({"error":"the line is no JSON object","id":null})";
  EXPECT_EQ(ExplainBatchLine(R"({"id":)" + deep + R"(,"conf":{}})"), want);
  EXPECT_EQ(ExplainBatchLine(R"({"id":1,"conf":{"spark.x":)" + deep + "}}"), want);
}

}  // namespace
}  // namespace ballast::webhook
