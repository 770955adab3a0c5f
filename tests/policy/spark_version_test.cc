#include "policy/spark_version.h"

#include <gtest/gtest.h>

namespace ballast::policy {
namespace {

TEST(SparkVersion, ReadsWhatImagesAndFieldsSay) {
  EXPECT_EQ(*ParseSparkVersion("4.0.2"), (SparkVersion{4, 0}));
  EXPECT_EQ(*ParseSparkVersion("v3.5.6"), (SparkVersion{3, 5}));
  EXPECT_EQ(*ParseSparkVersion("4.1.0-preview1"), (SparkVersion{4, 1}));
  EXPECT_EQ(*ParseSparkVersion("3.5"), (SparkVersion{3, 5}));
  for (const char* text : {"", "4", "latest", "3.x", "3.5x", "-3.5", "3.-5", "99999999999.1"}) {
    EXPECT_FALSE(ParseSparkVersion(text).ok()) << text;
  }
}

TEST(SparkVersion, AnUnknownOneIsTreatedAsTheNearestBelow) {
  EXPECT_EQ(NearestKnown({3, 5}), (SparkVersion{3, 5}));
  EXPECT_EQ(NearestKnown({3, 9}), (SparkVersion{3, 5}));
  EXPECT_EQ(NearestKnown({5, 1}), kNewestSpark);
  EXPECT_EQ(NearestKnown({2, 4}), kOldestSpark);
}

}  // namespace
}  // namespace ballast::policy
