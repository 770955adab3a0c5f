#include "policy/spark_size.h"

#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <random>

namespace ballast::policy {
namespace {

constexpr SparkVersion k41{4, 1};
constexpr SparkVersion k42{4, 2};

std::optional<int64_t> OrNothing(const Result<int64_t>& result) {
  return result.ok() ? std::optional(*result) : std::nullopt;
}

struct SizeRow {
  std::string_view name;
  std::string_view text;
  ByteUnit unit;
  SparkVersion version;
  std::optional<int64_t> want;
};
constexpr SizeRow kSizes[] = {
    {"NoSuffixIsInTheUnit", "2048", ByteUnit::kMiB, k41, 2048},
    {"FloorsToTheUnit", "1023k", ByteUnit::kMiB, k41, 0},
    {"AFullUnit", "1024k", ByteUnit::kMiB, k41, 1},
    {"AnyCase", "28G", ByteUnit::kMiB, k41, 28672},
    {"KelvinSignIsAK", "2\u212A", ByteUnit::kByte, k41, 2048},
    {"LongSIsNoS", "1\u017F", ByteUnit::kByte, k41, std::nullopt},
    {"TrimsBlanks", " \t2g\r\n", ByteUnit::kGiB, k41, 2},
    {"KeepsNoBreakSpace", "\u00A02g", ByteUnit::kGiB, k41, std::nullopt},
    {"InnerBlank", "2 g", ByteUnit::kGiB, k41, std::nullopt},
    {"WideDigit", "\uFF12g", ByteUnit::kGiB, k41, std::nullopt},
    {"Fraction", "1.5g", ByteUnit::kGiB, k41, std::nullopt},
    {"Empty", "", ByteUnit::kGiB, k41, std::nullopt},
    {"OnlySuffix", "g", ByteUnit::kGiB, k41, std::nullopt},
    {"GiBefore42", "1Gi", ByteUnit::kMiB, k41, std::nullopt},
    {"GiFrom42", "1Gi", ByteUnit::kMiB, k42, 1024},
    {"GibFrom42", "1GiB", ByteUnit::kMiB, k42, 1024},
    {"NoExbibytes", "1e", ByteUnit::kMiB, k42, std::nullopt},
    {"LargestLong", "9223372036854775807", ByteUnit::kByte, k41, 9223372036854775807},
    {"OverLargestLong", "9223372036854775808", ByteUnit::kByte, k41, std::nullopt},
    {"LargestInBytes", "8191p", ByteUnit::kByte, k41, 9222246136947933184},
    {"OverflowsInBytes", "8192p", ByteUnit::kByte, k41, std::nullopt},
    {"FitsInMebibytes", "8192p", ByteUnit::kMiB, k41, 8796093022208},
};

TEST(SparkSize, ReadsWhatJavaUtilsReads) {
  for (const SizeRow& row : kSizes) {
    EXPECT_EQ(OrNothing(ByteStringAs(row.text, row.unit, row.version)), row.want) << row.name;
  }
}

TEST(SparkSize, AnEntryTakesOneLeadingMinus) {
  const auto read = [](std::string_view text) {
    return OrNothing(BytesConf(text, ByteUnit::kMiB, k41));
  };
  EXPECT_EQ(read("-1g"), -1024);
  EXPECT_EQ(read("- 1g"), -1024);
  EXPECT_EQ(read("--1g"), std::nullopt);
  EXPECT_EQ(read(" -1g"), std::nullopt);
}

TEST(SparkSize, SaysWhatIsWrongInSparksWords) {
  EXPECT_TRUE(ByteStringAs("1.5g", ByteUnit::kMiB, k41)
                  .error()
                  .what.ends_with("\nFractional values are not supported. Input was: 1.5"));
  EXPECT_TRUE(
      ByteStringAs("1gi", ByteUnit::kMiB, k41).error().what.ends_with("\nInvalid suffix: \"gi\""));
  EXPECT_TRUE(ByteStringAs("abc", ByteUnit::kMiB, k41)
                  .error()
                  .what.ends_with("\nFailed to parse byte string: abc"));
}

TEST(SparkTime, ReadsWhatJavaUtilsReads) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  struct {
    std::string_view text;
    TimeUnit unit;
    std::optional<int64_t> want;
  } const rows[] = {
      {"120", TimeUnit::kSeconds, 120},
      {"10999ms", TimeUnit::kSeconds, 10},
      {"-1s", TimeUnit::kMillis, -1000},
      {"1min", TimeUnit::kSeconds, 60},
      {"2m", TimeUnit::kMillis, 120000},
      {"1d", TimeUnit::kHours, 24},
      {"999us", TimeUnit::kMillis, 0},
      {"1.5m", TimeUnit::kSeconds, std::nullopt},
      {"1sec", TimeUnit::kSeconds, std::nullopt},
      {"+1s", TimeUnit::kSeconds, std::nullopt},
      {"9223372036854775807d", TimeUnit::kMillis, kMost},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(OrNothing(TimeStringAs(row.text, row.unit)), row.want) << row.text;
  }
}

// Law: what is printed is read back as the same value, by every version.
TEST(SparkSize, TheParseOfAPrintIsTheValue) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 10000; ++i) {
    const ByteSize size = Mebibytes(static_cast<int64_t>(random() >> (24 + random() % 40)));
    for (const SparkVersion version : KnownSparkVersions()) {
      ASSERT_EQ(*ByteStringAs(PrintSparkSize(size), ByteUnit::kByte, version), size.bytes());
    }
    const auto millis = static_cast<int64_t>(random() >> (2 + random() % 60));
    ASSERT_EQ(*TimeStringAs(PrintSparkTime(millis), TimeUnit::kMillis), millis);
  }
}

TEST(SparkSize, PrintsTheLargestExactUnitAndRoundsUp) {
  EXPECT_EQ(PrintSparkSize(Gibibytes(28)), "28g");
  EXPECT_EQ(PrintSparkSize(Mebibytes(1536)), "1536m");
  EXPECT_EQ(PrintSparkSize(Bytes((1 << 20) + 1)), "2m");
  EXPECT_EQ(PrintSparkSize(Bytes(0)), "0m");
  EXPECT_EQ(PrintSparkTime(600000), "600s");
  EXPECT_EQ(PrintSparkTime(1500), "1500ms");
}

}  // namespace
}  // namespace ballast::policy
