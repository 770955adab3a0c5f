// Whether requests should be sent here: a policy, the applications, a capacity and a certificate
// that is valid now, and not on the way out. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "certs/certificate.h"

namespace ballast::webhook {

struct ReadinessInput {
  bool draining = false;
  bool policy_loaded = false;
  bool applications_known = true;  // or none are followed
  int64_t seconds_since_start = 0;
  bool capacity_wanted = false;  // a source was named
  bool capacity_known = false;
  std::string capacity_unknown;  // why, where more can be said than that no nodes are known
  certs::Validity certificate;
  int64_t now = 0;  // Unix seconds
};

struct Readiness {
  bool ready = false;
  std::string text;  // one line a check, as kubectl shows for the API server
};
Readiness JudgeReadiness(const ReadinessInput& input);

}  // namespace ballast::webhook
