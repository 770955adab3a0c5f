// What becomes of the executors' pods that a running driver asks for.
#pragma once

#include "webhook/admission/judge.h"

namespace ballast::webhook {

// Never refuses and never resizes: Spark 3.5 would ask for the pod again for ever, 4.3 would give
// the job up. A pod that the policy or the cluster would not have is told of in warnings, and in a
// label and an annotation, from which the leader makes an Event.
AdmissionAnswer NoteExecutor(const Case& c);

}  // namespace ballast::webhook
