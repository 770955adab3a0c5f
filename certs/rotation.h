// When certificates are renewed. Pure: the time is a value, nothing is read or written here.
//
// A new authority is trusted before anything is signed by it and the old one stays trusted until
// nothing signed by it is valid any more, so that at no moment a client that knows the published
// bundle refuses the certificate that is served.
#pragma once

#include <cstdint>
#include <optional>

#include "certs/certificate.h"

namespace ballast::certs {

struct RotationTimes {
  // How long old and new authority are both trusted.
  int64_t authority_overlap_seconds = int64_t{30} * 24 * 60 * 60;
  // From publishing a new authority to signing by it.
  int64_t settle_seconds = int64_t{60} * 60;
};

// What there is now. `next_authority` is one that is published but signs nothing yet.
struct RotationState {
  std::optional<Validity> authority;
  std::optional<Validity> next_authority;
  std::optional<int64_t> next_authority_published;  // Unix seconds
  std::optional<Validity> serving;
};

enum class RotationStep {
  kNothing,
  kMakeAuthority,     // none that is valid: make one and a serving certificate under it
  kPublishAuthority,  // make the next one, trust both, go on signing with the old
  kPromoteAuthority,  // the next one signs from now on; a new serving certificate under it
  kMakeServing,       // a new serving certificate under the same authority
};

// The one step to take now. A serving certificate is renewed when a third of its life is left.
RotationStep NextStep(const RotationState& state, const RotationTimes& times, int64_t now);

// When a serving certificate (or authority without overlap) of this validity is due for renewal.
int64_t RenewalTime(const Validity& validity);

}  // namespace ballast::certs
