// Policies and exceptions as objects: refused with all their mistakes before they can do harm.
#pragma once

#include <cstdint>

#include "webhook/admission/admit.h"

namespace ballast::webhook {

// Answers a request for a SparkResourcePolicy or a SparkPolicyException.
//
// /mutate leaves policies alone; to an exception it adds who wrote what it asks for
// (ballast.dev/requester), at CREATE and whenever its spec changes. /validate refuses what the
// reader of policy files refuses, an exception that no policy allows, that has ended or lasts too
// long, and a requester that Ballast did not write. What changes nothing of the spec is not judged,
// so that finalizers, labels and deletion work whatever stands in it.
AdmissionAnswer AdmitPolicyObject(const AdmissionRequest& request, Endpoint endpoint,
                                  const Snapshot& snapshot, int64_t now_seconds);

}  // namespace ballast::webhook
