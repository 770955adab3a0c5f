#include "tests/webhook/spark_vectors.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "webhook/explain_batch.h"

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
                    << vector.conf.dump() << ": " << wrong;
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

}  // namespace
}  // namespace ballast::webhook
