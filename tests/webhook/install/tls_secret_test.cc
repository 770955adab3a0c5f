#include "webhook/install/tls_secret.h"

#include <gtest/gtest.h>

#include "k8s/api/base64.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

certs::Keyring Renewed(certs::Keyring keyring, certs::Renew renew) {
  certs::RenewOptions options;
  options.names = {"ballast.ballast.svc"};
  options.now = 1800000000;
  options.renew = renew;
  return certs::RenewKeyring(std::move(keyring), options)->keyring;
}

bool Same(const certs::Keyring& a, const certs::Keyring& b) {
  const auto same = [](const auto& one, const auto& other) {
    return one.has_value() == other.has_value() &&
           (!one ||
            (one->certificate_pem == other->certificate_pem && one->key_pem == other->key_pem));
  };
  return same(a.authority, b.authority) && same(a.next_authority, b.next_authority) &&
         same(a.serving, b.serving) && a.retired == b.retired &&
         a.next_trusted_since == b.next_trusted_since;
}

TEST(TlsSecret, KeepsAKeyring) {
  certs::Keyring keyring = Renewed({}, certs::Renew::kDue);
  const json fresh = WithKeyring({{"kind", "Secret"}}, keyring);
  EXPECT_TRUE(Same(ReadKeyring(fresh), keyring));
  EXPECT_EQ(fresh["data"].size(), 4u);

  keyring = Renewed(keyring, certs::Renew::kAuthority);
  keyring.next_trusted_since = 1800000060;
  keyring.retired = {Renewed({}, certs::Renew::kDue).authority->certificate_pem};
  const json full = WithKeyring(fresh, keyring);
  EXPECT_TRUE(Same(ReadKeyring(full), keyring));
  EXPECT_EQ(full["metadata"]["annotations"]["ballast.dev/next-authority-trusted-since"],
            "1800000060");

  keyring.next_authority.reset();
  keyring.next_trusted_since.reset();
  const json after = WithKeyring(full, keyring);
  EXPECT_TRUE(Same(ReadKeyring(after), keyring));
  EXPECT_FALSE(after["metadata"].contains("annotations"));
}

TEST(TlsSecret, LeavesTheRestAlone) {
  const json secret = {{"kind", "Secret"},
                       {"metadata", {{"annotations", {{"a", "b"}}}, {"resourceVersion", "7"}}},
                       {"data", {{"other", "eA=="}}}};
  const json written = WithKeyring(secret, Renewed({}, certs::Renew::kDue));
  EXPECT_EQ(written["metadata"], secret["metadata"]);
  EXPECT_EQ(written["data"]["other"], "eA==");
}

TEST(TlsSecret, ReadsWhatItCan) {
  EXPECT_FALSE(ReadKeyring(json()).authority);
  EXPECT_FALSE(ReadKeyring({{"data", 1}}).serving);
  EXPECT_FALSE(ReadKeyring({{"data", {{"tls.crt", "not base64!"}, {"tls.key", 3}}}}).serving);
  json secret = WithKeyring(json::object(), Renewed({}, certs::Renew::kAuthority));
  secret["metadata"]["annotations"] = {{kNextTrustedSince, "12x"}};
  EXPECT_FALSE(ReadKeyring(secret).next_trusted_since);
  // Without its key an authority signs no more; whom clients trust stays known.
  secret["data"].erase("ca.key");
  const certs::Keyring keyring = ReadKeyring(secret);
  ASSERT_TRUE(keyring.authority);
  EXPECT_EQ(keyring.authority->key_pem, "");
}

}  // namespace
}  // namespace ballast::webhook
