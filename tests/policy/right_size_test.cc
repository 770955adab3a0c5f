#include "policy/right_size.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "policy/print_value.h"

namespace ballast::policy {
namespace {

SizeUse Used(int64_t asked_mebibytes, int64_t used_mebibytes) {
  return {"run", Mebibytes(asked_mebibytes), Mebibytes(used_mebibytes)};
}
SizeUse RanOut(int64_t asked_mebibytes) {
  return {"run", Mebibytes(asked_mebibytes), Mebibytes(asked_mebibytes - 20), true};
}
SizeUse CutOff(int64_t asked_mebibytes, int64_t used_mebibytes) {
  return {"run", Mebibytes(asked_mebibytes), Mebibytes(used_mebibytes), false, false};
}
std::vector<SizeUse> Times(int count, const SizeUse& use) {
  return std::vector<SizeUse>(count, use);
}
std::vector<SizeUse> operator+(std::vector<SizeUse> all, const SizeUse& use) {
  all.push_back(use);
  return all;
}

struct Case {
  std::string name;
  std::vector<SizeUse> uses;
  std::string want;  // "confidence: proposed of asked: why"
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

const Case kCases[] = {
    {"NoRun", {}, "nothing"},
    {"NothingReported", {Used(8192, 0)}, "nothing"},
    {"OneRun",
     {Used(8192, 2000)},
     "low: 2560m of 8g: the most of the one run was 1.9 GiB; that and 20 %"},
    {"TwoRuns", Times(2, Used(8192, 2000)),
     "low: 2560m of 8g: the most of the 2 runs was 1.9 GiB; that and 20 %"},
    {"ThreeRuns", Times(3, Used(8192, 2000)),
     "medium: 2560m of 8g: the most of the 3 runs was 1.9 GiB; that and 20 %"},
    {"NineRuns", Times(9, Used(8192, 2000)),
     "medium: 2560m of 8g: the most of the 9 runs was 1.9 GiB; that and 20 %"},
    {"TenRuns", Times(10, Used(8192, 2000)),
     "high: 2560m of 8g: the most of the 10 runs was 1.9 GiB; that and 20 %"},
    // A run whose log breaks off may have used more later.
    {"TenRunsOneCutOff", Times(9, Used(8192, 2000)) + CutOff(8192, 2000),
     "medium: 2560m of 8g: the most of the 10 runs was 1.9 GiB; that and 20 %"},
    // Of twenty runs one may be an outlier: it is told, and still has room.
    {"AnOutlier", Times(19, Used(16384, 2000)) + Used(16384, 5000),
     "medium: 6g of 16g: the most of the 20 runs was 4.8 GiB, of 95 % of them 1.9 GiB; that and "
     "20 %"},
    {"OfNineteenItIsTheMost", Times(18, Used(16384, 2000)) + Used(16384, 5000),
     "medium: 6g of 16g: the most of the 19 runs was 4.8 GiB; that and 20 %"},
    // 8192 less a tenth, rounded as sizes are: at the limit and beyond.
    {"WorthIt", Times(10, Used(10240, 7680)),
     "high: 9g of 10g: the most of the 10 runs was 7.5 GiB; that and 20 %"},
    {"NotWorthIt", Times(10, Used(10240, 7681)),
     "high: 10g of 10g: the most of the 10 runs was 7.5 GiB: what is asked for fits"},
    // A full heap is garbage that waits, not want.
    {"Full", Times(10, Used(8192, 8190)),
     "high: 8g of 8g: the most of the 10 runs was 7.9 GiB: what is asked for fits"},
    {"NeverUnderTheLeast", Times(10, Used(8192, 100)),
     "high: 1g of 8g: the most of the 10 runs was 100 MiB; less is not proposed"},
    {"LessThanTheLeastIsAsked", Times(10, Used(512, 100)),
     "high: 512m of 512m: the most of the 10 runs was 100 MiB: what is asked for fits"},
    {"TheLastRunSaysWhatIsAsked", Times(9, Used(16384, 2000)) + Used(2560, 2000),
     "high: 2560m of 2560m: the most of the 10 runs was 1.9 GiB: what is asked for fits"},
    {"RanOut",
     {RanOut(4096)},
     "low: 6g of 4g: 4 GiB was not enough, and no run with more says how much is: half as much "
     "again"},
    {"RanOutOnceOfMany", Times(10, Used(4096, 2000)) + RanOut(4096),
     "low: 6g of 4g: 4 GiB was not enough, and no run with more says how much is: half as much "
     "again"},
    {"RanOutAndMoreWasEnough", std::vector<SizeUse>{RanOut(4096)} + Used(8192, 3000),
     "low: 8g of 8g: the most of the 2 runs was 3.9 GiB: what is asked for fits"},
    {"MoreWasEnoughBefore", std::vector<SizeUse>{Used(8192, 5000)} + RanOut(4096),
     "low: 8g of 4g: 4 GiB was not enough, and 8 GiB was; the most of the 2 runs was 4.8 GiB"},
    {"DownButNotToWhatRanOut",
     std::vector<SizeUse>{RanOut(4096)} + Used(6144, 3000) + Used(16384, 3000),
     "low: 6g of 16g: the most of the 3 runs was 3.9 GiB; less is not proposed"},
};

class SizeFromHistoryTable : public testing::TestWithParam<Case> {};

TEST_P(SizeFromHistoryTable, Proposes) {
  const auto size = SizeFromHistory(GetParam().uses, Gibibytes(1));
  EXPECT_EQ(size ? std::string(Name(size->confidence)) + ": " + PrintExactSize(size->proposed) +
                       " of " + PrintExactSize(size->asked) + ": " + size->why
                 : "nothing",
            GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Table, SizeFromHistoryTable, testing::ValuesIn(kCases),
                         [](const auto& tested) { return tested.param.name; });

TEST(NeatlyAboveTest, RoundsUpToWhatPeopleWrite) {
  EXPECT_EQ(NeatlyAbove(Mebibytes(0)), Mebibytes(0));
  EXPECT_EQ(NeatlyAbove(Mebibytes(256)), Mebibytes(256));
  EXPECT_EQ(NeatlyAbove(Mebibytes(257)), Mebibytes(512));
  EXPECT_EQ(NeatlyAbove(Mebibytes(3840)), Mebibytes(3840));
  EXPECT_EQ(NeatlyAbove(Mebibytes(3841)), Gibibytes(4));
  EXPECT_EQ(NeatlyAbove(Gibibytes(4)), Gibibytes(4));
  EXPECT_EQ(NeatlyAbove(Gibibytes(4) + Bytes(1)), Gibibytes(5));
}

// More use never lowers what is proposed, whatever the order of the runs before the last.
TEST(SizeFromHistoryLaw, IsMonotoneInWhatWasUsed) {
  for (int64_t used = 100; used < 9000; used += 379) {
    const auto one = SizeFromHistory(Times(4, Used(9216, used)), Gibibytes(1));
    const auto more =
        SizeFromHistory(Times(3, Used(9216, used)) + Used(9216, used + 379), Gibibytes(1));
    ASSERT_TRUE(one && more);
    EXPECT_LE(one->proposed, more->proposed) << used;
    EXPECT_GE(one->proposed, std::min(Mebibytes(used), one->asked));
  }
}

}  // namespace
}  // namespace ballast::policy
