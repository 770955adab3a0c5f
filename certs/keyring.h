// The certificates of one webhook in a cluster: two authorities that overlap, and the certificate
// that is served. Renewing is a function of a keyring and a time; nothing is read or written here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "certs/issue.h"
#include "certs/rotation.h"
#include "policy/result.h"

namespace ballast::certs {

struct Keyring {
  std::optional<KeyPair> authority;       // signs
  std::optional<KeyPair> next_authority;  // is trusted, and signs nothing yet
  // Unix seconds: since when every client was seen to trust the next one.
  std::optional<int64_t> next_trusted_since;
  // Sign nothing any more, and stay trusted: replicas may still show what they signed. PEM texts,
  // the youngest first.
  std::vector<std::string> retired;
  std::optional<KeyPair> serving;
};

// What clients are to trust: the authority that signs first, all others after it.
std::string BundleOf(const Keyring& keyring);

enum class Renew {
  kDue,         // what is due by time, missing or damaged
  kServing,     // besides, the serving certificate
  kAuthority,   // besides, the authority: the next one is published, to sign once it is trusted
  kEverything,  // at once, and nothing old is trusted any more: for keys that others know. Calls
                // fail until the replicas have the new certificate
};

struct RenewOptions {
  std::vector<std::string> names;  // of the serving certificate
  int64_t now = 0;                 // Unix seconds
  Renew renew = Renew::kDue;
  RotationTimes times;
  int64_t authority_lifetime_seconds = 365 * kDay;
  int64_t serving_lifetime_seconds = 14 * kDay;
};

struct Renewed {
  Keyring keyring;
  std::vector<RotationStep> steps;  // that were taken; none: nothing was due
};

// At most this many retired authorities are trusted, whatever is asked for how often.
constexpr size_t kMostRetired = 4;

// Parts that cannot be used (a key that does not belong to its certificate, a certificate that the
// authority did not sign) are as if they were not there; an authority without its key is retired.
policy::Result<Renewed> RenewKeyring(Keyring keyring, const RenewOptions& options);

}  // namespace ballast::certs
