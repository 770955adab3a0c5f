// Findings as HTML: what was seen, what it rests on, what to change.
#pragma once

#include <span>
#include <string>

#include "policy/run_sizes.h"
#include "policy/symptoms/symptom.h"

namespace ballast::webhook {

std::string FindingsHtml(std::span<const policy::SymptomFinding> findings);
// The table of what runs used and what to ask for.
std::string SizesHtml(std::span<const policy::SizedSetting> sizes);

}  // namespace ballast::webhook
