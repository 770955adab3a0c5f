#include "certs/issue.h"

#include <arpa/inet.h>
#include <openssl/bn.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>

#include "certs/certificate.h"
#include "certs/openssl_ptr.h"

namespace ballast::certs {
namespace {

using policy::Error;
using policy::Result;

constexpr int64_t kClockSkew = int64_t{5} * 60;

Error Failed(const std::string& what) { return Error{"", what + ": " + TakeOpenSslError()}; }

bool IsAddress(const std::string& name) {
  std::array<unsigned char, 16> buffer{};
  return inet_pton(AF_INET, name.c_str(), buffer.data()) == 1 ||
         inet_pton(AF_INET6, name.c_str(), buffer.data()) == 1;
}

// Letters, digits, '-', '.', and a leading "*."; what else would change the meaning of the
// extension's text ("," starts another name).
bool IsDnsName(const std::string& name) {
  const size_t start = name.starts_with("*.") ? 2 : 0;
  return name.size() > start && name.size() <= 253 &&
         std::all_of(name.begin() + static_cast<std::ptrdiff_t>(start), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '.';
         });
}

bool AddExtension(X509* certificate, const X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, const_cast<X509*>(issuer), certificate, nullptr, nullptr, 0);
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool SetSerial(X509* certificate) {
  BIGNUM* number = BN_new();
  // 127 random bits with the top one set: unique, and positive as DER has it.
  const bool ok = BN_rand(number, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
                  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  return ok;
}

// Everything but issuer, extensions and signature.
CertificatePtr Begin(EVP_PKEY* key, const IssueOptions& options, int64_t not_after) {
  CertificatePtr certificate(X509_new());
  X509* c = certificate.get();
  X509_NAME* name = X509_get_subject_name(c);
  const bool ok =
      X509_set_version(c, X509_VERSION_3) == 1 && SetSerial(c) &&
      X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(options.common_name.data()),
                                 static_cast<int>(options.common_name.size()), -1, 0) == 1 &&
      ASN1_TIME_set(X509_getm_notBefore(c), options.now - kClockSkew) != nullptr &&
      ASN1_TIME_set(X509_getm_notAfter(c), not_after) != nullptr && X509_set_pubkey(c, key) == 1;
  if (!ok) certificate.reset();
  return certificate;
}

Result<KeyPair> Print(X509* certificate, EVP_PKEY* key) {
  const BioPtr certificate_bio(BIO_new(BIO_s_mem()));
  const BioPtr key_bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_X509(certificate_bio.get(), certificate) != 1 ||
      PEM_write_bio_PKCS8PrivateKey(key_bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) !=
          1) {
    return Failed("cannot print the certificate");
  }
  return KeyPair{TextOf(certificate_bio.get()), TextOf(key_bio.get())};
}

struct LeafExtensions {
  std::string extended_key_usage;
  std::string alternative_names;  // empty: none
};

Result<KeyPair> MakeLeaf(const KeyPair& authority, const IssueOptions& options,
                         const LeafExtensions& extensions) {
  const CertificatePtr issuer(
      PEM_read_bio_X509(ReadFrom(authority.certificate_pem).get(), nullptr, nullptr, nullptr));
  const KeyPtr issuer_key(
      PEM_read_bio_PrivateKey(ReadFrom(authority.key_pem).get(), nullptr, nullptr, nullptr));
  if (issuer == nullptr || issuer_key == nullptr) return Failed("cannot read the authority");
  if (X509_check_private_key(issuer.get(), issuer_key.get()) != 1) {
    return Failed("the authority's key does not belong to its certificate");
  }
  const auto described = Describe(authority.certificate_pem);
  if (!described.ok()) return described.error();
  const int64_t not_after =
      std::min(options.now + options.lifetime_seconds, described->front().validity.not_after);
  const KeyPtr key(EVP_EC_gen("P-256"));
  const CertificatePtr certificate = Begin(key.get(), options, not_after);
  X509* c = certificate.get();
  const bool ok =
      c != nullptr && X509_set_issuer_name(c, X509_get_subject_name(issuer.get())) == 1 &&
      AddExtension(c, issuer.get(), NID_basic_constraints, "critical,CA:FALSE") &&
      AddExtension(c, issuer.get(), NID_key_usage, "critical,digitalSignature") &&
      AddExtension(c, issuer.get(), NID_ext_key_usage, extensions.extended_key_usage) &&
      AddExtension(c, issuer.get(), NID_authority_key_identifier, "keyid") &&
      (extensions.alternative_names.empty() ||
       AddExtension(c, issuer.get(), NID_subject_alt_name, extensions.alternative_names)) &&
      X509_sign(c, issuer_key.get(), EVP_sha256()) > 0;
  if (!ok) return Failed("cannot make the certificate");
  return Print(c, key.get());
}

}  // namespace

Result<KeyPair> MakeAuthority(const IssueOptions& options) {
  const KeyPtr key(EVP_EC_gen("P-256"));
  const CertificatePtr certificate =
      Begin(key.get(), options, options.now + options.lifetime_seconds);
  X509* c = certificate.get();
  const bool ok = c != nullptr && X509_set_issuer_name(c, X509_get_subject_name(c)) == 1 &&
                  AddExtension(c, c, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                  AddExtension(c, c, NID_key_usage, "critical,keyCertSign,cRLSign") &&
                  AddExtension(c, c, NID_subject_key_identifier, "hash") &&
                  X509_sign(c, key.get(), EVP_sha256()) > 0;
  if (!ok) return Failed("cannot make the authority");
  return Print(c, key.get());
}

Result<KeyPair> MakeServing(const KeyPair& authority, const std::vector<std::string>& names,
                            const IssueOptions& options) {
  if (names.empty()) return Error{"", "a serving certificate needs at least one name"};
  std::string alternative_names;
  for (const std::string& name : names) {
    const bool address = IsAddress(name);
    if (!address && !IsDnsName(name)) {
      return Error{name, "neither a DNS name nor an IP address"};
    }
    if (!alternative_names.empty()) alternative_names += ',';
    alternative_names += (address ? "IP:" : "DNS:") + name;
  }
  return MakeLeaf(authority, options, {"serverAuth", alternative_names});
}

Result<KeyPair> MakeClient(const KeyPair& authority, const IssueOptions& options) {
  return MakeLeaf(authority, options, {"clientAuth", ""});
}

}  // namespace ballast::certs
