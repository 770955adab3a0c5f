#include "policy/share.h"

#include <gtest/gtest.h>

#include <limits>

#include "policy/policy_values.h"

namespace ballast::policy {
namespace {

TEST(Share, IsExactAsPeopleWriteIt) {
  struct Row {
    const char* written;
    int64_t whole;
    int64_t want;
    const char* percent;
  };
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  const Row rows[] = {
      {"70%", 100'000, 70'000, "70"},
      {"60%", 10, 6, "60"},
      {"29%", 25'600, 7'424, "29"},
      {"12.5%", 8, 1, "12.5"},
      {"12.5%", 7, 0, "12.5"},
      {"0.57", 100, 57, "57"},
      {"0.5%", 200, 1, "0.5"},
      {"100%", kMost, kMost, "100"},
      {"12.345%", 100'000, 12'345, "12.345"},
  };
  for (const Row& row : rows) {
    const Result<double> share = ReadShare(row.written);
    ASSERT_TRUE(share.ok()) << row.written;
    EXPECT_EQ(ShareOf(row.whole, *share), row.want) << row.written;
    EXPECT_EQ(PrintPercent(*share), row.percent) << row.written;
    EXPECT_EQ(PrintShare(*share), std::string(row.percent) + "%") << row.written;
  }
}

// Every whole percentage of 100 is itself, and what is printed reads back to the same share.
TEST(Share, WholePercentages) {
  for (int64_t n = 1; n <= 100; ++n) {
    const std::string text = std::to_string(n) + "%";
    const double share = *ReadShare(text);
    EXPECT_EQ(ShareOf(100, share), n);
    EXPECT_EQ(PrintShare(share), text);
  }
}

TEST(Share, FinerThanABillionthReadsBackAllTheSame) {
  const double third = 1.0 / 3;
  EXPECT_EQ(PrintPercent(third), "33.3333333");
  EXPECT_EQ(*ReadShare(PrintShare(third)), third);
}

TEST(Share, OutsideOfNoneAndAll) {
  EXPECT_EQ(ShareOf(100, -0.5), 0);
  EXPECT_EQ(ShareOf(100, std::numeric_limits<double>::quiet_NaN()), 0);
  EXPECT_EQ(ShareOf(100, 1.5), 100);
}

}  // namespace
}  // namespace ballast::policy
