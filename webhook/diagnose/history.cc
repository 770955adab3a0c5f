#include "webhook/diagnose/history.h"

#include <map>
#include <string_view>

namespace ballast::webhook {

std::vector<SizedApplication> SizesOfApplications(std::span<const Diagnosis> all) {
  std::map<std::string_view, std::vector<policy::RunUses>> runs;
  std::vector<std::string_view> names;
  for (const Diagnosis& diagnosis : all) {
    if (diagnosis.name.empty()) continue;
    if (runs[diagnosis.name].empty()) names.push_back(diagnosis.name);
    runs[diagnosis.name].push_back(diagnosis.uses);
  }
  std::vector<SizedApplication> sized;
  for (const std::string_view name : names) {
    if (runs[name].size() < 2) continue;
    auto sizes = policy::SizesFromRuns(std::move(runs[name]));
    if (!sizes.empty()) sized.push_back({std::string(name), std::move(sizes)});
  }
  return sized;
}

}  // namespace ballast::webhook
