#include "certs/keyring.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "certs/bundle.h"
#include "certs/certificate.h"

namespace ballast::certs {
namespace {

constexpr int64_t kStart = 1800000000;
constexpr int64_t kHour = 3600;

RenewOptions At(int64_t now) {
  RenewOptions options;
  options.names = {"ballast.ballast.svc"};
  options.now = now;
  return options;
}

Keyring Fresh() {
  auto made = RenewKeyring({}, At(kStart));
  EXPECT_TRUE(made.ok());
  return made.ok() ? made->keyring : Keyring{};
}

Validity ValidityOf(const KeyPair& pair) {
  return Describe(pair.certificate_pem)->front().validity;
}

using Steps = std::vector<RotationStep>;

struct Row {
  const char* name;
  void (*change)(Keyring& keyring, RenewOptions& options);
  Steps want;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class Renewing : public testing::TestWithParam<Row> {};

TEST_P(Renewing, TakesTheSteps) {
  Keyring keyring = Fresh();
  RenewOptions options = At(kStart + kHour);
  GetParam().change(keyring, options);
  const auto renewed = RenewKeyring(keyring, options);
  ASSERT_TRUE(renewed.ok());
  EXPECT_EQ(renewed->steps, GetParam().want);
  const Keyring& after = renewed->keyring;
  ASSERT_TRUE(after.serving && after.authority);
  EXPECT_TRUE(TrustedAt(after.serving->certificate_pem, BundleOf(after), options.now));
  EXPECT_EQ(SplitBundle(BundleOf(after)).front(), after.authority->certificate_pem);
}

void Leave(Keyring&, RenewOptions&) {}

INSTANTIATE_TEST_SUITE_P(
    Table, Renewing,
    testing::Values(Row{"NothingIsDue", Leave, {}},
                    Row{"NothingThere",
                        [](Keyring& keyring, RenewOptions&) { keyring = {}; },
                        {RotationStep::kMakeAuthority}},
                    Row{"ServingIsAskedFor",
                        [](Keyring&, RenewOptions& options) { options.renew = Renew::kServing; },
                        {RotationStep::kMakeServing}},
                    Row{"AuthorityIsAskedFor",
                        [](Keyring&, RenewOptions& options) { options.renew = Renew::kAuthority; },
                        {RotationStep::kPublishAuthority}},
                    Row{"EverythingIsAskedFor",
                        [](Keyring&, RenewOptions& options) { options.renew = Renew::kEverything; },
                        {RotationStep::kMakeAuthority}},
                    Row{"AnotherName",
                        [](Keyring&, RenewOptions& options) {
                          options.names.push_back("other.svc");
                        },
                        {RotationStep::kMakeServing}},
                    Row{"TheKeyIsOfAnother",
                        [](Keyring& keyring, RenewOptions&) {
                          keyring.serving->key_pem = keyring.authority->key_pem;
                        },
                        {RotationStep::kMakeServing}},
                    Row{"TheAuthorityIsDamaged",
                        [](Keyring& keyring, RenewOptions&) { keyring.authority->key_pem = "x"; },
                        {RotationStep::kMakeAuthority}},
                    Row{"SignedByAnother",
                        [](Keyring& keyring, RenewOptions&) { keyring.serving = Fresh().serving; },
                        {RotationStep::kMakeServing}},
                    Row{"LastMomentBeforeAThirdIsLeft",
                        [](Keyring& keyring, RenewOptions& options) {
                          options.now = RenewalTime(ValidityOf(*keyring.serving)) - 1;
                        },
                        {}},
                    Row{"AThirdIsLeft",
                        [](Keyring& keyring, RenewOptions& options) {
                          options.now = RenewalTime(ValidityOf(*keyring.serving));
                        },
                        {RotationStep::kMakeServing}},
                    Row{"OverlapBegins",
                        [](Keyring& keyring, RenewOptions& options) {
                          options.now = ValidityOf(*keyring.authority).not_after -
                                        options.times.authority_overlap_seconds;
                        },
                        {RotationStep::kPublishAuthority, RotationStep::kMakeServing}},
                    Row{"AuthorityHasExpired",
                        [](Keyring& keyring, RenewOptions& options) {
                          options.now = ValidityOf(*keyring.authority).not_after + 1;
                        },
                        {RotationStep::kMakeAuthority}}),
    [](const testing::TestParamInfo<Row>& row) { return std::string(row.param.name); });

TEST(Keyring, TheNextAuthoritySignsOnceItIsTrustedLongEnough) {
  RenewOptions options = At(kStart);
  options.renew = Renew::kAuthority;
  Keyring keyring = RenewKeyring(Fresh(), options)->keyring;
  const std::string next = keyring.next_authority->certificate_pem;
  EXPECT_TRUE(HoldsAll(BundleOf(keyring), next));

  // As long as nobody was seen to trust it nothing happens, ask as one may.
  options.now = kStart + 100 * kHour;
  EXPECT_EQ(RenewKeyring(keyring, options)->steps, Steps{});

  keyring.next_trusted_since = options.now;
  options.now += options.times.settle_seconds - 1;
  EXPECT_EQ(RenewKeyring(keyring, options)->steps, Steps{});
  options.now += 1;
  const Renewed renewed = *RenewKeyring(keyring, options);
  EXPECT_EQ(renewed.steps, Steps{RotationStep::kPromoteAuthority});
  EXPECT_EQ(renewed.keyring.authority->certificate_pem, next);
  EXPECT_FALSE(renewed.keyring.next_trusted_since);
  // What the old one signed is still trusted.
  EXPECT_TRUE(TrustedAt(keyring.serving->certificate_pem, BundleOf(renewed.keyring), options.now));
}

TEST(Keyring, EverythingAnewTrustsNothingOld) {
  const Keyring old = Fresh();
  RenewOptions options = At(kStart);
  options.renew = Renew::kEverything;
  const Keyring anew = RenewKeyring(old, options)->keyring;
  EXPECT_FALSE(TrustedAt(old.serving->certificate_pem, BundleOf(anew), kStart));
  EXPECT_EQ(SplitBundle(BundleOf(anew)).size(), 1u);
}

TEST(Keyring, TrustsABoundedNumberOfRetiredOnes) {
  Keyring keyring = Fresh();
  for (size_t i = 0; i < 2 * kMostRetired; ++i) {
    RenewOptions options = At(kStart + static_cast<int64_t>(i));
    options.renew = Renew::kAuthority;
    options.times.settle_seconds = 0;
    keyring = RenewKeyring(keyring, options)->keyring;
    keyring.next_trusted_since = options.now;
    keyring = RenewKeyring(keyring, At(options.now + kHour))->keyring;
  }
  EXPECT_EQ(keyring.retired.size(), kMostRetired);
}

// Two years of renewing once a day. API servers learn what to trust a run late, replicas show
// the certificate of the run before: no call would have failed at any time.
TEST(Keyring, IsTrustedAtEveryMoment) {
  Keyring keyring = Fresh();
  std::string trusted = BundleOf(keyring);
  std::string shown = keyring.serving->certificate_pem;
  int authorities = 0;
  int servings = 0;
  for (int64_t now = kStart; now < kStart + 2 * 365 * kDay; now += kDay) {
    const auto renewed = RenewKeyring(keyring, At(now));
    ASSERT_TRUE(renewed.ok());
    for (const RotationStep step : renewed->steps) {
      authorities += step == RotationStep::kPromoteAuthority ? 1 : 0;
      servings += step == RotationStep::kMakeServing ? 1 : 0;
      ASSERT_NE(step, RotationStep::kMakeAuthority);
    }
    // The new certificate with what clients trusted before this run, and the old with what now.
    const std::string serving = renewed->keyring.serving->certificate_pem;
    ASSERT_TRUE(TrustedAt(serving, trusted, now)) << (now - kStart) / kDay;
    ASSERT_TRUE(TrustedAt(shown, trusted, now)) << (now - kStart) / kDay;
    ASSERT_TRUE(TrustedAt(shown, BundleOf(renewed->keyring), now)) << (now - kStart) / kDay;
    keyring = renewed->keyring;
    if (keyring.next_authority && !keyring.next_trusted_since) keyring.next_trusted_since = now;
    trusted = BundleOf(keyring);
    shown = serving;
  }
  EXPECT_EQ(authorities, 2);
  EXPECT_GT(servings, 70);
}

TEST(Bundle, TakesTextsApart) {
  const Keyring one = Fresh();
  const Keyring two = Fresh();
  const std::string pem = "a word before\n" + one.authority->certificate_pem +
                          one.serving->certificate_pem + two.authority->certificate_pem +
                          one.authority->certificate_pem + "-----BEGIN CERTIFICATE-----\ncut";
  EXPECT_EQ(SplitBundle(pem), (std::vector<std::string>{one.authority->certificate_pem,
                                                        two.authority->certificate_pem}));
  EXPECT_EQ(SplitBundle("no certificate"), std::vector<std::string>{});
  EXPECT_TRUE(HoldsAll(pem, two.authority->certificate_pem));
  EXPECT_FALSE(HoldsAll(one.authority->certificate_pem, pem));
  EXPECT_TRUE(SignedBy(one.serving->certificate_pem, one.authority->certificate_pem));
  EXPECT_FALSE(SignedBy(one.serving->certificate_pem, two.authority->certificate_pem));
  EXPECT_FALSE(SignedBy("x", one.authority->certificate_pem));
}

}  // namespace
}  // namespace ballast::certs
