// An object of a kind that Ballast judges, in a version that it does not know: a newer operator,
// for example. What its fields mean is not known, so nothing is judged and nothing rewritten.
#pragma once

#include "k8s/kinds/kind.h"
#include "webhook/admission/admit.h"

namespace ballast::webhook {

// The kind that is known in other versions; nullptr where this one is known, or no version is.
const k8s::Kind* KnownOtherwise(const AdmissionRequest& request);

// Admitted with a warning, or refused, as --on-unknown-kind-version says. What only touches
// metadata or status, and what is being deleted, passes without a word.
AdmissionAnswer AnswerUnknownVersion(const AdmissionRequest& request, const k8s::Kind& kind,
                                     const Snapshot& snapshot);

}  // namespace ballast::webhook
