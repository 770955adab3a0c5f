// What a certificate says, and whether it may be used at a time. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/result.h"

namespace ballast::certs {

// Unix seconds, both ends included, as X.509 has it.
struct Validity {
  int64_t not_before = 0;
  int64_t not_after = 0;

  bool operator==(const Validity&) const = default;
};

enum class ValidityState { kNotYet, kValid, kExpired };
ValidityState StateAt(const Validity& validity, int64_t now);

struct CertificateInfo {
  std::string subject;                    // "CN=ballast serving"
  std::string issuer;                     //
  std::string serial;                     // hexadecimal
  std::vector<std::string> dns_names;     // of the subject alternative names; a CN does not count
  std::vector<std::string> ip_addresses;  // as text
  Validity validity;
  bool is_authority = false;
  std::string key_type;     // "ECDSA P-256", "RSA 2048", ...
  std::string fingerprint;  // SHA-256 of the DER form, lower-case hexadecimal

  bool operator==(const CertificateInfo&) const = default;
};

// All certificates of a PEM text in order; text between them is ignored. At least one, else an
// error.
policy::Result<std::vector<CertificateInfo>> Describe(std::string_view pem);

// "2027-11-21T06:45:00Z"
std::string FormatTime(int64_t unix_seconds);

}  // namespace ballast::certs
