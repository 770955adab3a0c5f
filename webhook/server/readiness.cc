#include "webhook/server/readiness.h"

#include <string_view>

namespace ballast::webhook {
namespace {

void Add(Readiness& readiness, bool ok, std::string_view check, std::string_view why) {
  readiness.ready = readiness.ready && ok;
  readiness.text += ok ? "[+]" : "[-]";
  readiness.text += check;
  readiness.text += ok ? " ok" : " failed: ";
  if (!ok) readiness.text += why;
  readiness.text += '\n';
}

}  // namespace

Readiness JudgeReadiness(const ReadinessInput& input) {
  Readiness readiness;
  readiness.ready = true;
  Add(readiness, !input.draining, "serving", "shutting down");
  Add(readiness, input.policy_loaded, "policy", "none is loaded");
  Add(readiness, input.capacity_known || !input.capacity_wanted, "capacity",
      input.capacity_unknown.empty() ? "no nodes are known" : input.capacity_unknown);
  const certs::ValidityState state = certs::StateAt(input.certificate, input.now);
  Add(readiness, state == certs::ValidityState::kValid, "certificate",
      state == certs::ValidityState::kExpired
          ? "expired at " + certs::FormatTime(input.certificate.not_after)
          : "not valid before " + certs::FormatTime(input.certificate.not_before));
  readiness.text += readiness.ready ? "ready\n" : "not ready\n";
  return readiness;
}

}  // namespace ballast::webhook
