#include "certs/certificate.h"

#include <gtest/gtest.h>

#include "certs/issue.h"
#include "certs/tls_context.h"

namespace ballast::certs {
namespace {

constexpr int64_t kNow = 1'795'245'900;  // 2026-11-21T07:25:00Z

KeyPair Authority() { return MakeAuthority({"test CA", kNow, 100 * kDay}).value(); }

TEST(Certificate, SaysWhatItWasMadeWith) {
  const KeyPair authority = Authority();
  const KeyPair serving =
      MakeServing(authority, {"ballast.spark.svc", "127.0.0.1", "::1"}, {"web", kNow, 10 * kDay})
          .value();
  const CertificateInfo info = Describe(serving.certificate_pem).value().front();
  EXPECT_EQ(info.subject, "CN=web");
  EXPECT_EQ(info.issuer, "CN=test CA");
  EXPECT_EQ(info.dns_names, std::vector<std::string>{"ballast.spark.svc"});
  EXPECT_EQ(info.ip_addresses, (std::vector<std::string>{"127.0.0.1", "::1"}));
  EXPECT_EQ(info.validity, (Validity{kNow - 300, kNow + 10 * kDay}));
  EXPECT_EQ(info.key_type, "ECDSA P-256");
  EXPECT_FALSE(info.is_authority);
  EXPECT_EQ(info.fingerprint.size(), 64U);
  EXPECT_TRUE(Describe(authority.certificate_pem).value().front().is_authority);
}

TEST(Certificate, NeverOutlivesItsAuthority) {
  const KeyPair serving = MakeServing(Authority(), {"a"}, {"web", kNow, 1000 * kDay}).value();
  EXPECT_EQ(Describe(serving.certificate_pem).value().front().validity.not_after,
            kNow + 100 * kDay);
}

struct ValidityCase {
  const char* name;
  int64_t now;
  ValidityState want;
};

TEST(Certificate, IsValidFromItsFirstToItsLastSecond) {
  const Validity validity{1000, 2000};
  for (const ValidityCase& row : {
           ValidityCase{"BeforeTheFirst", 999, ValidityState::kNotYet},
           ValidityCase{"AtTheFirst", 1000, ValidityState::kValid},
           ValidityCase{"AtTheLast", 2000, ValidityState::kValid},
           ValidityCase{"AfterTheLast", 2001, ValidityState::kExpired},
       }) {
    EXPECT_EQ(StateAt(validity, row.now), row.want) << row.name;
  }
}

TEST(Certificate, RefusesNamesThatAreNone) {
  for (const char* name : {"", "a b", "a,DNS:evil", "*", "*.", "http://a"}) {
    const auto made = MakeServing(Authority(), {name}, {"web", kNow, kDay});
    ASSERT_FALSE(made.ok()) << name;
    EXPECT_EQ(made.error().what, "neither a DNS name nor an IP address") << name;
  }
  EXPECT_TRUE(MakeServing(Authority(), {"*.spark.svc"}, {"web", kNow, kDay}).ok());
}

TEST(Certificate, RefusesWhatIsNoCertificate) {
  EXPECT_EQ(Describe("hello").error().what,
            "no certificate in it; a PEM text with BEGIN CERTIFICATE is wanted");
  EXPECT_FALSE(Describe("").ok());
  std::string broken = Authority().certificate_pem;
  broken.resize(broken.size() / 2);
  EXPECT_FALSE(Describe(broken).ok());
}

TEST(Certificate, ReadsAWholeChain) {
  const KeyPair authority = Authority();
  const KeyPair serving = MakeServing(authority, {"a"}, {"web", kNow, kDay}).value();
  const auto both = Describe(serving.certificate_pem + authority.certificate_pem).value();
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0].subject, "CN=web");
  EXPECT_EQ(both[1].subject, "CN=test CA");
}

TEST(TlsContext, RefusesAKeyOfAnotherCertificate) {
  const KeyPair one = MakeServing(Authority(), {"a"}, {"web", kNow, kDay}).value();
  const KeyPair other = MakeServing(Authority(), {"a"}, {"web", kNow, kDay}).value();
  EXPECT_TRUE(CheckPair(one.certificate_pem, one.key_pem).ok());
  EXPECT_EQ(CheckPair(one.certificate_pem, other.key_pem).error().what,
            "the private key does not belong to the certificate");
  EXPECT_FALSE(CheckPair(one.certificate_pem, "").ok());
  EXPECT_FALSE(CheckPair("", one.key_pem).ok());
  EXPECT_FALSE(TlsContext::Make(one.certificate_pem, one.key_pem, "no authority").ok());
}

TEST(FormatTime, IsRfc3339) { EXPECT_EQ(FormatTime(kNow), "2026-11-21T07:25:00Z"); }

}  // namespace
}  // namespace ballast::certs
