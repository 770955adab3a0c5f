// What /mutate answers, and what /validate does.
#pragma once

#include "webhook/admission/judge.h"

namespace ballast::webhook {

// Rewrites, or refuses what cannot be rewritten.
AdmissionAnswer Mutate(const Case& c);

// Judges the object as it will be stored: refuses what must be rejected, what /mutate should have
// rewritten to a fixed limit, and annotations that Ballast cannot have written.
AdmissionAnswer Validate(const Case& c);

// The answer of /mutate that gives this decision of the object that came.
AdmissionAnswer AnswerDecided(const Case& c, Judged judged);

// Turns a decision of which a submission makes the rewrite into one that admits the object as it is
// written, and tells what will happen.
void TellPlan(policy::Decision& decision, AdmissionAnswer& answer);

// Puts the patch into the answer only if it is proven; what is admitted without one is admitted as
// it was written. `before` is what was read of the object that came, or null where something else
// was judged.
void SendProven(const Case& c, k8s::Patch patch, const policy::Workload* before,
                const policy::Workload& after, AdmissionAnswer& answer);

// The refusal of a request, with code 422.
void Refuse(AdmissionAnswer& answer, std::string message);

}  // namespace ballast::webhook
