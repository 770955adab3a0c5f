#include "policy/java_number.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>

namespace ballast::policy {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(JavaNumber, ReadsInts) {
  const auto read = [](std::string_view text) {
    const Result<int64_t> value = JavaInt(text);
    return value.ok() ? std::optional(*value) : std::nullopt;
  };
  EXPECT_EQ(read(" 007 "), 7);
  EXPECT_EQ(read("+2"), 2);
  EXPECT_EQ(read("2147483647"), 2147483647);
  EXPECT_EQ(read("2147483648"), std::nullopt);
  EXPECT_EQ(read("-2147483648"), -2147483648);
  EXPECT_EQ(read("-2147483649"), std::nullopt);
  EXPECT_EQ(read("\u0663"), 3);  // digits of other scripts count
  EXPECT_EQ(read("1.0"), std::nullopt);
  EXPECT_EQ(read(""), std::nullopt);
  EXPECT_EQ(read("-"), std::nullopt);
  EXPECT_EQ(read("0x10"), std::nullopt);
  EXPECT_FALSE(ParseJavaInt(" 2").ok());
}

TEST(JavaNumber, ReadsDoubles) {
  struct {
    std::string_view text;
    std::optional<double> want;
  } const rows[] = {
      {"0.1", 0.1},
      {".5", 0.5},
      {"5.", 5.0},
      {"1e-1", 0.1},
      {" 0.2f ", 0.2},
      {"0.3D", 0.3},
      {"0x1p-2", 0.25},
      {"0x.8p0", 0.5},
      {"0X1.8P1", 3.0},
      {"+Infinity", kInfinity},
      {"-Infinity", -kInfinity},
      {"1e400", kInfinity},
      {"-1e400", -kInfinity},
      {"1e-400", 0.0},
      {"0e99999", 0.0},
      {"1e99999999999999999999", kInfinity},
      {"1e-99999999999999999999", 0.0},
      {"0x1p99999", kInfinity},
      {"0.0000001e400", kInfinity},
      {"nan", std::nullopt},
      {"inf", std::nullopt},
      {"0x1", std::nullopt},
      {"1e", std::nullopt},
      {"", std::nullopt},
      {".", std::nullopt},
      {"10%", std::nullopt},
      {"1L", std::nullopt},
      {"1 f", std::nullopt},
      {"0x.p1", std::nullopt},
  };
  for (const auto& row : rows) {
    const Result<double> value = JavaDouble(row.text);
    EXPECT_EQ(value.ok() ? std::optional(*value) : std::nullopt, row.want) << row.text;
  }
  EXPECT_TRUE(std::isnan(*JavaDouble("NaN")));
}

TEST(JavaNumber, ReadsBooleans) {
  EXPECT_TRUE(*JavaBoolean(" TRUE"));
  EXPECT_FALSE(*JavaBoolean("False"));
  for (const char* text : {"yes", "1", "", "t", "true\u00A0"}) {
    EXPECT_FALSE(JavaBoolean(text).ok()) << text;
  }
}

TEST(JavaNumber, ReadsDecimalsInBillionths) {
  EXPECT_EQ(*JavaDecimalBillionths("0.5"), 500'000'000);
  EXPECT_EQ(*JavaDecimalBillionths("1e3"), 1'000'000'000'000);
  EXPECT_EQ(*JavaDecimalBillionths("0.000000001"), 1);
  EXPECT_EQ(*JavaDecimalBillionths("0.1000000000000"), 100'000'000);
  EXPECT_EQ(*JavaDecimalBillionths("-1"), -1'000'000'000);
  EXPECT_EQ(*JavaDecimalBillionths("1e99"), std::numeric_limits<int64_t>::max());
  for (const char* text : {"0.0000000001", "500m", "0x1", "1f", "", "."}) {
    EXPECT_FALSE(JavaDecimalBillionths(text).ok()) << text;
  }
}

TEST(JavaNumber, PrintsDoublesAsJavaDoes) {
  EXPECT_EQ(PrintJavaDouble(0.1), "0.1");
  EXPECT_EQ(PrintJavaDouble(1), "1.0");
  EXPECT_EQ(PrintJavaDouble(-0.0), "-0.0");
  EXPECT_EQ(PrintJavaDouble(1e7), "1.0E7");
  EXPECT_EQ(PrintJavaDouble(0.00001), "1.0E-5");
  EXPECT_EQ(PrintJavaDouble(kInfinity), "Infinity");
  EXPECT_EQ(PrintJavaDouble(std::nan("")), "NaN");
}

}  // namespace
}  // namespace ballast::policy
