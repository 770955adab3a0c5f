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

// A submission of an application that is not known is judged anew, by what policy and cluster would
// have today: worth waiting for, and still better than that nobody judges it because one kind
// cannot be listed (its conversion is broken, say). Less than the chart's startup probe waits (60).
constexpr int64_t kLongestForApplications = 45;

}  // namespace

Readiness JudgeReadiness(const ReadinessInput& input) {
  Readiness readiness;
  readiness.ready = true;
  Add(readiness, !input.draining, "serving", "shutting down");
  Add(readiness, input.policy_loaded, "policy", "none is loaded");
  Add(readiness, input.applications_known || input.seconds_since_start >= kLongestForApplications,
      "applications", "they are not listed yet");
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
