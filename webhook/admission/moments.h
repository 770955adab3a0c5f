// When somebody last wrote what an object asks for, and when an operator last ran that. Unix
// seconds; 0: never, or not known.
#pragma once

#include <cstdint>

#include "k8s/json_view.h"

namespace ballast::webhook {

// The API server itself notes it: the later of `creationTimestamp` and what `managedFields` say of
// the spec, so that who reads the object next year gives the same answer. A status, labels and
// finalizers that others write are no new text.
int64_t WrittenAt(k8s::JsonView metadata);

// When the last submission of an application began (spark-operator), or its driver was asked for
// (Apache's), that was not the one in hand: both write it down once the driver's pod and ConfigMap
// are made, so while those of a first run are judged there is none. spark-operator takes it back
// when the spec is edited.
int64_t SubmittedAt(k8s::JsonView application);

}  // namespace ballast::webhook
