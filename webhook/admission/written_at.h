// When somebody last wrote what an object asks for.
#pragma once

#include <cstdint>

#include "k8s/json_view.h"

namespace ballast::webhook {

// Unix seconds; 0: not known. The API server itself notes it: the later of `creationTimestamp` and
// what `managedFields` say of the spec, so that who reads the object next year gives the same
// answer. A status, labels and finalizers that others write are no new text.
int64_t WrittenAt(k8s::JsonView metadata);

}  // namespace ballast::webhook
