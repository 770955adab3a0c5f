#include "policy/spark_conf.h"

#include <gtest/gtest.h>

namespace ballast::policy {
namespace {

TEST(SparkConf, TheLastOfEqualKeysWins) {
  const SparkConf conf{{"b", "1"}, {"a", "2"}, {"b", "3"}};
  EXPECT_EQ(conf.ToMap(), (std::map<std::string, std::string>{{"a", "2"}, {"b", "3"}}));
}

TEST(SparkConf, AChangeLeavesTheCopyItWasMadeFromAlone) {
  const SparkConf before{{"a", "1"}, {"c", "3"}};
  SparkConf after = before;
  after.Set("b", "2");
  after.Remove("c");
  EXPECT_EQ(before.Get("c"), "3");
  EXPECT_EQ(after.ToMap(), (std::map<std::string, std::string>{{"a", "1"}, {"b", "2"}}));
  EXPECT_EQ(SparkConf::Difference(before, after),
            (std::vector<SettingChange>{{"b", "2"}, {"c", std::nullopt}}));
}

TEST(SparkConf, AChangeThatIsTakenBackIsNoDifference) {
  const SparkConf before{{"a", "1"}};
  SparkConf after = before;
  after.Set("a", "2");
  after.Set("a", "1");
  after.Remove("never-there");
  EXPECT_TRUE(SparkConf::Difference(before, after).empty());
  EXPECT_EQ(before, after);
}

TEST(SparkConf, ConfsOfDifferentReadsCompareByValue) {
  const SparkConf one{{"a", "1"}, {"b", "2"}};
  SparkConf other{{"b", "2"}};
  EXPECT_EQ(SparkConf::Difference(one, other), (std::vector<SettingChange>{{"a", std::nullopt}}));
  other.Set("a", "1");
  EXPECT_EQ(one, other);
}

}  // namespace
}  // namespace ballast::policy
