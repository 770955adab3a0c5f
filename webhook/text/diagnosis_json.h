// A diagnosis for programs: {"findings":[{"symptom","severity","evidence","cause","settings"}]}.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "webhook/diagnose/diagnosis.h"

namespace ballast::webhook {

nlohmann::json FindingJson(const policy::SymptomFinding& finding);
nlohmann::json DiagnosisJson(const Diagnosis& diagnosis);

}  // namespace ballast::webhook
