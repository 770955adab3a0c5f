#include "certs/bundle.h"

#include <openssl/pem.h>

#include <algorithm>

#include "certs/certificate.h"
#include "certs/openssl_ptr.h"

namespace ballast::certs {
namespace {

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";

struct Authority {
  std::string pem;
  std::string fingerprint;
  Validity validity;
};

std::vector<Authority> Read(std::string_view pem) {
  std::vector<Authority> all;
  for (size_t at = pem.find(kBegin); at != std::string_view::npos; at = pem.find(kBegin, at)) {
    const size_t end = pem.find(kEnd, at);
    if (end == std::string_view::npos) break;
    std::string one(pem.substr(at, end + kEnd.size() - at));
    one += '\n';
    at = end + kEnd.size();
    const auto described = Describe(one);
    if (!described.ok() || !described->front().is_authority) continue;
    const std::string& fingerprint = described->front().fingerprint;
    const bool known = std::any_of(all.begin(), all.end(), [&](const Authority& other) {
      return other.fingerprint == fingerprint;
    });
    if (!known) all.push_back({std::move(one), fingerprint, described->front().validity});
  }
  return all;
}

CertificatePtr ReadOne(std::string_view pem) {
  CertificatePtr certificate(PEM_read_bio_X509(ReadFrom(pem).get(), nullptr, nullptr, nullptr));
  if (certificate == nullptr) TakeOpenSslError();
  return certificate;
}

}  // namespace

std::vector<std::string> SplitBundle(std::string_view pem) {
  std::vector<std::string> texts;
  for (Authority& authority : Read(pem)) texts.push_back(std::move(authority.pem));
  return texts;
}

bool HoldsAll(std::string_view bundle, std::string_view wanted) {
  const std::vector<Authority> held = Read(bundle);
  const std::vector<Authority> all = Read(wanted);
  return std::all_of(all.begin(), all.end(), [&](const Authority& one) {
    return std::any_of(held.begin(), held.end(), [&](const Authority& other) {
      return other.fingerprint == one.fingerprint;
    });
  });
}

bool SignedBy(std::string_view certificate_pem, std::string_view authority_pem) {
  const CertificatePtr certificate = ReadOne(certificate_pem);
  const CertificatePtr authority = ReadOne(authority_pem);
  if (certificate == nullptr || authority == nullptr) return false;
  // The names are compared as well: who verifies a chain looks for the issuer by its name.
  const bool signed_by = X509_NAME_cmp(X509_get_issuer_name(certificate.get()),
                                       X509_get_subject_name(authority.get())) == 0 &&
                         X509_verify(certificate.get(), X509_get0_pubkey(authority.get())) == 1;
  if (!signed_by) TakeOpenSslError();
  return signed_by;
}

bool TrustedAt(std::string_view certificate_pem, std::string_view bundle, int64_t now) {
  const auto described = Describe(certificate_pem);
  if (!described.ok() || StateAt(described->front().validity, now) != ValidityState::kValid) {
    return false;
  }
  const std::vector<Authority> held = Read(bundle);
  return std::any_of(held.begin(), held.end(), [&](const Authority& authority) {
    return StateAt(authority.validity, now) == ValidityState::kValid &&
           SignedBy(certificate_pem, authority.pem);
  });
}

}  // namespace ballast::certs
