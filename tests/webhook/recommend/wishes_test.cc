#include "webhook/recommend/wishes.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "k8s/json_text.h"
#include "webhook/text/sizes_text.h"

namespace ballast::webhook {
namespace {

using policy::Gibibytes;
using policy::SymptomFinding;

policy::SizedSetting Sized(std::string_view key, int64_t runs, int64_t asked, int64_t proposed) {
  policy::RightSize size;
  size.runs = runs;
  size.asked = Gibibytes(asked);
  size.proposed = Gibibytes(proposed);
  size.p95 = size.most = Gibibytes(1);
  size.largest_run = "spark-9";
  size.confidence = policy::Confidence::kMedium;
  size.why = "history";
  return {key, size};
}

SymptomFinding Wants(std::string_view symptom, const std::string& key, const std::string& to) {
  return {.symptom = symptom, .summary = "seen", .settings = {{key, "8g", to, "because"}}};
}

std::string Wishes(const std::vector<SymptomFinding>& findings,
                   const std::vector<policy::SizedSetting>& sizes) {
  std::string text;
  for (const SettingWish& wish : WishesOf(findings, sizes)) {
    text += wish.key + "=" + wish.value + " (" + wish.why + ")\n";
  }
  return text;
}

constexpr const char* kHeap = "spark.executor.memory";

TEST(Wishes, TheWorstFindingIsHeard) {
  EXPECT_EQ(Wishes({Wants("executor-oom", kHeap, "12g"), Wants("unused-memory", kHeap, "4g"),
                    Wants("spill", "spark.sql.shuffle.partitions", "400")},
                   {}),
            "spark.executor.memory=12g (seen: because)\n"
            "spark.sql.shuffle.partitions=400 (seen: because)\n");
}

TEST(Wishes, ManyRunsKnowBetterThanOneWhatIsUnused) {
  const std::vector<SymptomFinding> unused = {Wants("unused-memory", kHeap, "4g")};
  EXPECT_EQ(Wishes(unused, {Sized(kHeap, 1, 8, 6)}), "spark.executor.memory=4g (seen: because)\n");
  EXPECT_EQ(Wishes(unused, {Sized(kHeap, 2, 8, 6)}),
            "spark.executor.memory=6g (history (confidence medium))\n");
  EXPECT_EQ(Wishes(unused, {Sized(kHeap, 2, 8, 8)}), "");
  EXPECT_EQ(Wishes({Wants("executor-oom", kHeap, "12g")}, {Sized(kHeap, 9, 8, 6)}),
            "spark.executor.memory=12g (seen: because)\n");
}

TEST(SizesTextTest, SaysTheSameAsJson) {
  const std::vector<policy::SizedSetting> sizes = {Sized(kHeap, 3, 8, 6),
                                                   Sized("spark.driver.memory", 3, 2, 2)};
  EXPECT_EQ(SizesText("sessions", sizes, Paint(false)),
            "Sizes for sessions\n"
            "                         asked  95 % of runs   most  recommended  confidence\n"
            "  spark.executor.memory     8g         1 GiB  1 GiB           6g  medium, 3 runs\n"
            "  spark.driver.memory       2g         1 GiB  1 GiB     the same  medium, 3 runs\n"
            "  spark.executor.memory: history\n");
  EXPECT_EQ(SizesText("none", {}, Paint(false)), "");
  EXPECT_EQ(k8s::PrintJson(SizesJson(sizes)[0]),
            R"({"askedMiB":8192,"confidence":"medium","key":"spark.executor.memory",)"
            R"("largestRun":"spark-9","mostMiB":1024,"p95MiB":1024,"proposedMiB":6144,"runs":3,)"
            R"("why":"history"})");
}

}  // namespace
}  // namespace ballast::webhook
