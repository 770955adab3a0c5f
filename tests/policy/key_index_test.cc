#include "policy/key_index.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "policy/spark_conf.h"

namespace ballast::policy {
namespace {

TEST(KeyIndex, FindsEachKeyAndNoOther) {
  std::vector<std::string> keys = {""};
  while (keys.size() < 200) keys.push_back(keys.back() + static_cast<char>('a' + keys.size() % 26));
  KeyIndex index(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) index.Add(keys[i], i);
  ASSERT_TRUE(index.complete());
  for (size_t i = 0; i < keys.size(); ++i) {
    EXPECT_EQ(index.Find(keys[i], [&](size_t at) { return keys[at] == keys[i]; }), i);
    const std::string other = keys[i] + "-";
    EXPECT_EQ(index.Find(other, [&](size_t at) { return keys[at] == other; }), std::nullopt);
  }
}

TEST(KeyIndex, OfNoKeysIsNotComplete) { EXPECT_FALSE(KeyIndex(0).complete()); }

// As keys would that were made to collide.
TEST(KeyIndex, GivesUpWhereTooManyKeysCollide) {
  KeyIndex index(17);
  for (size_t i = 0; i < 16; ++i) index.Add("spark.same", i);
  EXPECT_TRUE(index.complete());
  index.Add("spark.same", 16);
  EXPECT_FALSE(index.complete());
}

TEST(KeyIndex, OfAConfFindsWhatIsThere) {
  const SparkConf conf({{"spark.b", "2"}, {"spark.a", "1"}, {"spark.executor.memory", "4g"}});
  EXPECT_EQ(conf.Get("spark.a"), "1");
  EXPECT_EQ(conf.Get("spark.executor.memory"), "4g");
  EXPECT_EQ(conf.Get("spark.executor.memor"), std::nullopt);
  EXPECT_EQ(conf.Get(""), std::nullopt);
}

}  // namespace
}  // namespace ballast::policy
