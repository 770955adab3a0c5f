// The pods and the ConfigMap of an application: judged where nobody decided of the application
// before, and otherwise given what was decided of it.
#pragma once

#include "webhook/admission/judge.h"

namespace ballast::webhook {

// The answer of /mutate to what a submission makes, or a running driver. An application that came
// through an operator was judged there: what conforms to its record passes as it is, whatever
// policy and cluster say by now, so that a retry is no worse than the first run. What does not
// (Ballast was skipped, the object was changed since), or asks for more than was decided, is judged
// like any other. One that was admitted as it is carries no record, so there are no sizes to hold
// anything to: what is made of it passes where its spec is older than the policies.
AdmissionAnswer AnswerSubmission(const Case& c);

}  // namespace ballast::webhook
