// What /mutate answers, and what /validate does.
#pragma once

#include "webhook/admission/judge.h"

namespace ballast::webhook {

// Rewrites, or refuses what cannot be rewritten.
AdmissionAnswer Mutate(const Case& c);

// Judges the object as it will be stored: refuses what must be rejected, what /mutate should have
// rewritten to a fixed limit, and annotations that Ballast cannot have written.
AdmissionAnswer Validate(const Case& c);

// The refusal of a request, with code 422.
void Refuse(AdmissionAnswer& answer, std::string message);

}  // namespace ballast::webhook
