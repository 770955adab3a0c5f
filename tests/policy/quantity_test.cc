#include "policy/quantity.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

namespace ballast::policy {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

struct Row {
  const char* text;
  int64_t value;  // rounded up to whole bytes
  int64_t millis;
};

// Every suffix, sign and fraction; the values are those of Quantity.Value and Quantity.MilliValue.
TEST(Quantity, ReadsEverySpelling) {
  const Row rows[] = {
      {"0", 0, 0},
      {"39Gi", 39LL << 30, (39LL << 30) * 1000},
      {"40894464Ki", 39LL << 30, (39LL << 30) * 1000},
      {"41875931136", 39LL << 30, (39LL << 30) * 1000},
      {"1e3", 1000, 1'000'000},
      {"1E3", 1000, 1'000'000},
      {"1e+3", 1000, 1'000'000},
      {"12e-1", 2, 1200},
      {"1E", 1'000'000'000'000'000'000, kMax},
      {"2Ei", 2LL << 60, kMax},
      {"8Ei", kMax, kMax},
      {"7910m", 8, 7910},
      {"100m", 1, 100},
      {"1500u", 1, 2},
      {"1n", 1, 1},
      {"1.5Gi", 3LL << 29, (3LL << 29) * 1000},
      {".5Mi", 1 << 19, (1LL << 19) * 1000},
      {"1.", 1, 1000},
      {"1.k", 1000, 1'000'000},
      {"+2", 2, 2000},
      {"-2", -2, -2000},
      {"-1500m", -2, -1500},
      {"0.1", 1, 100},
      {"0.0001", 1, 1},
      {"1.0000000000000000000000001", 2, 1001},
      {"0.00000000000000000000000000000001Ki", 1, 1},
      {"0.0009765625Ki", 1, 1000},
      {"0.0009765626Ki", 2, 1001},
      {"000000000000000000000000000000000000007", 7, 7000},
      {"3k", 3000, 3'000'000},
      {"3M", 3'000'000, 3'000'000'000},
      {"3T", 3'000'000'000'000, 3'000'000'000'000'000},
      {"3P", 3'000'000'000'000'000, 3'000'000'000'000'000'000},
      {"9223372036854775807", kMax, kMax},
      {"9223372036854775808", kMax, kMax},
      {"1e999999999999999999999", kMax, kMax},
      {"1e-999999999999999999999", 1, 1},
      {"0e999999999", 0, 0},
      {"99999999999999999999999999999999Ei", kMax, kMax},
      {"-1e40", -kMax, -kMax},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    const auto memory = ParseMemoryQuantity(row.text);
    ASSERT_TRUE(memory.ok());
    EXPECT_EQ(memory->bytes(), row.value);
    EXPECT_EQ(*ParseCountQuantity(row.text), row.value);
    EXPECT_EQ(ParseCpuQuantity(row.text)->millis(), row.millis);
  }
}

TEST(Quantity, RefusesWhatIsNone) {
  for (const char* text :
       {"",      " 1",    "1 ",   "Gi",   "m",    "+",      "-",       ".",   "1.1.M", "1+1.0M",
        "0.1mi", "0.1am", "aoeu", ".5i",  "1i",   "-3.01i", "-3.01e-", "1e",  "1e1.5", "1g",
        "1gi",   "1GI",   "1kb",  "1Gib", "0x10", "1e3Ki",  "1K",      "--1", "١"}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(ParseMemoryQuantity(text).ok());
    EXPECT_FALSE(ParseCpuQuantity(text).ok());
  }
  EXPECT_EQ(ParseMemoryQuantity("28g").error().what,
            "\"28g\" is not a quantity: write a number with a suffix of n, u, m, k, M, G, T, P, E, "
            "Ki, Mi, Gi, Ti, Pi, Ei or an exponent, for example 39Gi, 500m or 1e3");
}

TEST(Quantity, LongTextIsReadInLinearTime) {
  EXPECT_EQ(ParseMemoryQuantity(std::string(1 << 20, '9'))->bytes(), kMax);
  EXPECT_EQ(ParseMemoryQuantity("0." + std::string(1 << 20, '9') + "Gi")->bytes(), 1LL << 30);
}

TEST(Quantity, Prints) {
  EXPECT_EQ(PrintMemoryQuantity(Gibibytes(39)), "39Gi");
  EXPECT_EQ(PrintMemoryQuantity(Mebibytes(1408)), "1408Mi");
  EXPECT_EQ(PrintMemoryQuantity(Bytes(1000 * 1024)), "1000Ki");
  EXPECT_EQ(PrintMemoryQuantity(Bytes(999)), "999");
  EXPECT_EQ(PrintMemoryQuantity(Bytes(0)), "0");
  EXPECT_EQ(PrintCpuQuantity(Cores(4)), "4");
  EXPECT_EQ(PrintCpuQuantity(Millis(1500)), "1500m");
}

TEST(Quantity, WhatIsPrintedReadsBack) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 10000; ++i) {
    const auto value = static_cast<int64_t>(random() >> (1 + random() % 62));
    const ByteSize size = Bytes((value >> (random() % 40)) << (random() % 20));
    EXPECT_EQ(*ParseMemoryQuantity(PrintMemoryQuantity(size)), size);
    EXPECT_EQ(*ParseCpuQuantity(PrintCpuQuantity(Millis(value))), Millis(value));
  }
}

}  // namespace
}  // namespace ballast::policy
