#include "policy/namespace_state.h"

#include <gtest/gtest.h>

#include <limits>

namespace ballast::policy {
namespace {

struct AmountCase {
  const char* name;
  const char* resource;
  const char* text;
  int64_t want;
  const char* printed;
};
void PrintTo(const AmountCase& test, std::ostream* stream) { *stream << test.name; }

class AmountTest : public ::testing::TestWithParam<AmountCase> {};

TEST_P(AmountTest, IsReadInTheResourcesUnitAndPrintedBack) {
  const AmountCase& test = GetParam();
  const auto amount = ParseAmount(test.resource, test.text);
  ASSERT_TRUE(amount.ok()) << amount.error().what;
  EXPECT_EQ(*amount, test.want);
  EXPECT_EQ(PrintAmount(test.resource, *amount), test.printed);
  EXPECT_EQ(*ParseAmount(test.resource, test.printed), test.want);
}

const AmountCase kAmounts[] = {
    {"Cpu", "cpu", "1.5", 1500, "1500m"},
    {"CpuRequests", "requests.cpu", "64", 64000, "64"},
    {"CpuLimits", "limits.cpu", "7910m", 7910, "7910m"},
    {"FinerThanAThousandthIsRoundedUp", "limits.cpu", "1500500u", 1501, "1501m"},
    {"Memory", "requests.memory", "100Gi", int64_t{100} << 30, "100Gi"},
    {"MemoryInDecimalUnits", "limits.memory", "1G", 1000000000, "1000000000"},
    {"Pods", "count/pods", "1e3", 1000, "1000"},
    {"Devices", "requests.nvidia.com/gpu", "8", 8, "8"},
    {"Storage", "requests.storage", "1Ti", int64_t{1} << 40, "1Ti"},
    {"StorageOfAClass", "gold.storageclass.storage.k8s.io/requests.storage", "2Gi",
     int64_t{2} << 30, "2Gi"},
    {"ClaimsOfAClass", "gold.storageclass.storage.k8s.io/persistentvolumeclaims", "2048", 2048,
     "2048"},
    {"HugePages", "requests.hugepages-2Mi", "64Mi", int64_t{64} << 20, "64Mi"},
    {"Saturates", "memory", "100E", std::numeric_limits<int64_t>::max(), "9223372036854775807"},
};
INSTANTIATE_TEST_SUITE_P(Table, AmountTest, ::testing::ValuesIn(kAmounts),
                         [](const auto& row) { return row.param.name; });

TEST(AmountErrors, NameWhatToWrite) {
  const auto amount = ParseAmount("memory", "lots");
  ASSERT_FALSE(amount.ok());
  EXPECT_TRUE(amount.error().what.starts_with("\"lots\" is not a quantity")) << amount.error().what;
}

}  // namespace
}  // namespace ballast::policy
