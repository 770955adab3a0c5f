// `ballast capacity` for people and for scripts: the cluster's memory against its cores, what a
// workload strands of it, and which executors would not.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "policy/capacity.h"
#include "policy/recommend.h"
#include "policy/workload.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {

// Nodes, memory, cores and their ratio, in all and for each class of nodes.
std::string ClusterText(const policy::EligibleNodes& nodes, const Paint& paint);
nlohmann::json ClusterJson(const policy::EligibleNodes& nodes);

// What the workload asks for against it, what is wrong with that and what to do, on one screen.
std::string FitText(const policy::WorkloadFit& fit, const policy::Workload& workload,
                    const Paint& paint);
nlohmann::json FitJson(const policy::WorkloadFit& fit);

// A table of executor shapes for each class of nodes, then the best one's settings to paste. Shapes
// that tell nothing (policy::TellingOptions) are left out and counted, but for `all`.
std::string RecommendationText(const std::vector<policy::ClassRecommendation>& classes, bool all,
                               const Paint& paint);
nlohmann::json RecommendationJson(const std::vector<policy::ClassRecommendation>& classes);

}  // namespace ballast::webhook
