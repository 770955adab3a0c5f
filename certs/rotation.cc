#include "certs/rotation.h"

namespace ballast::certs {
namespace {

bool ValidAt(const std::optional<Validity>& validity, int64_t now) {
  return validity.has_value() && StateAt(*validity, now) == ValidityState::kValid;
}

}  // namespace

int64_t RenewalTime(const Validity& validity) {
  return validity.not_after - (validity.not_after - validity.not_before) / 3;
}

RotationStep NextStep(const RotationState& state, const RotationTimes& times, int64_t now) {
  const bool next_valid = ValidAt(state.next_authority, now);
  if (!ValidAt(state.authority, now)) {
    // Nothing that is trusted can sign: waiting any longer for clients to learn the next one gains
    // nothing.
    return next_valid ? RotationStep::kPromoteAuthority : RotationStep::kMakeAuthority;
  }
  const bool due = now >= state.authority->not_after - times.authority_overlap_seconds;
  if (due && !next_valid) return RotationStep::kPublishAuthority;
  if (next_valid && state.next_authority_published.has_value() &&
      now >= *state.next_authority_published + times.settle_seconds) {
    return RotationStep::kPromoteAuthority;
  }
  if (!ValidAt(state.serving, now) || now >= RenewalTime(*state.serving)) {
    return RotationStep::kMakeServing;
  }
  return RotationStep::kNothing;
}

}  // namespace ballast::certs
