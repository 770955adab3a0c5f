// What every object says of itself: which one it is, and which Spark it wants.
#pragma once

#include <optional>
#include <string_view>

#include "k8s/json_view.h"
#include "k8s/kinds/field.h"
#include "k8s/kinds/kind.h"
#include "policy/workload.h"

namespace ballast::k8s {

// apiVersion, kind, name (where there is none the one that names are generated from), namespace and
// labels.
void ReadHead(JsonView object, policy::Workload& workload, Mistake& mistake);

// The versions that follow from the one that is written and the named options. What is no version
// ("{{SPARK_VERSION}}") counts as unset.
void ReadVersions(std::string_view written, const ReadOptions& options, policy::Workload& workload);

// The text, or nothing where it is not there or is no text (then a mistake was added).
std::optional<std::string_view> ReadText(JsonView value, std::string_view pointer,
                                         Mistake& mistake);

// Whether it is there and is an object; anything else that is there is a mistake.
bool IsObject(JsonView value, std::string_view pointer, Mistake& mistake);

}  // namespace ballast::k8s
