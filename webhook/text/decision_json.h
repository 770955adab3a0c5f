// A decision as JSON, for scripts: `check -o json`. Every key is always there; what is not known is
// null. Sizes are whole MiB and thousandths of a core.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "k8s/json_view.h"
#include "k8s/kinds/kind.h"
#include "policy/capacity.h"
#include "policy/evaluate.h"
#include "policy/spark_memory.h"
#include "policy/workload.h"

namespace ballast::webhook {

nlohmann::json PodJson(const policy::PodShape& shape);

// Sizes, counts, totals (driver and the most executors there will be, sidecars included) and how
// it lies on these nodes.
nlohmann::json WorkloadJson(const policy::Workload& workload, const policy::EligibleNodes& nodes);

// `kind` is null for an object that Ballast does not judge: admitted, with before and after null.
nlohmann::json DecisionJson(const policy::Decision& decision, const k8s::Kind* kind,
                            k8s::JsonView object, const k8s::Patch& patch,
                            const std::vector<std::string>& warnings);

}  // namespace ballast::webhook
