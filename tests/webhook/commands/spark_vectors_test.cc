#include "tests/webhook/commands/spark_vectors.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "k8s/json_text.h"
#include "policy/spark_startup.h"
#include "webhook/commands/explain_batch.h"

namespace ballast::webhook {
namespace {

constexpr const char* kCopy = BALLAST_SOURCE_DIR "/tests/testdata/vectors/spark-vectors.jsonl";
constexpr const char* kOriginal = BALLAST_SOURCE_DIR "/../shared/vectors/spark-vectors.jsonl";

void HoldAll(const std::string& path, std::string (*judge)(const SparkVector&)) {
  const std::vector<SparkVector> vectors = ReadSparkVectors(path);
  ASSERT_GT(vectors.size(), 9000u);
  int reported = 0;
  size_t failed = 0;
  for (const SparkVector& vector : vectors) {
    const std::string wrong = judge(vector);
    if (wrong.empty()) continue;
    ++failed;
    if (++reported <= 20) {
      ADD_FAILURE() << vector.id << " " << vector.version << " " << vector.type << " "
                    << k8s::PrintJson(vector.conf) << ": " << wrong;
    }
  }
  EXPECT_EQ(failed, 0u) << "of " << vectors.size();
}

TEST(SparkVectors, EverySectionHoldsThroughExplainBatch) { HoldAll(kCopy, JudgeSections); }

TEST(SparkVectors, EveryValueHolds) { HoldAll(kCopy, JudgeValues); }

TEST(SparkVectors, TheOriginalsHoldWhereTheyAreAtHand) {
  if (!std::filesystem::exists(kOriginal)) GTEST_SKIP() << "no ../shared/vectors";
  HoldAll(kOriginal, JudgeSections);
  HoldAll(kOriginal, JudgeValues);
}

// A SparkContext that was really started, in local mode: it comes up exactly where neither a stage
// of the driver nor ContextRefusals has a reason.
TEST(SparkVectors, ASparkContextComesUpWhereNothingRefuses) {
  std::ifstream file(BALLAST_SOURCE_DIR "/tests/testdata/vectors/spark-context.jsonl");
  int cases = 0;
  for (std::string line; std::getline(file, line);) {
    const nlohmann::json one = k8s::ParseJson(line);
    if (one["conf"].value("spark.serializer", "") == "no.such.Class") continue;  // a missing class
    std::vector<std::pair<std::string_view, std::string_view>> entries;
    for (const auto& [key, value] : one["conf"].items()) {
      entries.emplace_back(key, value.get_ref<const std::string&>());
    }
    const policy::SparkConf conf(std::move(entries));
    for (const auto& [text, ok] : one["ok"].items()) {
      const policy::SparkVersion version = *policy::ParseSparkVersion(text);
      std::string reasons;
      for (const policy::Refusal& refusal :
           StartupRefusals(conf, policy::Language::kJvm, {version, version})) {
        constexpr std::string_view kDriverStages =
            "validateSettings taskSlots kryo rpc ummDriver dynAlloc";
        if (kDriverStages.find(refusal.stage) != std::string_view::npos) reasons += refusal.message;
      }
      for (const policy::Refusal& refusal : ContextRefusals(conf, version)) {
        reasons += refusal.message;
      }
      EXPECT_EQ(reasons.empty(), ok.get<bool>()) << text << " " << one["conf"] << " " << reasons;
      ++cases;
    }
  }
  EXPECT_GT(cases, 200);
}

}  // namespace
}  // namespace ballast::webhook
