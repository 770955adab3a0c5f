// Makes certificates: an authority (ECDSA P-256) and serving certificates under it. The time is
// given, so that tests and rotation decide what now is. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "policy/result.h"

namespace ballast::certs {

// A certificate and its private key, both PEM. The key is a secret: it is never logged, and a file
// that holds it has mode 0600.
struct KeyPair {
  std::string certificate_pem;
  std::string key_pem;
};

constexpr int64_t kDay = int64_t{24} * 60 * 60;

struct IssueOptions {
  std::string common_name;
  int64_t now = 0;  // Unix seconds; valid from five minutes before, since clocks differ
  int64_t lifetime_seconds = 365 * kDay;
};

policy::Result<KeyPair> MakeAuthority(const IssueOptions& options);

// `names` are DNS names and IP addresses; at least one. The certificate never outlives its
// authority.
policy::Result<KeyPair> MakeServing(const KeyPair& authority, const std::vector<std::string>& names,
                                    const IssueOptions& options);

// For a client that shows who it is (mTLS).
policy::Result<KeyPair> MakeClient(const KeyPair& authority, const IssueOptions& options);

}  // namespace ballast::certs
