#include "certs/rotation.h"

#include <gtest/gtest.h>

namespace ballast::certs {
namespace {

constexpr int64_t kDaySeconds = 24 * 60 * 60;
constexpr int64_t Day(int64_t n) { return n * kDaySeconds; }

struct StepCase {
  const char* name;
  RotationState state;
  int64_t now;
  RotationStep want;
};

std::ostream& operator<<(std::ostream& out, const StepCase& row) { return out << row.name; }

class Rotation : public testing::TestWithParam<StepCase> {};

TEST_P(Rotation, TakesTheStep) {
  EXPECT_EQ(NextStep(GetParam().state, RotationTimes{}, GetParam().now), GetParam().want);
}

constexpr Validity kAuthority{0, Day(365)};
constexpr Validity kNext{Day(335), Day(700)};
constexpr Validity kServing{0, Day(90)};

INSTANTIATE_TEST_SUITE_P(
    Table, Rotation,
    testing::Values(
        StepCase{"NothingThere", {}, 0, RotationStep::kMakeAuthority},
        StepCase{"NoServing", {kAuthority, {}, {}, {}}, 0, RotationStep::kMakeServing},
        StepCase{"AllGood", {kAuthority, {}, {}, kServing}, Day(1), RotationStep::kNothing},
        StepCase{"LastMomentBeforeAThirdIsLeft",
                 {kAuthority, {}, {}, kServing},
                 Day(60) - 1,
                 RotationStep::kNothing},
        StepCase{
            "AThirdIsLeft", {kAuthority, {}, {}, kServing}, Day(60), RotationStep::kMakeServing},
        StepCase{"ServingOfTomorrow",
                 {kAuthority, {}, {}, Validity{Day(2), Day(92)}},
                 Day(1),
                 RotationStep::kMakeServing},
        StepCase{"LastMomentBeforeTheOverlap",
                 {kAuthority, {}, {}, Validity{Day(300), Day(390)}},
                 Day(335) - 1,
                 RotationStep::kNothing},
        StepCase{"OverlapBegins",
                 {kAuthority, {}, {}, Validity{Day(300), Day(390)}},
                 Day(335),
                 RotationStep::kPublishAuthority},
        StepCase{"PublishedAMomentAgo",
                 {kAuthority, kNext, Day(335), Validity{Day(300), Day(390)}},
                 Day(335) + 3599,
                 RotationStep::kNothing},
        StepCase{"PublishedLongEnough",
                 {kAuthority, kNext, Day(335), Validity{Day(300), Day(390)}},
                 Day(335) + 3600,
                 RotationStep::kPromoteAuthority},
        StepCase{"AuthorityExpiredWithANextOne",
                 {kAuthority, kNext, Day(365), {}},
                 Day(366),
                 RotationStep::kPromoteAuthority},
        StepCase{"AuthorityExpiredAlone",
                 {kAuthority, {}, {}, kServing},
                 Day(366),
                 RotationStep::kMakeAuthority}),
    [](const testing::TestParamInfo<StepCase>& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace ballast::certs
