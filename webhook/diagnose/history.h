// Runs of one application, by its name, and the sizes that they speak for together.
#pragma once

#include <span>
#include <vector>

#include "webhook/diagnose/diagnosis.h"
#include "webhook/diagnosis_page/diagnosis_page.h"

namespace ballast::webhook {

// In the order in which applications are first seen. Of one run alone its findings say enough, and
// runs without a name are nobody's history.
std::vector<SizedApplication> SizesOfApplications(std::span<const Diagnosis> all);

}  // namespace ballast::webhook
