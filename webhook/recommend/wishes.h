// Which settings to recommend, out of what was found in a run and what its predecessors used.
#pragma once

#include <span>
#include <vector>

#include "policy/run_sizes.h"
#include "policy/symptoms/symptom.h"
#include "webhook/recommend/apply_settings.h"

namespace ballast::webhook {

// A wish for each setting. Of findings that want different values for one setting the worst is
// heard, which is the first. What several runs used is better known than what one run left unused,
// so their sizes take the place of that finding, but never of one that wants more.
std::vector<SettingWish> WishesOf(std::span<const policy::SymptomFinding> findings,
                                  std::span<const policy::SizedSetting> sizes);

}  // namespace ballast::webhook
